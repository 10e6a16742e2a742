"""Uploads in pieces: begun, added to from where they stopped, and given up.

Bytes stream outside any transaction. How many are safe is counted by conditional updates, so that
whatever is killed, cut or doubled, the sender goes on from what the storage has.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from learners.files import file_kinds, keeping
from learners.models import Upload, User
from learners.models.stored_file import PLACE
from learners.uploading import room
from learners.uploading.leases import Lease, LeaseLost
from learners.uploading.parts import BytesLost, parts
from learners.uploading.tickets import Ticket


def begin(*, owner: User, name: str, size: int, ticket: Ticket, place: str = "") -> Upload:
    """Make room for a file of `size` bytes, before any of them is sent.

    Raises `ValidationError`, with words for who chose it, where the field will not take it, and
    where somebody has too much here that no form uses; and `StorageAway`.
    """
    name = keeping.safe_name(name)
    keeping.refuse_size(size, ticket.max_size)
    if not any(file_kinds.ends_like(name, kind) for kind in ticket.kinds):
        raise keeping.wrong_kind(ticket.kinds)
    mimes = [kind.mime for kind in ticket.kinds]
    said = {"name": name, "size": size, "kinds": mimes, "max_size": ticket.max_size}
    upload = Upload(owner=owner, place=place[:PLACE], **said)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # what is begun at once counts together
        room.refuse_another(owner=owner)
        room.refuse_more(owner=owner, size=size)
        parts().begin(upload)
        upload.save()
    return upload


def append(*, upload: Upload, at: int, pieces: Iterable[bytes]) -> int:
    """Add bytes after the first `at`, and return how many are there then.

    Raises `Busy` where another is at it, `WrongOffset` where these bytes do not come next, and
    `StorageAway`; whatever was safe by then is there.
    """
    lease = Lease.take(upload, at=at)
    try:
        for offset in parts().write(upload, lease.living(pieces)):
            lease.advance(offset)
    except BytesLost as lost:
        _go_back(upload, lease, lost.args[0])
        raise
    finally:
        lease.release()
    return upload.offset


def give_up(*, upload: Upload, among: QuerySet[Upload] | None = None) -> bool:
    """Forget an upload and its bytes, and return whether it was there, `among` these: what became
    a file meanwhile stays. Raises `StorageAway`, and keeps it for the purge then."""
    try:
        lease = Lease.seize(upload, among=Upload.objects.all() if among is None else among)
    except LeaseLost:
        return False
    try:
        parts().drop(upload)
        upload.delete()
    finally:
        lease.release()
    return True


def _go_back(upload: Upload, lease: Lease, there: int) -> None:
    """Begin again from what the storage has, which is less than it said."""
    if not there:
        parts().begin(upload)
    lease.go_back(there)
