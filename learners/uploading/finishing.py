"""What becomes of an upload of which every byte is there: the whole is read once, back from the
storage, for its checksum and its kind; then it is a stored file, or refused with words."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from learners.files import keeping, scanning
from learners.files.file_kinds import Kind
from learners.files.scanner import Verdict
from learners.models import StoredFile, Upload, UploadState
from learners.uploading.leases import LOOKED_AT, Busy, Lease, WrongOffset, read_anew
from learners.uploading.parts import StorageAway, parts
from learners.uploading.tickets import kinds_named

logger = logging.getLogger(__name__)

PIECE = 1024 * 1024
NEGLECTED_AFTER = timedelta(seconds=20)  # the message was lost, or its worker


def finish(*, upload: Upload, scans: bool = True) -> StoredFile | None:
    """Read an upload that is whole, and return the file; None where it is refused, and the reason
    is in its row. Without `scans` it waits for a scanner as a file, for who cannot wait for one.
    Raises `Busy` where another is at it, or was, and `StorageAway`."""
    try:
        lease = Lease.take(upload, at=upload.size, state=UploadState.RECEIVED)
    except WrongOffset:
        raise Busy from None
    try:
        parts().complete(upload)
        return _stored(upload, lease, scans)
    except ValidationError as refused:
        refuse(lease=lease, words=refused.messages[0])
        return None
    finally:
        lease.release()


def finish_one(upload_id: int) -> None:
    """Finish an upload, where it is not done yet; what the storage refuses is taken up later."""
    upload = Upload.objects.select_related("owner").filter(pk=upload_id).first()
    if upload is None or upload.state != UploadState.RECEIVED:
        return
    try:
        finish(upload=upload)
    except (Busy, StorageAway):
        logger.info("upload %s waits", upload_id, exc_info=True)


def finish_neglected() -> None:
    """Finish what nobody took up."""
    before = timezone.now() - NEGLECTED_AFTER
    rows = Upload.objects.received().filter(active_at__lt=before).free()
    for upload_id in rows.values_list("pk", flat=True):
        finish_one(upload_id)


def refuse(*, lease: Lease, words: str) -> None:
    """Keep why a file cannot be used, for its owner to read, and none of its bytes. Raises
    `LeaseLost`, and keeps them: who took it over says what becomes of it."""
    lease.refuse(words)
    parts().drop(lease.upload)


def arrived_otherwise() -> ValidationError:
    """Return what to raise for a file that is not the one on the sender's device."""
    words = _("What arrived is not what is on your device; choose the file once more.")
    return ValidationError(words, code="checksum")


def _stored(upload: Upload, lease: Lease, scans: bool) -> StoredFile:
    """Let a stored file take the place of an upload, in one step."""
    with translation.override(upload.owner.language):
        kind, sha256, verdict = _looked_at(upload, lease, scans)
        with transaction.atomic():
            lease.renew()
            _refuse_another(upload, sha256)
            stored = StoredFile.objects.create(
                token=upload.token,
                name=upload.name,
                size=upload.size,
                kind=kind.mime,
                sha256=sha256,
                content=upload.key,
                owner=upload.owner,
                begun_at=upload.begun_at,
                place=upload.place,
            )
            upload.delete()
            if verdict:
                scanning.take(stored, verdict)
    return stored


def _looked_at(upload: Upload, lease: Lease, scans: bool) -> tuple[Kind, str, Verdict | None]:
    """Read the whole, and return what it is, its checksum, and what a scanner says of it."""
    kinds = kinds_named(upload.kinds)
    try:
        with default_storage.open(upload.key) as content:
            kind = keeping.check_content(
                content, name=upload.name, kinds=kinds, max_size=upload.max_size
            )
            sha256 = _digest(lease.living(content.chunks(PIECE)))
            lease.renew(LOOKED_AT)
            return kind, sha256, scanning.look_at(content) if scans else None
    except OSError as refused:
        raise StorageAway(str(refused)) from refused


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _refuse_another(upload: Upload, sha256: str) -> None:
    """Refuse what is not, byte for byte, what the sender says to have sent, up to this moment."""
    if read_anew(upload).sha256 not in ("", sha256):
        raise arrived_otherwise()
