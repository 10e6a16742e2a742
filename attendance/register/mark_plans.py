"""Which marks a form of a register writes: touched cells, what 'all present' fills, who was left
open, and the cells that somebody else changed meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attendance.marking.differences import MARK, Difference
from attendance.marking.registers import MarksOf, MeetingColumn
from attendance.marking.steps import MarkStep
from attendance.marking.values import ABSENT, DETAILS, NOTHING, PRESENT, MarkValue
from attendance.register.bases import Base, read_base
from attendance.register.drafts import Typed
from attendance.register.rows import TypedRow
from learners.models import FREES_PLACE, Enrolment


@dataclass(frozen=True, kw_only=True)
class MarkPlan:
    """The marks of a form: those that change, those of who was left open, and those in dispute."""

    marks: list[MarkStep] = field(default_factory=list)
    left_open: list[MarkStep] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def plan_marks(
    typed: Typed,
    *,
    people: Mapping[int, Enrolment],
    meetings: Sequence[MeetingColumn],
    recorded: MarksOf,
) -> MarkPlan:
    """Plan the marks of everybody whom the form is about, for each meeting that was chosen."""
    plan = MarkPlan()
    if not typed.touches_presence:
        return plan
    for pk, enrolment in people.items():
        row = typed.rows.get(pk, TypedRow())
        base = read_base(row.base)
        for column in meetings:
            now, version = recorded.get(pk, {}).get(column.pk, (NOTHING, 0))
            if row.touches_mark and row.over(now).presence:
                _plan_touched(plan, (pk, column.pk), row, base, (now, version))
            elif not now.presence and _is_expected(enrolment, row):
                _plan_left_open(plan, (pk, column.pk), is_filled=typed.all_present)
    return plan


def _is_expected(enrolment: Enrolment, row: TypedRow) -> bool:
    """Whether they were to be there: not who withdrew, nor who is withdrawn by this form."""
    return enrolment.status not in FREES_PLACE and row.status not in FREES_PLACE


def _plan_left_open(plan: MarkPlan, cell: tuple[int, int], *, is_filled: bool) -> None:
    pk, meeting = cell
    to = MarkValue(PRESENT if is_filled else ABSENT)
    step = MarkStep(enrolment_id=pk, meeting_id=meeting, before=NOTHING, to=to)
    (plan.marks if is_filled else plan.left_open).append(step)


def _plan_touched(
    plan: MarkPlan,
    cell: tuple[int, int],
    row: TypedRow,
    base: Base,
    current: tuple[MarkValue, int],
) -> None:
    """The same value is no event; another one than was shown is a difference to ask about."""
    (pk, meeting), (now, version) = cell, current
    shown, shown_version = base.marks.get(meeting, (NOTHING, 0))
    if row.over(now) == now:
        return
    if version != shown_version and _differs(row, shown, now):
        mine = row.over(shown)
        plan.differences.append(
            Difference(
                enrolment_id=pk, cell=MARK, mine=mine.code, theirs=now.code, meeting_id=meeting
            )
        )
        return
    step = MarkStep(
        enrolment_id=pk, meeting_id=meeting, before=now, to=row.over(now), version=version
    )
    plan.marks.append(step)


def _differs(row: TypedRow, shown: MarkValue, now: MarkValue) -> bool:
    """Whether a cell that this row touches was given another value since it was shown; cells that
    only one of two people touched go together."""
    mine = row.over(shown)
    if now.presence != mine.presence:
        return True
    return any(
        getattr(now, name) not in (getattr(shown, name), getattr(mine, name))
        for name in DETAILS
        if getattr(mine, name) != getattr(shown, name)
    )
