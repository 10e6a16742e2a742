"""What contradicts itself in a form of a register: 'completed', and absent at the last meeting."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from attendance.models import Presence
from attendance.registers import MeetingState
from attendance.steps import MarkStep
from learners.models import Enrolment, StudyStatus

if TYPE_CHECKING:
    from attendance.plans import Plan


class ThoughAbsent(StrEnum):
    """What 'completed' is for who was absent at the last meeting: meant, or left out."""

    COMPLETED = "completed"
    LEFT = "left"

    @classmethod
    def of(cls, text: str | None) -> ThoughAbsent:
        return cls.LEFT if text == cls.LEFT else cls.COMPLETED


def completed_though_absent(plan: Plan, *, steps: Sequence[MarkStep]) -> list[Enrolment]:
    """Return who becomes completed and is absent at the last meeting of the run once these steps
    are written; who is merely not recorded is not among them."""
    last = _last_meeting(plan)
    if last is None:
        return []
    written = {step.enrolment_id: step.to for step in steps if step.meeting_id == last}
    return [
        step.enrolment
        for step in plan.statuses
        if step.to is StudyStatus.COMPLETED
        and written.get(step.enrolment.pk, _recorded(plan, step.enrolment, last)) == Presence.ABSENT
    ]


def _last_meeting(plan: Plan) -> int | None:
    held = [column for column in plan.columns if column.state is not MeetingState.CANCELLED]
    return max(held, key=lambda column: column.meeting.begins_at).pk if held else None


def _recorded(plan: Plan, enrolment: Enrolment, meeting: int) -> str:
    presence, _version = plan.recorded.get(enrolment.pk, {}).get(meeting, ("", 0))
    return presence
