"""Assigning anew what somebody had before: they go on where they were.

The assignment that had ended goes on with its cycles: what was earned is renewed when its time
comes, and what was under way keeps its results. After a withdrawal, whether or not the assignment
had ended, a cycle begins in which all of it is asked.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from certifications.defining import publication
from certifications.models import (
    AssigningMode,
    AssigningRule,
    Certification,
    CertificationAssignment,
    Cycle,
    Path,
)
from learners import audit
from learners.jobs import many_rows
from learners.models import User

BATCH = 500
REOPENED = (
    *("mode", "by", "rule", "assigned_at", "accepted_at", "is_ended_by_rule"),
    *("ended_at", "ended_on", "ended_as", "ended_by", "ended_because"),
)


def resume(
    *,
    certification: Certification,
    modes: Mapping[int, str],
    due: Mapping[int, date | None],
    by: User,
    rule: AssigningRule | None = None,
) -> dict[int, Cycle]:
    """Let the assignments of these learners go on, which ended or of which the last cycle was
    withdrawn; return the cycle in which each of them is, by learner. The caller settles those."""
    before = CertificationAssignment.objects.filter(
        certification=certification, learner__in=list(modes)
    )
    locked = before.select_related("learner").select_for_update(of=("self",)).order_by("pk")
    theirs = {row.learner_id: row for row in locked}
    now = timezone.now()
    for row in theirs.values():
        _reopen(row, modes[row.learner_id])
        row.by, row.rule, row.assigned_at = by, rule, now
    rows = list(theirs.values())
    many_rows.store(rows, REOPENED)
    audit.record_all(action="certifications.assignment_resumed", on=rows, by=by)
    return _cycles(certification, theirs, due)


def _reopen(row: CertificationAssignment, mode: str) -> None:
    row.mode = mode
    row.ended_at = row.ended_on = row.ended_by = None
    row.ended_as = row.ended_because = ""
    row.is_ended_by_rule = False
    row.accepted_at = timezone.now() if mode == AssigningMode.CHOSEN else None


def _cycles(
    certification: Certification,
    theirs: Mapping[int, CertificationAssignment],
    due: Mapping[int, date | None],
) -> dict[int, Cycle]:
    """Return the newest cycle of each, begun anew after a withdrawal, with its date."""
    found = {}
    begun, moved = [], []
    newest = Cycle.objects.newest().filter(assignment__in=list(theirs.values()))
    for cycle in newest.select_related("assignment__learner"):
        learner = cycle.assignment.learner_id
        cycle.assignment = theirs[learner]
        cycle.assignment.certification = certification
        if cycle.revoked_at:
            cycle = _anew(certification, cycle)
            begun.append(cycle)
        elif cycle.completed_on is None and not cycle.is_renewal:
            moved.append(cycle)
        if (not cycle.completed_on and not cycle.is_renewal) or cycle in begun:
            cycle.due_on = due[learner]
        found[learner] = cycle
    Cycle.objects.bulk_create(begun, batch_size=BATCH)
    many_rows.store(moved, ["due_on"])
    return found


def _anew(certification: Certification, withdrawn: Cycle) -> Cycle:
    """Begin a cycle after one that was withdrawn, in which all of it is asked."""
    assert withdrawn.revoked_on is not None, "asked by the caller"
    last_day = min(withdrawn.revoked_on - timedelta(days=1), withdrawn.valid_until or date.max)
    version = publication.version_for(certification)
    assert version is not None, "asked by assigning"
    return Cycle(
        assignment=withdrawn.assignment,
        version=version,
        number=withdrawn.number + 1,
        path=Path.FULL,
        begins_on=certification.organisation.today(),
        previous_until=last_day,
        renewal_until=last_day,
    )
