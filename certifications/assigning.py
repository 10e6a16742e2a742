"""Who is to earn a certification: planned first, person by person, then written.

What a learner does with it (accept, decline, choose) stands here too: it is the same row.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications import cycles, defining
from certifications.models import (
    AssignmentMode,
    Certification,
    CertificationAssignment,
    CertificationVersion,
    Cycle,
)
from certifications.models.cycle import AssignmentEnd
from learners import audit, notify
from learners.models import User

BATCH = 500


class AssignmentRefused(Exception):
    """This cannot be assigned, accepted or ended; the message says why."""


@dataclass(frozen=True)
class Planned:
    """What assigning would do for one person: a new round, another date, or nothing, and why."""

    learner: User
    due_before: date | None = None
    due_on: date | None = None
    cycle: Cycle | None = None
    refusal: str = ""

    @property
    def is_new(self) -> bool:
        return self.cycle is None and not self.refusal

    @property
    def is_moved(self) -> bool:
        """Whether somebody who has it gets another date."""
        return self.cycle is not None and not self.refusal


def plan(
    *,
    certification: Certification,
    learners: Sequence[User],
    mode: str,
    due_on: date | None = None,
) -> list[Planned]:
    """Say of each person what assigning would do, in two queries, and write nothing.

    Raises `AssignmentRefused` where the certification cannot be assigned at all.
    """
    version = _version(certification)
    due_on = due_on or due_day(version, certification.organisation.today())
    theirs = {
        cycle.assignment.learner_id: cycle
        for cycle in Cycle.objects.newest()
        .going_on()
        .filter(assignment__certification=certification, assignment__learner__in=learners)
        .select_related("assignment")
    }
    return [_planned(learner, theirs.get(learner.pk), mode, due_on) for learner in learners]


def _planned(learner: User, cycle: Cycle | None, mode: str, due_on: date | None) -> Planned:
    if not learner.is_active:
        return Planned(learner, refusal=_("may not sign in any more"))
    if cycle is None:
        return Planned(learner, due_on=due_on)
    if not cycle.is_open:
        return Planned(learner, cycle=cycle, refusal=_("has completed it already"))
    if (cycle.due_on, cycle.assignment.mode) == (due_on, mode):
        return Planned(learner, cycle.due_on, due_on, cycle, _("has it already, with this date"))
    return Planned(learner, cycle.due_on, due_on, cycle)


def due_day(version: CertificationVersion, assigned_on: date) -> date | None:
    """Return by when it is to be completed that is assigned on this day."""
    if version.due_days is None:
        return None
    return assigned_on + timedelta(days=version.due_days)


def _version(certification: Certification) -> CertificationVersion:
    version = defining.version_for(certification)
    if version is None or certification.published_at is None:
        raise AssignmentRefused(_("This certification is not published yet."))
    if certification.retired_at:
        raise AssignmentRefused(_("This certification is retired; nobody begins it any more."))
    return version


@transaction.atomic
def assign(
    *,
    certification: Certification,
    learners: Sequence[User],
    mode: str,
    by: User,
    due_on: date | None = None,
) -> list[Cycle]:
    """Assign a certification to people, and tell them; return the rounds that are new or moved.

    What they did before counts where the version says so. Done twice, it is done once.
    """
    Certification.objects.select_for_update(of=("self",)).get(pk=certification.pk)
    rows = plan(certification=certification, learners=learners, mode=mode, due_on=due_on)
    made = _begin(certification, [row for row in rows if row.is_new], mode, by)
    moved = _move([row for row in rows if row.is_moved], mode, by)
    _tell_assigned(certification, [cycle for cycle in made if cycle.assignment.learner_id != by.pk])
    cycles.settle([cycle.pk for cycle in (*made, *moved)])
    return [*made, *moved]


def _begin(
    certification: Certification, rows: Sequence[Planned], mode: str, by: User
) -> list[Cycle]:
    """Write the assignments and their first rounds."""
    version, now = _version(certification), timezone.now()
    accepted_at = now if mode == AssignmentMode.CHOSEN else None
    assignments = CertificationAssignment.objects.bulk_create(
        [
            CertificationAssignment(
                certification=certification,
                learner=row.learner,
                mode=mode,
                by=by,
                assigned_at=now,
                accepted_at=accepted_at,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    today = certification.organisation.today()
    audit.record_all(action="certifications.assigned", on=assignments, by=by)
    return Cycle.objects.bulk_create(
        [
            Cycle(assignment=assignment, version=version, begins_on=today, due_on=row.due_on)
            for assignment, row in zip(assignments, rows, strict=True)
        ],
        batch_size=BATCH,
    )


def _move(rows: Sequence[Planned], mode: str, by: User) -> list[Cycle]:
    """Give people who have it another date, or another way of having it."""
    changes = []
    moved = []
    for row in rows:
        assert row.cycle is not None, "only what is there is moved"
        row.cycle.due_on = row.due_on
        assignment = row.cycle.assignment
        said = {"due_on": [str(row.due_before), str(row.due_on)], "mode": [assignment.mode, mode]}
        assignment.mode = mode
        changes.append((assignment, said))
        moved.append(row.cycle)
    Cycle.objects.bulk_update(moved, ["due_on"], batch_size=BATCH)
    CertificationAssignment.objects.bulk_update([c.assignment for c in moved], ["mode"])
    audit.record_each(action="certifications.assignment_changed", changes=changes, by=by)
    return moved


@transaction.atomic
def choose(*, certification: Certification, learner: User) -> Cycle:
    """Let a learner begin a certification that is open for it; chosen twice, it is chosen once."""
    offered = Certification.objects.choosable_by(learner).filter(pk=certification.pk)
    if offered.exists():
        try:
            with transaction.atomic():
                assign(
                    certification=certification,
                    learners=[learner],
                    mode=AssignmentMode.CHOSEN,
                    by=learner,
                )
        except IntegrityError:  # another window was first
            pass
    return Cycle.objects.newest().get(
        assignment__certification=certification,
        assignment__learner=learner,
        assignment__ended_at=None,
    )


@transaction.atomic
def accept(*, assignment: CertificationAssignment, by: User) -> CertificationAssignment:
    """Let its learner accept it; from now on results count, also those of before."""
    locked = _locked(assignment)
    if locked.ended_at:
        raise AssignmentRefused(_("This certification is no longer yours to accept."))
    if locked.accepted_at is None:
        locked.accepted_at = timezone.now()
        locked.save(update_fields=["accepted_at"])
        audit.record(action="certifications.assignment_accepted", on=locked, by=by)
        cycles.settle(list(locked.cycles.values_list("pk", flat=True)))
    return locked


@transaction.atomic
def decline(*, assignment: CertificationAssignment, by: User) -> CertificationAssignment:
    """Let a nominated learner decline it. Raises `AssignmentRefused` where that is over."""
    locked = _locked(assignment)
    if locked.ended_at:
        return locked
    if locked.mode != AssignmentMode.NOMINATED or locked.accepted_at:
        raise AssignmentRefused(_("You can no longer decline this certification."))
    return _end(locked, AssignmentEnd.DECLINED, by, "")


@transaction.atomic
def withdraw(*, assignments: Collection[CertificationAssignment], by: User, reason: str) -> int:
    """Take a certification from people who have not completed it; what was earned stays earned.

    Raises `AssignmentRefused` without a reason, or where one of them has completed it.
    """
    if not reason.strip():
        raise AssignmentRefused(_("Say why."))
    for assignment in assignments:
        locked = _locked(assignment)
        if completed_by(locked):
            raise AssignmentRefused(
                _("%(who)s has completed it already.") % {"who": locked.learner}
            )
        if locked.ended_at is None:
            _end(locked, AssignmentEnd.WITHDRAWN, by, reason.strip()[:500])
    return len(assignments)


@transaction.atomic
def exempt(*, assignments: Collection[CertificationAssignment], by: User, reason: str) -> int:
    """Exempt people of a certification: nothing is expected of them, and nothing is issued.

    Raises `AssignmentRefused` without a reason, or where one of them has completed it.
    """
    if not reason.strip():
        raise AssignmentRefused(_("Say why."))
    for assignment in assignments:
        locked = _locked(assignment)
        if locked.ended_at or completed_by(locked):
            raise AssignmentRefused(
                _("%(who)s has completed it already.") % {"who": locked.learner}
            )
        open_now = Cycle.objects.filter(assignment=locked, exempted_at=None)
        open_now.update(
            exempted_at=timezone.now(), exempted_because=reason.strip()[:500], submitted_at=None
        )
        audit.record(action="certifications.exempted", on=locked, by=by, reason=reason)
    return len(assignments)


def completed_by(assignment: CertificationAssignment) -> bool:
    """Whether any round of it was completed."""
    return assignment.cycles.exclude(completed_on=None).exists()


def _end(
    locked: CertificationAssignment, ended_as: AssignmentEnd, by: User, reason: str
) -> CertificationAssignment:
    locked.ended_at = timezone.now()
    locked.ended_as, locked.ended_by, locked.ended_because = ended_as, by, reason
    locked.save(update_fields=["ended_at", "ended_as", "ended_by", "ended_because"])
    audit.record(
        action=f"certifications.assignment_{ended_as.value}", on=locked, by=by, reason=reason
    )
    return locked


def _locked(assignment: CertificationAssignment) -> CertificationAssignment:
    """Lock an assignment with its rounds, so that nothing completes one meanwhile."""
    locked = CertificationAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    list(Cycle.objects.filter(assignment=locked).select_for_update(of=("self",)).order_by("pk"))
    return locked


def _tell_assigned(certification: Certification, made: Sequence[Cycle]) -> None:
    notify.tell(
        kind="certifications/certification_assigned",
        messages=[
            notify.Message(
                user_id=cycle.assignment.learner_id,
                key=f"certification_assigned:{cycle.assignment_id}",
                params={
                    "title_nl": certification.title_nl,
                    "title_en": certification.title_in("en"),
                    "mode": cycle.assignment.mode,
                    "due_on": cycle.due_on.isoformat() if cycle.due_on else "",
                },
                url=certification.get_absolute_url(),
            )
            for cycle in made
        ],
    )
