"""What assigning to many would do, person by person, kept as lines to look at before it is done.

Each batch is planned in a number of queries that does not grow, and stored; nothing is assigned.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from certifications.assigning import giving
from certifications.assigning.from_file import Asked
from certifications.assigning.giving import Planned, Wanted
from certifications.models import (
    AssigningJob,
    AssigningLine,
    AssigningRule,
    Outcome,
    Problem,
    Refusal,
)
from learners.models import User

Earlier = dict[int, AssigningLine]


def ask_for(people: Sequence[User], job: AssigningJob) -> list[Asked]:
    """Ask the same for everybody of a group."""
    due_on = due_day(job)
    return [Asked(0, learner, job.mode, due_on) for learner in people]


def due_day(job: AssigningJob | AssigningRule) -> date | None:
    """Return the day that was typed, or that follows from the days; None follows the deadline of
    the certification."""
    if job.due_days is None:
        return getattr(job, "due_on", None)
    return job.certification.organisation.today() + timedelta(days=job.due_days)


def plan(job: AssigningJob, asked: Sequence[Asked]) -> list[AssigningLine]:
    """Plan one batch after all those before it, and store its lines."""
    wanted = [Wanted(one.learner, one.mode, one.due_on) for one in asked if one.learner]
    planned = iter(
        giving.plan_each(
            certification=job.certification, wanted=wanted, leaves=job.leaves, once=job.keeps
        )
    )
    earlier = _earlier(job, asked) if job.file_id else {}
    lines = []
    for one in asked:
        line = _line(job, one, next(planned), earlier) if one.learner else _error(job, one)
        lines.append(line)
    return AssigningLine.objects.bulk_create(lines, batch_size=1_000)


def _earlier(job: AssigningJob, asked: Sequence[Asked]) -> Earlier:
    """Return what lines before this batch said of the same people."""
    people = [one.learner for one in asked if one.learner]
    rows = job.lines.filter(learner__in=people).order_by("-pk")
    return {line.learner_id: line for line in rows if line.learner_id is not None}


def _line(job: AssigningJob, one: Asked, row: Planned, earlier: Earlier) -> AssigningLine:
    line = AssigningLine(
        job=job,
        line=one.line,
        learner=row.learner,
        mode=row.mode,
        due_before=row.due_before,
        due_on=row.due_on,
        outcome=outcome_of(row),
        why=row.refusal or "",
    )
    before = earlier.setdefault(row.learner.pk, line)
    if before is line:
        return line
    if (before.mode, before.due_on) == (line.mode, line.due_on):
        line.outcome, line.why = Outcome.NOTHING, Refusal.TWICE
        return line
    return _error(job, Asked(one.line, problem=Problem.DIFFERS, value=str(before.line)))


def outcome_of(row: Planned) -> Outcome:
    """Return in which list of the preview somebody stands."""
    if row.refusal:
        return Outcome.NOTHING
    return Outcome.BEGINS if row.is_new else Outcome.MOVES


def _error(job: AssigningJob, one: Asked) -> AssigningLine:
    return AssigningLine(
        job=job,
        line=one.line,
        outcome=Outcome.ERROR,
        why=one.problem or "",
        column=one.column or "",
        value=one.value,
    )
