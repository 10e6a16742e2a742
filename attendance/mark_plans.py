"""Which marks a form of a register writes: touched cells, what 'all present' fills, who was left
open, and the cells that somebody else changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attendance.bases import Base, read_base
from attendance.differences import MARK, Difference
from attendance.rows import TypedRow
from attendance.steps import MarkStep
from attendance.values import ABSENT, DETAILS, NOTHING, PRESENT, MarkValue
from learners.models import FREES_PLACE, Enrolment

if TYPE_CHECKING:
    from attendance.plans import Plan


def plan_marks(plan: Plan) -> None:
    """Plan the marks of everybody whom the form is about, for each meeting that was chosen."""
    if not plan.typed.touches_presence:
        return
    for pk, enrolment in plan.people.items():
        row = plan.typed.rows.get(pk, TypedRow())
        base = read_base(row.base)
        for column in plan.meetings:
            now, version = plan.recorded.get(pk, {}).get(column.pk, (NOTHING, 0))
            if row.touches_mark and row.over(now).presence:
                _plan_touched(plan, (pk, column.pk), row, base, (now, version))
            elif not now.presence and _is_expected(enrolment, row):
                _plan_left_open(plan, pk, column.pk)


def _is_expected(enrolment: Enrolment, row: TypedRow) -> bool:
    """Whether they were to be there: not who withdrew, nor who is withdrawn by this form."""
    return enrolment.status not in FREES_PLACE and row.status not in FREES_PLACE


def _plan_left_open(plan: Plan, pk: int, meeting: int) -> None:
    is_filled = plan.typed.all_present
    to = MarkValue(PRESENT if is_filled else ABSENT)
    step = MarkStep(enrolment_id=pk, meeting_id=meeting, before=NOTHING, to=to)
    (plan.marks if is_filled else plan.left_open).append(step)


def _plan_touched(
    plan: Plan, cell: tuple[int, int], row: TypedRow, base: Base, current: tuple[MarkValue, int]
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
