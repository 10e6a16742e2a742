"""Publishing certifications and their versions, and retiring them. Only administrators do."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certifications import cycles
from certifications.models import Certification, CertificationVersion, Cycle, Requirement
from certifications.models.cycle import CycleQuerySet
from learners import audit
from learners.models import User


class Touches(models.TextChoices):
    """Whom a new version is for, beside who begins after it."""

    NEXT = "next", gettext_lazy("nobody who is in it now: from the next round on")
    NOT_BEGUN = "not_begun", gettext_lazy("who has not begun yet, too")
    ALL_OPEN = "all_open", gettext_lazy("everybody who has not completed it, too")


class DefinitionRefused(Exception):
    """This cannot be published, retired or changed; the message says why."""


@dataclass(frozen=True)
class Touched:
    """How many open rounds a new version would move over."""

    not_begun: int
    all_open: int


def begin(*, certification: Certification, by: User) -> CertificationVersion:
    """Return the version that is being made: the draft, else a copy of the newest."""
    return draft_of(certification) or _copy(certification, by)


def draft_of(certification: Certification) -> CertificationVersion | None:
    """Return the version that is not published yet, if there is one."""
    return certification.versions.filter(published_at=None).first()


def version_for(certification: Certification) -> CertificationVersion | None:
    """Return the version in which somebody begins now."""
    return certification.versions.published().first()


@transaction.atomic
def _copy(certification: Certification, by: User) -> CertificationVersion:
    Certification.objects.select_for_update(of=("self",)).get(pk=certification.pk)
    last = certification.versions.first()
    copied = ("validity", "period_months", "window_days", "grace_days", "anchor")
    more = ("fixed_month", "fixed_day", "due_days", "minimum")
    values = {name: getattr(last, name) for name in (*copied, *more)} if last else {}
    number = last.number + 1 if last else 1
    made = CertificationVersion.objects.create(certification=certification, number=number, **values)
    for one in last.requirements.all() if last else ():
        one.pk, one.version = None, made
        one._state.adding = True
        one.save()
    audit.record(action="certifications.version_begun", on=made, by=by)
    return made


def touched_by(version: CertificationVersion) -> Touched:
    """Say with numbers whom publishing this version could move over."""
    moving = _open_rounds(version)
    return Touched(moving.filter(started_on=None).count(), moving.count())


def _open_rounds(version: CertificationVersion) -> CycleQuerySet:
    mine = Cycle.objects.pending().filter(assignment__certification=version.certification_id)
    return mine.exclude(version=version)


@transaction.atomic
def publish(
    *, version: CertificationVersion, by: User, touches: str = Touches.NEXT
) -> CertificationVersion:
    """Publish a version, and with the first one the certification; from then on it is frozen.

    Raises `DefinitionRefused` where it asks nothing, or more than there is.
    """
    locked = CertificationVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.published_at:
        return locked
    if why := whats_missing(locked):
        raise DefinitionRefused(why)
    locked.published_at = timezone.now()
    locked.save(update_fields=["published_at"])
    first = Certification.objects.filter(pk=locked.certification_id, published_at=None)
    first.update(published_at=locked.published_at)
    audit.record(
        action="certifications.version_published", on=locked, by=by, changes={"touches": touches}
    )
    _move_over(locked, touches)
    return locked


def _move_over(version: CertificationVersion, touches: str) -> None:
    if touches == Touches.NEXT:
        return
    moving = _open_rounds(version)
    if touches == Touches.NOT_BEGUN:
        moving = moving.filter(started_on=None)
    ids = list(moving.values_list("pk", flat=True))
    Cycle.objects.filter(pk__in=ids).update(version=version)
    cycles.settle(ids)


def whats_missing(version: CertificationVersion) -> str:
    """Say why a version cannot be published; '' where it can."""
    if version.certification.is_external:
        return ""
    asked = Requirement.objects.filter(version=version)
    number = asked.count()
    if not number:
        return _("It asks for nothing yet: add a course or a programme.")
    if version.minimum and version.minimum > number:
        return _("It asks for %(minimum)d of %(number)d; that cannot be.") % {
            "minimum": version.minimum,
            "number": number,
        }
    return ""


@transaction.atomic
def retire(*, certifications: Collection[Certification], by: User, reason: str = "") -> int:
    """Let nobody begin these any more; who is in one goes on, what was earned stays earned."""
    going = Certification.objects.filter(pk__in=[c.pk for c in certifications], retired_at=None)
    rows = list(going.exclude(published_at=None).select_for_update(of=("self",)).order_by("pk"))
    going.filter(pk__in=[row.pk for row in rows]).update(retired_at=timezone.now())
    audit.record_all(action="certifications.certification_retired", on=rows, by=by, reason=reason)
    return len(rows)


@transaction.atomic
def bring_back(*, certifications: Collection[Certification], by: User, reason: str = "") -> int:
    """Let people begin these again."""
    gone = Certification.objects.filter(pk__in=[c.pk for c in certifications])
    rows = list(gone.exclude(retired_at=None).select_for_update(of=("self",)).order_by("pk"))
    gone.filter(pk__in=[row.pk for row in rows]).update(retired_at=None)
    audit.record_all(
        action="certifications.certification_brought_back", on=rows, by=by, reason=reason
    )
    return len(rows)
