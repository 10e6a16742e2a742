"""The single things that saving a register does: a mark, a study status, a note; and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance.marking.registers import MeetingColumn
from attendance.marking.values import MarkValue
from learners.models import Enrolment, StudyStatus


@dataclass(frozen=True, kw_only=True)
class MarkStep:
    """A mark that changes; without a presence it is not recorded."""

    enrolment_id: int
    meeting_id: int
    before: MarkValue
    to: MarkValue
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class StatusStep:
    enrolment: Enrolment
    to: StudyStatus


@dataclass(frozen=True, kw_only=True)
class StatusPeople:
    """Everybody who gets the same status."""

    status: StudyStatus
    people: Sequence[Enrolment]


@dataclass(frozen=True, kw_only=True)
class NoteStep:
    """An effort or a remark that changes."""

    enrolment: Enrolment
    field: str
    before: str
    to: str


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """A meeting that was chosen and has nothing to record."""

    column: MeetingColumn

    @property
    def state(self) -> str:
        return self.column.state
