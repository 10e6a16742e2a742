"""Taking in files: what they are is read from their content, and a name is only a name.

A file is unclaimed until a row points to it; who never finished a form leaves one behind, and it is
purged.
"""

import contextlib
import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import file_kinds
from learners.file_kinds import Kind
from learners.models import StoredFile, User
from learners.models.stored_file import storage_key

LONGEST_NAME = 120
MEGABYTE = 1024 * 1024
MAX_MATERIAL = 200 * MEGABYTE
_NOT_IN_A_NAME = frozenset('<>:"/\\|?*')


def store(
    *, upload: UploadedFile, owner: User | None, kinds: Sequence[Kind], max_size: int
) -> StoredFile:
    """Store a file of one of these kinds and at most `max_size` bytes, unclaimed.

    It is read in pieces, so that memory does not grow with it. Its row comes first, so that what a
    killed process leaves is purged as any file that nobody claims. Raises `ValidationError`, with
    words for who uploaded it, where it is empty, too large, of another kind, or named as what it is
    not; what the storage raises when it refuses leaves nothing behind.
    """
    kind = check(upload=upload, kinds=kinds, max_size=max_size)
    name = safe_name(upload.name or "")
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    stored = StoredFile(
        name=name, size=upload.size or 0, kind=kind.mime, sha256=digest.hexdigest(), owner=owner
    )
    stored.content = storage_key(stored, name)
    stored.save()
    try:
        stored.content.storage.save(stored.content.name, upload)
    except Exception:
        _forget(stored)
        raise
    return stored


def _forget(stored: StoredFile) -> None:
    """Remove a file that could not be stored, and the part of it that was."""
    with contextlib.suppress(Exception):  # the storage is out of order; what counts is why
        stored.content.storage.delete(stored.content.name or "")
    stored.delete()


def check(*, upload: UploadedFile, kinds: Sequence[Kind], max_size: int) -> Kind:
    """Return what a file is; raises `ValidationError` for what `store` does not take."""
    name = safe_name(upload.name or "")
    _refuse_size(upload.size or 0, max_size)
    kind = file_kinds.kind_of(upload.file, name)  # type: ignore[arg-type]
    upload.seek(0)
    if kind is None or kind not in kinds:
        raise ValidationError(
            _("This is not a file that you can use here. Possible are: %(kinds)s.")
            % {"kinds": file_kinds.named(kinds)},
            code="kind",
        )
    if not file_kinds.ends_like(name, kind):
        raise ValidationError(
            _("The name “%(name)s” does not fit what is in the file, which is %(kind)s.")
            % {"name": name, "kind": file_kinds.named([kind])},
            code="name",
        )
    return kind


@transaction.atomic
def claim(*, stored: StoredFile) -> StoredFile:
    """Keep a file: a row points to it now. Done twice, it is done once."""
    StoredFile.objects.filter(pk=stored.pk, claimed_at=None).update(claimed_at=timezone.now())
    stored.refresh_from_db(fields=["claimed_at"])
    return stored


def purge_unclaimed(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete files that nobody claimed in this time, and return how many there were.

    The content goes only after its row is gone for good, and stays where another file has the same.
    """
    old = StoredFile.objects.filter(claimed_at=None, uploaded_at__lt=timezone.now() - older_than)
    purged = 0
    for pk in list(old.values_list("pk", flat=True)):
        purged += _purge(pk)
    return purged


def safe_name(name: str) -> str:
    """Return a name without folders, control characters and those that turn the direction of
    writing round, so that 'exe.fdp' can never be made to look like a PDF."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        letter
        for letter in base
        if letter not in _NOT_IN_A_NAME and unicodedata.category(letter)[0] != "C"
    )
    stem, dot, ending = " ".join(kept.split()).strip(". ").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem.strip(". ")[: LONGEST_NAME - len(dot + ending)] or _("file")
    return f"{stem}{dot}{ending}"[-LONGEST_NAME:]


def _refuse_size(size: int, max_size: int) -> None:
    if not size:
        raise ValidationError(_("This file is empty; choose another."), code="empty")
    if size > max_size:
        raise ValidationError(
            _("This file is %(size)s; at most %(max)s is possible.")
            % {"size": filesizeformat(size), "max": filesizeformat(max_size)},
            code="too_large",
        )


def _purge(pk: int) -> int:
    with transaction.atomic():
        stored = StoredFile.objects.select_for_update().filter(pk=pk, claimed_at=None).first()
        if stored is None:
            return 0
        content, name = stored.content, stored.content.name
        deleted, _rows = StoredFile.objects.filter(pk=pk).delete()
        if name and not StoredFile.objects.filter(content=name).exists():
            transaction.on_commit(lambda: content.storage.delete(name))
    return deleted
