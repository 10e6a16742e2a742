"""Who is to earn a certification: planned first, person by person, then written.

Many people go batch by batch, see `jobs`; what a learner answers stands in `answering`, and how it
is taken back in `taking_back`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.assigning import news, resuming
from certifications.cycles import renewing, settling
from certifications.defining import publication
from certifications.defining.publication import due_day as due_day
from certifications.models import (
    AssigningMode,
    AssigningRule,
    Certification,
    CertificationAssignment,
    CertificationVersion,
    Cycle,
    Refusal,
)
from learners import audit
from learners.jobs import many_rows
from learners.models import User

BATCH = 500


class AssigningRefused(Exception):
    """This cannot be assigned, accepted or ended; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """Somebody to whom it is to be assigned, how, and by when; without a day the deadline of the
    certification counts."""

    learner: User
    mode: str
    due_on: date | None = None


@dataclass(frozen=True)
class Planned:
    """What assigning would do for one person: a new cycle, another date, or nothing, and why."""

    learner: User
    mode: str
    due_before: date | None = None
    due_on: date | None = None
    cycle: Cycle | None = None
    refusal: Refusal | None = None

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
    """Say of each person what assigning would do, and write nothing but cycles that are due anyway.

    Raises `AssigningRefused` where the certification cannot be assigned at all.
    """
    wanted = [Wanted(learner, mode, due_on) for learner in learners]
    return plan_each(certification=certification, wanted=wanted)


def plan_each(
    *,
    certification: Certification,
    wanted: Sequence[Wanted],
    leaves: bool = False,
    once: bool = False,
) -> list[Planned]:
    """Say the same where each person may have a day and a mode of their own.

    From whom it was withdrawn begins anew. Who has it already is left alone where it `leaves`, also
    when it was withdrawn; `once`, so is who declined it, or from whom it was taken by hand.
    """
    version = version_to_assign(certification)
    usual = due_day(version, certification.organisation.today())
    learners = [one.learner for one in wanted]
    having = CertificationAssignment.objects.going_on().filter(certification=certification)
    renewing.begin_among(having.filter(learner__in=learners))
    theirs = _cycles_of(certification, learners)
    ended = _ended_for(certification, learners) if once else {}
    return [
        _planned(one, theirs.get(one.learner.pk), ended.get(one.learner.pk), usual, leaves)
        for one in wanted
    ]


def _ended_for(certification: Certification, learners: Sequence[User]) -> dict[int, Refusal]:
    """Return for whom it ended before, other than by a rule, and how: one query."""
    rows = CertificationAssignment.objects.filter(
        certification=certification, learner__in=learners, is_ended_by_rule=False
    ).exclude(ended_at=None)
    return {learner: Refusal(how) for learner, how in rows.values_list("learner", "ended_as")}


def _cycles_of(certification: Certification, learners: Sequence[User]) -> dict[int, Cycle]:
    """Return the cycle in which each of these people is now, if any: one query."""
    people = {learner.pk: learner for learner in learners}
    rows = Cycle.objects.newest().going_on().select_related("assignment")
    found = {}
    for cycle in rows.filter(
        assignment__certification=certification, assignment__learner__in=list(people)
    ):
        cycle.assignment.certification = certification
        cycle.assignment.learner = people[cycle.assignment.learner_id]
        found[cycle.assignment.learner_id] = cycle
    return found


def _planned(
    one: Wanted, cycle: Cycle | None, ended: Refusal | None, usual: date | None, leaves: bool
) -> Planned:
    due_on = one.due_on or usual
    if cycle and cycle.revoked_at and not leaves:
        cycle = None  # it begins anew, and all of it is asked
    if cycle and cycle.is_renewal and one.due_on is None:
        due_on = cycle.due_on  # the end of what is renewed stays its deadline
    if not one.learner.is_active:
        return Planned(one.learner, one.mode, due_on=due_on, refusal=Refusal.INACTIVE)
    if cycle is None:
        return Planned(one.learner, one.mode, due_on=due_on, refusal=ended)
    refusal = _why_not_moved(cycle, leaves)
    if refusal is None and (cycle.due_on, cycle.assignment.mode) == (due_on, one.mode):
        refusal = Refusal.SAME
    return Planned(one.learner, one.mode, cycle.due_on, due_on, cycle, refusal)


def _why_not_moved(cycle: Cycle, leaves: bool) -> Refusal | None:
    if cycle.revoked_at:
        return Refusal.REVOKED
    if cycle.exempted_at:
        return Refusal.EXEMPT
    if cycle.completed_on:
        return Refusal.COMPLETED
    return Refusal.KEPT if leaves else None


def version_to_assign(certification: Certification) -> CertificationVersion:
    """Return the version in which somebody begins now. Raises `AssigningRefused` for none."""
    version = publication.version_for(certification)
    if version is None or certification.published_at is None:
        raise AssigningRefused(_("This certification is not published yet."))
    if certification.retired_at:
        raise AssigningRefused(_("This certification is retired; nobody begins it any more."))
    return version


def assign(
    *,
    certification: Certification,
    learners: Sequence[User],
    mode: str,
    by: User,
    due_on: date | None = None,
) -> list[Cycle]:
    """Assign a certification to people, and tell them; return the cycles that are new or moved.

    What they did before counts where the version says so. Done twice, it is done once.
    """
    wanted = [Wanted(learner, mode, due_on) for learner in learners]
    rows = assign_each(certification=certification, wanted=wanted, by=by)
    return [row.cycle for row in rows if row.cycle is not None and not row.refusal]


@transaction.atomic
def assign_each(
    *,
    certification: Certification,
    wanted: Sequence[Wanted],
    by: User,
    rule: AssigningRule | None = None,
    leaves: bool = False,
    once: bool = False,
    untold: Collection[int] = (),
) -> list[Planned]:
    """Do the same for each person as they are wanted, in a number of queries that does not grow
    with them, and return what was done for each; `rule` is what asks for it, and `untold` are the
    keys of whom it is not told."""
    locked = Certification.objects.select_related("organisation").select_for_update(of=("self",))
    certification = locked.get(pk=certification.pk)
    rows = plan_each(certification=certification, wanted=wanted, leaves=leaves, once=once)
    made = _begin(certification, [row for row in rows if row.is_new], by, rule)
    moved = [row for row in rows if row.is_moved]
    changed = _move(moved, by)
    told = [cycle for learner, cycle in made.items() if learner not in {by.pk, *untold}]
    news.tell_assigned(told)
    settling.settle([cycle.pk for cycle in (*made.values(), *changed)])
    return [_done(row, made) for row in rows]


def _done(row: Planned, made: dict[int, Cycle]) -> Planned:
    if not row.is_new:
        return row
    return Planned(row.learner, row.mode, None, row.due_on, made[row.learner.pk])


def _begin(
    certification: Certification, rows: Sequence[Planned], by: User, rule: AssigningRule | None
) -> dict[int, Cycle]:
    """Write the assignments and their first cycles; return those by their learner. Who had it
    before goes on where they were, after a withdrawal with a new cycle."""
    if not rows:
        return {}
    resumed = resuming.resume(
        certification=certification,
        modes={row.learner.pk: row.mode for row in rows},
        due={row.learner.pk: row.due_on for row in rows},
        by=by,
        rule=rule,
    )
    rows = [row for row in rows if row.learner.pk not in resumed]
    version, now = version_to_assign(certification), timezone.now()
    assignments = CertificationAssignment.objects.bulk_create(
        [
            CertificationAssignment(
                certification=certification,
                learner=row.learner,
                mode=row.mode,
                by=by,
                rule=rule,
                assigned_at=now,
                accepted_at=now if row.mode == AssigningMode.CHOSEN else None,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    today = certification.organisation.today()
    why = str(rule) if rule else ""
    audit.record_all(action="certifications.assigned", on=assignments, by=by, reason=why)
    begun = Cycle.objects.bulk_create(
        [
            Cycle(assignment=assignment, version=version, begins_on=today, due_on=row.due_on)
            for assignment, row in zip(assignments, rows, strict=True)
        ],
        batch_size=BATCH,
    )
    return resumed | {cycle.assignment.learner_id: cycle for cycle in begun}


def _move(rows: Sequence[Planned], by: User) -> list[Cycle]:
    """Give people who have it another date, or another way of having it; return the cycles of the
    latter, which may count from now on what was not accepted before."""
    changes = []
    moved = []
    changed = []
    for row in rows:
        assert row.cycle is not None, "only what is there is moved"
        row.cycle.due_on = row.due_on
        assignment = row.cycle.assignment
        days = [str(row.due_before), str(row.due_on)]
        changes.append((assignment, {"due_on": days, "mode": [assignment.mode, row.mode]}))
        moved.append(row.cycle)
        if assignment.mode != row.mode:
            assignment.mode = row.mode
            changed.append(row.cycle)
    many_rows.store(moved, ["due_on"])
    many_rows.store([cycle.assignment for cycle in changed], ["mode"])
    audit.record_each(action="certifications.assignment_changed", changes=changes, by=by)
    return changed
