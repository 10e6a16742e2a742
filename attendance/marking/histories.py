"""Who recorded what of a participant in a run, and when: marks, study statuses, effort, remarks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from attendance.marking import registers
from attendance.marking.confirmations import words
from attendance.marking.differences import EFFORT
from attendance.marking.values import NOTHING, MarkValue
from attendance.models import AttendanceChange, RegisterSaving
from learners.models import (
    AuditEntry,
    Enrolment,
    Meeting,
    Run,
    StudyStatusChange,
)


@dataclass(frozen=True, kw_only=True)
class MarkHistory:
    """One step of a mark: from what to what, by whom, when, and in which saving."""

    before: MarkValue
    after: MarkValue
    by: str
    at: datetime
    saving: RegisterSaving | None

    @property
    def is_undoing(self) -> bool:
        """Whether it took a saving back: those steps belong to none."""
        return self.saving is None

    @property
    def was_undone(self) -> bool:
        return self.saving is not None and self.saving.undone_at is not None


@dataclass(frozen=True, kw_only=True)
class MeetingHistory:
    """A meeting, with what stands there now and how it came to that, the newest first."""

    meeting: Meeting
    now: MarkValue
    steps: Sequence[MarkHistory]
    has_begun: bool


@dataclass(frozen=True, kw_only=True)
class NoteHistory:
    """One step of an effort or a remark."""

    is_effort: bool
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything that was recorded of somebody in a run."""

    participant: registers.Participant
    meetings: Sequence[MeetingHistory]
    statuses: Sequence[StudyStatusChange]
    notes: Sequence[NoteHistory]


def read(run: Run, enrolment: Enrolment) -> History:
    """Return the history of every cell of a row, in five queries however long it is."""
    marks = registers.marks_of([enrolment.pk], run=run).get(enrolment.pk, {})
    steps = _steps(run, enrolment)
    now = timezone.now()
    return History(
        participant=registers.Participant(
            enrolment=enrolment, marks=marks, choices=frozenset(), is_asked=False
        ),
        meetings=[
            MeetingHistory(
                meeting=meeting,
                now=marks.get(meeting.pk, (NOTHING, 0))[0],
                steps=steps.get(meeting.pk, []),
                has_begun=meeting.begins_at <= now,
            )
            for meeting in run.meetings.all()
        ],
        statuses=_statuses(enrolment),
        notes=_notes(enrolment),
    )


def _steps(run: Run, enrolment: Enrolment) -> Mapping[int, list[MarkHistory]]:
    found = AttendanceChange.objects.filter(enrolment=enrolment, meeting__run=run)
    by_meeting: dict[int, list[MarkHistory]] = {}
    for change in found.select_related("by", "saving").order_by("-pk"):
        step = MarkHistory(
            before=MarkValue.of(change, "from_"),
            after=MarkValue.of(change, "to_"),
            by=change.by.name,
            at=change.at,
            saving=change.saving,
        )
        by_meeting.setdefault(change.meeting_id, []).append(step)
    return by_meeting


def _statuses(enrolment: Enrolment) -> list[StudyStatusChange]:
    return list(enrolment.status_changes.select_related("by", "undone_by").order_by("-pk"))


def _notes(enrolment: Enrolment) -> list[NoteHistory]:
    entries = AuditEntry.objects.filter(
        object_type=Enrolment._meta.label_lower, object_id=enrolment.pk, action="attendance.noted"
    ).select_related("by")
    return [
        NoteHistory(
            is_effort=name == EFFORT,
            before=words(name, before),
            after=words(name, after),
            by=entry.by.name if entry.by else "",
            at=entry.at,
        )
        for entry in entries.order_by("-pk")
        for name, (before, after) in entry.changes.items()
    ]
