"""What the page after saving says: which marks, statuses and notes, for whom and which meetings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.text import capfirst

from attendance.differences import EFFORT, MARK, STATUS, Difference
from attendance.models import Presence, RegisterSaving
from learners.models import Effort, Enrolment, Meeting, StudyStatus, StudyStatusChange


@dataclass(frozen=True, kw_only=True)
class StatusGroup:
    """Everybody who got the same status in this saving."""

    status: StudyStatus
    changes: Sequence[StudyStatusChange]


@dataclass(frozen=True, kw_only=True)
class ShownDifference:
    """A cell that somebody else changed meanwhile, with both values in words."""

    number: int
    enrolment: Enrolment
    cell: str
    meeting: Meeting | None
    mine: str
    theirs: str
    by: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """A saving, read for people."""

    saving: RegisterSaving
    changes: Sequence[StudyStatusChange]
    meetings: Mapping[int, Meeting]
    people: Mapping[int, Enrolment]

    @property
    def summary(self) -> dict:
        return self.saving.summary

    @cached_property
    def statuses(self) -> list[StatusGroup]:
        by_status: dict[str, list[StudyStatusChange]] = {}
        for change in self.changes:
            by_status.setdefault(change.to_status, []).append(change)
        return [
            StatusGroup(status=StudyStatus(status), changes=changes)
            for status, changes in by_status.items()
        ]

    @property
    def marked_meetings(self) -> list[Meeting]:
        return self._meetings(self.summary.get("meetings", []))

    @property
    def passed_over(self) -> list[Meeting]:
        return self._meetings([pk for pk, _state in self.summary.get("passed_over", [])])

    def _meetings(self, keys: Sequence[int]) -> list[Meeting]:
        found = [self.meetings[pk] for pk in keys if pk in self.meetings]
        return sorted(found, key=lambda meeting: meeting.begins_at)

    @property
    def noted(self) -> int:
        return len({note[0] for note in self.summary.get("notes", [])})

    @property
    def has_marks(self) -> bool:
        return bool(self.summary.get("present") or self.summary.get("absent"))

    @cached_property
    def differences(self) -> list[ShownDifference]:
        """Return what is still to be decided."""
        stored = [Difference(**one) for one in self.summary.get("differences", [])]
        return [
            ShownDifference(
                number=number,
                enrolment=self.people[one.enrolment_id],
                cell=one.cell,
                meeting=self.meetings.get(one.meeting_id or 0),
                mine=words(one.cell, one.mine),
                theirs=words(one.cell, one.theirs),
                by=one.by,
                at=datetime.fromisoformat(one.at) if one.at else None,
            )
            for number, one in enumerate(stored)
            if one.enrolment_id in self.people
        ]


def words(cell: str, value: str) -> str:
    """Say a value of a cell in words; '' is nothing recorded."""
    if not value:
        return "–"
    labels = {MARK: Presence, STATUS: StudyStatus, EFFORT: Effort}
    return capfirst(labels[cell](value).label) if cell in labels else value


def read(saving: RegisterSaving) -> Confirmation:
    """Read a saving in three queries, however many people it was about."""
    changes = saving.status_changes.select_related("enrolment__learner")
    differing = {one["enrolment_id"] for one in saving.summary.get("differences", [])}
    people = Enrolment.objects.select_related("learner").in_bulk(differing) if differing else {}
    return Confirmation(
        saving=saving,
        changes=list(changes.order_by("to_status", "enrolment__learner__sort_name")),
        meetings=saving.run.meetings.in_bulk(),
        people=people,
    )
