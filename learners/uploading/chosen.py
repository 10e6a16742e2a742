"""What somebody uploaded and has not used yet, by its token: theirs alone."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from learners.files import keeping
from learners.models import FileIsInfected, StoredFile, Upload, UploadState, User
from learners.uploading import finishing, receiving
from learners.uploading.leases import Busy
from learners.uploading.parts import StorageAway
from learners.uploading.tickets import Ticket


def stored_for(owner: User) -> QuerySet[StoredFile]:
    """Keep what somebody may hand to a form."""
    return StoredFile.objects.filter(owner=owner, claimed_at=None, let_go_at=None)


def of_place(owner: User, place: str) -> QuerySet[Upload]:
    """Keep what somebody began for a field of a page, and did not see to its end."""
    return Upload.objects.filter(owner=owner, place=place)


def read(*, token: str, owner: User, ticket: Ticket) -> StoredFile | None:
    """Return the file that a form names; None where it was used or taken away meanwhile.

    Raises `ValidationError`, with words beside the field, for one that is not there in full, that
    is still being looked at, was refused, or is not what this field takes.
    """
    upload = Upload.objects.filter(owner=owner, token=token).first()
    if upload is not None:
        _finish(upload)
    stored = stored_for(owner).filter(token=token).first()
    if stored is not None:
        _refuse(stored, ticket)
    return stored


def _finish(upload: Upload) -> None:
    """Look at a file now, where the worker did not do so yet."""
    said = {"name": upload.name}
    if upload.state == UploadState.RECEIVING:
        words = _("“%(name)s” is not there in full; choose it once more to go on, or take it away.")
        raise ValidationError(words, params=said, code="unfinished")
    try:
        if upload.state == UploadState.RECEIVED:
            finishing.finish(upload=upload, scans=False)  # a page may hold others up
    except (Busy, StorageAway):
        words = _("“%(name)s” is there, and is still being looked at. Send this again in a moment.")
        raise ValidationError(words, params=said, code="busy") from None
    if upload.state == UploadState.REFUSED:
        raise ValidationError(f"{upload.name}: {upload.problem}", code="refused")


def _refuse(stored: StoredFile, ticket: Ticket) -> None:
    """Refuse what another field took, and what was found to be harmful."""
    if stored.is_infected:
        raise ValidationError(f"{stored.name}: {FileIsInfected()}", code="infected")
    keeping.refuse_size(stored.size, ticket.max_size)
    if stored.kind not in {kind.mime for kind in ticket.kinds}:
        raise keeping.wrong_kind(ticket.kinds)


def compare(*, token: str, owner: User, sha256: str) -> None:
    """Take what the sender computed of a file: where what arrived is another, it is refused, and
    if it is stored already, it is gone."""
    waiting = Upload.objects.filter(owner=owner, token=token)
    if waiting.exclude(state=UploadState.REFUSED).update(sha256=sha256):
        return
    stored = stored_for(owner).filter(token=token).first()
    if stored is not None and stored.sha256 != sha256:
        keeping.let_go(files=[stored])
        raise finishing.arrived_otherwise()


def take_away(*, token: str, owner: User) -> bool:
    """Forget an upload or a file that nothing uses; return whether there was one."""
    upload = Upload.objects.filter(owner=owner, token=token).first()
    if upload is not None and receiving.give_up(upload=upload):
        return True
    stored = stored_for(owner).filter(token=token).first()
    if stored is None:
        return False
    keeping.let_go(files=[stored])
    return True
