"""Deciding about cells that two people gave different values: theirs stays, or mine is saved."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from attendance.marking import registers
from attendance.marking.differences import EFFORT, MARK, REMARK, STATUS, Difference
from attendance.marking.values import MarkValue
from attendance.models import RegisterSaving
from attendance.register import bases, savings
from attendance.register.drafts import Typed, TypedRow
from learners.models import User


@transaction.atomic
def settle(*, saving: RegisterSaving, mine: Collection[int], by: User) -> RegisterSaving | None:
    """Save my value for these differences, as a form that saw the other one; the rest stays.

    Returns the saving that this made; None where all stays as it is.
    """
    differences = [Difference(**stored) for stored in saving.summary.get("differences", [])]
    chosen = [d for number, d in enumerate(differences) if number in mine]
    made = None
    for meeting in {d.meeting_id for d in chosen}:
        of_meeting = [d for d in chosen if d.meeting_id == meeting]
        typed = _typed(saving, of_meeting, meeting)
        made = savings.save_register(run=saving.run, typed=typed, by=by) or made
    saving.summary = {**saving.summary, "differences": []}
    saving.save(update_fields=["summary"])
    return made


def _typed(saving: RegisterSaving, differences: list[Difference], meeting: int | None) -> Typed:
    """Type my values over what stands there now."""
    ids = {d.enrolment_id for d in differences}
    enrolments = registers.participants_of(saving.run).filter(pk__in=ids)
    marks = registers.marks_of(ids, run=saving.run)
    rows: dict[int, TypedRow] = {}
    for enrolment in enrolments:
        participant = registers.Participant(
            enrolment=enrolment,
            marks=marks.get(enrolment.pk, {}),
            choices=frozenset(),
            is_asked=False,
        )
        cells = {d.cell: d.mine for d in differences if d.enrolment_id == enrolment.pk}
        rows[enrolment.pk] = TypedRow(
            base=bases.write_base(participant),
            **_cells_of_mark(cells.get(MARK)),
            status=cells.get(STATUS, ""),
            effort=cells.get(EFFORT),
            remark=cells.get(REMARK),
        )
    meetings = (meeting,) if meeting else ()
    return Typed(
        rows=rows,
        shown=frozenset(rows),
        on_page=frozenset(rows),
        meetings=meetings,
        seen_meetings=meetings,
    )


def _cells_of_mark(code: str | None) -> dict[str, Any]:
    """Type all that my mark says, so that nothing of the other one is left in it."""
    if code is None:
        return {}
    value = MarkValue.read(code)
    return {
        "mark": value.presence,
        "late": str(value.minutes_late),
        "early": str(value.minutes_early),
        "excused": value.is_excused,
        "excuse": value.excuse,
    }
