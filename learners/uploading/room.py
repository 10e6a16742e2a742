"""How much of what somebody sends may lie here before a form uses it: none of it is forgotten for a
day, and nobody fills the storage by sending, and sending again."""

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from learners.files.keeping import MAX_MATERIAL
from learners.models import StoredFile, Upload, UploadState, User

MOST_UNFINISHED = 20  # files of one person at the same time
MOST_WAITING = 10 * MAX_MATERIAL  # bytes, with those that are still to come


def refuse_more(*, owner: User, size: int) -> None:
    """Raise `ValidationError` where so many bytes more of somebody are too many."""
    waiting = _bytes_waiting(owner)
    if waiting + size <= MOST_WAITING:
        return
    said = {"waiting": filesizeformat(waiting), "most": filesizeformat(MOST_WAITING)}
    words = _(
        "No form uses %(waiting)s of what you sent, and at most %(most)s is kept. Send the forms "
        "that have files, or take files away; what nothing uses goes by itself after some days."
    )
    raise ValidationError(words, params=said, code="too_much")


def refuse_another(*, owner: User) -> None:
    """Raise `ValidationError` where somebody has too many files that they never finished."""
    if Upload.objects.filter(owner=owner).unfinished().count() >= MOST_UNFINISHED:
        raise ValidationError(
            _("Too many files are not there in full (%(n)d); take one away first."),
            params={"n": MOST_UNFINISHED},
            code="too_many",
        )


def _bytes_waiting(owner: User) -> int:
    coming = Upload.objects.filter(owner=owner).exclude(state=UploadState.REFUSED)
    unused = StoredFile.objects.filter(owner=owner, claimed_at=None, let_go_at=None)
    sizes = (rows.aggregate(sum=Sum("size"))["sum"] for rows in (coming, unused))
    return sum(size or 0 for size in sizes)
