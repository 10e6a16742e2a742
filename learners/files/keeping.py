"""Keeping files: what they are is read from their content, and a name is only a name.

A file is unclaimed until a row points to it; who never finished a form leaves one behind, and it is
purged. So is one that was replaced: what uses files says so in `Offer.files`.
"""

import contextlib
import hashlib
import logging
import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.files import file_kinds, file_uses, pictures
from learners.files.file_kinds import Kind
from learners.models import StoredFile, User
from learners.models.stored_file import storage_key

logger = logging.getLogger(__name__)

LONGEST_NAME = 120
MEGABYTE = 1024 * 1024
MAX_MATERIAL = 200 * MEGABYTE
_NOT_IN_A_NAME = frozenset('<>:"/\\|?*')


class StorageRefused(OSError):
    """The storage took nothing: it is full or out of reach, and nothing of the file is left."""


def store(
    *, upload: UploadedFile, owner: User | None, kinds: Sequence[Kind], max_size: int
) -> StoredFile:
    """Store a file of one of these kinds and at most `max_size` bytes, unclaimed.

    It is read in pieces, so that memory does not grow with it. Its row comes first, so that what a
    killed process leaves is purged as any file that nobody claims. Raises `ValidationError`, with
    words for who uploaded it, where it is empty, too large, of another kind, named as what it is
    not, or a picture that cannot be drawn, and `StorageRefused`, with nothing left behind, where it
    cannot be stored.
    """
    name = safe_name(upload.name or "")
    kind = check_content(upload, name=name, kinds=kinds, max_size=max_size)
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
    except Exception as refused:
        _forget(stored)
        raise StorageRefused(str(refused)) from refused
    return stored


def _forget(stored: StoredFile) -> None:
    """Remove a file that could not be stored, and the part of it that was."""
    with contextlib.suppress(Exception):  # the storage is out of order; what counts is why
        stored.content.storage.delete(stored.content.name or "")
    stored.delete()


def check_content(content: File, *, name: str, kinds: Sequence[Kind], max_size: int) -> Kind:
    """Return what a file is, and leave it at its beginning; raises `ValidationError` for what
    `store` does not take."""
    refuse_size(content.size, max_size)
    kind = file_kinds.kind_of(content.file, name)  # type: ignore[arg-type]
    if kind is None or kind not in kinds:
        raise wrong_kind(kinds)
    if not file_kinds.ends_like(name, kind):
        raise ValidationError(
            _("The name “%(name)s” does not fit what is in the file, which is %(kind)s.")
            % {"name": name, "kind": file_kinds.named([kind])},
            code="name",
        )
    pictures.check(content.file, kind)  # type: ignore[arg-type]
    content.seek(0)
    return kind


def wrong_kind(kinds: Sequence[Kind]) -> ValidationError:
    """Return what to raise for a file of another kind than these."""
    return ValidationError(
        _("This is not a file that you can use here. Possible are: %(kinds)s.")
        % {"kinds": file_kinds.named(kinds)},
        code="kind",
    )


def refuse_size(size: int, max_size: int) -> None:
    """Raise `ValidationError` for a file that is empty, or larger than `max_size` bytes."""
    if not size:
        raise ValidationError(_("This file is empty; choose another."), code="empty")
    if size > max_size:
        raise ValidationError(
            _("This file is %(size)s; at most %(max)s is possible.")
            % {"size": filesizeformat(size), "max": filesizeformat(max_size)},
            code="too_large",
        )


@transaction.atomic
def claim(*, stored: StoredFile, owner: User | None = None) -> StoredFile:
    """Keep a file: a row points to it now. Done twice, it is done once. `owner` is whose it is
    from now on, where somebody else uploaded it for them."""
    free = StoredFile.objects.filter(pk=stored.pk, claimed_at=None, let_go_at=None)
    free.update(claimed_at=timezone.now(), owner=owner or stored.owner)
    stored.refresh_from_db(fields=["claimed_at", "owner"])
    return stored


@transaction.atomic
def let_go(*, files: Collection[StoredFile]) -> None:
    """Give up files that nothing uses any more; what something uses stays. Their content goes once
    that is certain; where the storage refuses or the process is killed before, the next purge does
    it."""
    ids = [stored.pk for stored in files]
    rows = StoredFile.objects.filter(~file_uses.in_use(), pk__in=ids, let_go_at=None)
    rows.update(claimed_at=None, let_go_at=timezone.now())
    transaction.on_commit(lambda: _purge_all(ids), robust=True)


def purge_unclaimed(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete files that were let go, and those of before this time that nothing uses, as nobody
    claimed them or something took their place; return how many.

    From the moment that a file is let go nothing can claim it; its content goes before its row, so
    that a purge that is broken off is taken up by the next.
    """
    before = timezone.now() - older_than
    old = Q(claimed_at=None, uploaded_at__lt=before) | Q(claimed_at__lt=before)
    unused = StoredFile.objects.filter(old, ~file_uses.in_use(), let_go_at=None)
    unused.update(claimed_at=None, let_go_at=timezone.now())
    gone = StoredFile.objects.filter(let_go_at__isnull=False)
    return _purge_all(list(gone.values_list("pk", flat=True)))


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


def _purge_all(ids: Sequence[int]) -> int:
    """Purge each by itself: a storage that refuses one is asked for the others too."""
    purged = 0
    for pk in ids:
        try:
            purged += _purge(pk)
        except Exception:
            logger.warning("file %s could not be purged", pk, exc_info=True)
    return purged


def _purge(pk: int) -> int:
    """Delete the content and then the row of a file that was let go; content that another file has
    stays, and so does a file that something uses after all."""
    unused = StoredFile.objects.filter(~file_uses.in_use(), let_go_at__isnull=False)
    stored = unused.filter(pk=pk).first()
    if stored is None:
        return 0
    name = stored.content.name
    if name and not StoredFile.objects.filter(content=name).exclude(pk=pk).exists():
        stored.content.storage.delete(name)
    deleted, _rows = StoredFile.objects.filter(pk=pk).delete()
    return deleted
