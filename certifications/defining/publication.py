"""Publishing certifications and their versions, and retiring them. Only administrators do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.cycles import fulfilling, renewing, settling
from certifications.models import (
    Certification,
    CertificationVersion,
    Cycle,
    Path,
    Requirement,
    Touches,
)
from certifications.models.cycle import CycleQuerySet
from learners import audit
from learners.jobs import many_rows
from learners.models import User

RETIRED = ("retired_at", "retired_on")


class DefinitionRefused(Exception):
    """This cannot be published, retired or changed; the message says why."""


@dataclass(frozen=True)
class Touched:
    """How many people a new version would move over now, and how many follow with their next
    cycle."""

    not_begun: int
    all_open: int
    later: int


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
    moving = _open_cycles(version)
    mine = Cycle.objects.newest().going_on().exclude(next_round_on=None)
    later = mine.filter(assignment__certification=version.certification_id)
    return Touched(
        moving.filter(started_on=None).count(),
        moving.count(),
        later.filter(revoked_at=None).count(),
    )


def _open_cycles(version: CertificationVersion) -> CycleQuerySet:
    mine = (
        Cycle.objects.newest().pending().filter(assignment__certification=version.certification_id)
    )
    return mine.exclude(version=version)


@transaction.atomic
def publish(
    *,
    version: CertificationVersion,
    by: User,
    touches: str = Touches.NEXT,
    only: Collection[int] | None = None,
) -> CertificationVersion:
    """Publish a version, and with the first one the certification; from then on it is frozen. A dry
    run, which takes it back, does so for `only` these cycles.

    Raises `DefinitionRefused` where it asks nothing, or more than there is.
    """
    locked = CertificationVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.published_at:
        return locked
    if why := whats_missing(locked):
        raise DefinitionRefused(why)
    _bring_up_to_date(locked.certification, only)  # by the rules of until now
    locked.published_at, locked.touches = timezone.now(), touches
    locked.save(update_fields=["published_at", "touches"])
    first = Certification.objects.filter(pk=locked.certification_id, published_at=None)
    first.update(published_at=locked.published_at)
    audit.record(
        action="certifications.version_published", on=locked, by=by, changes={"touches": touches}
    )
    _move_over(locked, touches, only)
    return locked


def _bring_up_to_date(certification: Certification, only: Collection[int] | None) -> None:
    """Settle what is open and begin what is due, so that it makes no difference whether a job ran
    before."""
    if only is None:
        renewing.begin_of([certification])
    waiting = Cycle.objects.newest().pending().filter(assignment__certification=certification)
    settling.settle(list(_these(waiting, only).values_list("pk", flat=True)))


def _these(rows: CycleQuerySet, only: Collection[int] | None) -> CycleQuerySet:
    return rows if only is None else rows.filter(pk__in=only)


def _move_over(version: CertificationVersion, touches: str, only: Collection[int] | None) -> None:
    """Move the cycles that a version is for; their deadline follows where it followed the old
    one."""
    if touches == Touches.NEXT:
        return
    rows = list(_these(_touched(version, touches), only).select_related("version"))
    for row in rows:
        row.due_on = due_by(row, version)
        row.version = version
    many_rows.store(rows, ["version", "due_on"])
    settling.settle([row.pk for row in rows])


def _touched(version: CertificationVersion, touches: str) -> CycleQuerySet:
    """Keep the open cycles that a version would move over."""
    moving = _open_cycles(version)
    return moving.filter(started_on=None) if touches == Touches.NOT_BEGUN else moving


def due_by(row: Cycle, version: CertificationVersion) -> date | None:
    """Return by when a cycle is due by another version: another day only where it was the rule that
    gave the one it has, and nobody chose one."""
    if row.is_renewal or row.due_on != due_day(row.version, row.begins_on):
        return row.due_on
    return due_day(version, row.begins_on)


def due_day(version: CertificationVersion, assigned_on: date) -> date | None:
    """Return by when it is to be completed that is assigned on this day."""
    if version.due_days is None:
        return None
    return assigned_on + timedelta(days=version.due_days)


def whats_missing(version: CertificationVersion) -> str:
    """Say why a version cannot be published; '' where it can."""
    if version.certification.is_external:
        return ""
    asked = list(Requirement.objects.filter(version=version))
    first_time = fulfilling.asked_on(Path.FULL, asked)
    if not first_time:
        return _("It asks for nothing yet: add a course or a programme.")
    if version.minimum and version.minimum > len(first_time):
        return _("It asks for %(minimum)d of %(number)d; that cannot be.") % {
            "minimum": version.minimum,
            "number": len(first_time),
        }
    if version.is_recurring and not fulfilling.asked_on(Path.RENEWAL, asked):
        return _("It asks for nothing when renewing: say of a course that it is asked then.")
    return ""


@transaction.atomic
def retire(*, certifications: Collection[Certification], by: User, reason: str = "") -> int:
    """Let nobody begin these any more; who is in one goes on, what was earned stays earned."""
    going = Certification.objects.filter(pk__in=[c.pk for c in certifications], retired_at=None)
    published = going.exclude(published_at=None).select_related("organisation")
    rows = list(published.select_for_update(of=("self",)).order_by("pk"))
    renewing.begin_of(rows)  # what is due already goes on
    now = timezone.now()
    for row in rows:
        row.retired_at, row.retired_on = now, row.organisation.day_of(now)
    many_rows.store(rows, RETIRED)
    audit.record_all(action="certifications.certification_retired", on=rows, by=by, reason=reason)
    return len(rows)


@transaction.atomic
def bring_back(*, certifications: Collection[Certification], by: User, reason: str = "") -> int:
    """Let people begin these again."""
    gone = Certification.objects.filter(pk__in=[c.pk for c in certifications])
    rows = list(gone.exclude(retired_at=None).select_for_update(of=("self",)).order_by("pk"))
    gone.filter(pk__in=[row.pk for row in rows]).update(**dict.fromkeys(RETIRED))
    audit.record_all(
        action="certifications.certification_brought_back", on=rows, by=by, reason=reason
    )
    return len(rows)
