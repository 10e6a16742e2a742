"""What the page after saving says: which marks, statuses and notes, for whom and which meetings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.text import capfirst

from attendance.marking.differences import EFFORT, MARK, STATUS, Difference
from attendance.marking.values import MarkValue
from attendance.models import AttendanceChange, Presence, RegisterSaving
from learners.models import Effort, Enrolment, Meeting, StudyStatus, StudyStatusChange


@dataclass(frozen=True, kw_only=True)
class StatusGroup:
    """Everybody who got the same status in this saving."""

    status: StudyStatus
    changes: Sequence[StudyStatusChange]


@dataclass(frozen=True, kw_only=True)
class PresenceGroup:
    """Everybody who got the same mark in this saving, and the meetings for which."""

    presence: Presence
    names: Sequence[str]
    meetings: Sequence[Meeting]


@dataclass(frozen=True, kw_only=True)
class WrittenMark:
    """A mark that this saving wrote."""

    enrolment_id: int
    name: str
    meeting_id: int
    value: MarkValue


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
    marks: Sequence[WrittenMark]
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

    @cached_property
    def presences(self) -> list[PresenceGroup]:
        """Return who was marked present and who absent, with the meetings of each."""
        return [self._marked(presence) for presence in Presence if self._of(presence)]

    def _marked(self, presence: Presence) -> PresenceGroup:
        found = self._of(presence)
        names = {mark.enrolment_id: mark.name for mark in found}
        meetings = self._meetings({mark.meeting_id for mark in found})
        return PresenceGroup(presence=presence, names=list(names.values()), meetings=meetings)

    def _of(self, presence: Presence) -> list[WrittenMark]:
        return [mark for mark in self.marks if mark.value.presence == presence]

    @property
    def details(self) -> list[tuple[WrittenMark, Meeting]]:
        """Return the marks that say more than present or absent, with their meetings."""
        said = [mark for mark in self.marks if mark.value.details]
        return [(one, self.meetings[one.meeting_id]) for one in said]

    @property
    def passed_over(self) -> list[Meeting]:
        return self._meetings([pk for pk, _state in self.summary.get("passed_over", [])])

    def _meetings(self, keys: Iterable[int]) -> list[Meeting]:
        found = [self.meetings[pk] for pk in keys if pk in self.meetings]
        return sorted(found, key=lambda meeting: meeting.begins_at)

    @property
    def noted(self) -> list[Enrolment]:
        """Return whose effort or remark was written, in the order of their names."""
        ids = {note[0] for note in self.summary.get("notes", [])}
        return [enrolment for pk, enrolment in self.people.items() if pk in ids]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: all of it differs from what somebody else said."""
        return not (self.marks or self.changes or self.noted)

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
    if cell == MARK:
        return MarkValue.read(value).words
    labels = {STATUS: StudyStatus, EFFORT: Effort}
    return capfirst(labels[cell](value).label) if cell in labels else value


def read(saving: RegisterSaving) -> Confirmation:
    """Read a saving in four queries, however many people it was about."""
    changes = saving.status_changes.select_related("enrolment__learner")
    return Confirmation(
        saving=saving,
        changes=list(changes.order_by("to_status", "enrolment__learner__sort_name")),
        marks=_marks(saving),
        meetings=saving.run.meetings.in_bulk(),
        people=_people(saving),
    )


def _marks(saving: RegisterSaving) -> list[WrittenMark]:
    """Return the marks that were written, in the order of the names."""
    rows = saving.mark_changes.select_related("enrolment__learner")
    return [_written(step) for step in rows.order_by("enrolment__learner__sort_name", "enrolment")]


def _written(step: AttendanceChange) -> WrittenMark:
    return WrittenMark(
        enrolment_id=step.enrolment_id,
        name=step.enrolment.learner.name,
        meeting_id=step.meeting_id,
        value=MarkValue.of(step, "to_"),
    )


def _people(saving: RegisterSaving) -> dict[int, Enrolment]:
    """Return who got a note, and about whom something is still to be decided."""
    ids = {note[0] for note in saving.summary.get("notes", [])}
    ids |= {one["enrolment_id"] for one in saving.summary.get("differences", [])}
    if not ids:
        return {}
    people = Enrolment.objects.filter(pk__in=ids).select_related("learner")
    return {one.pk: one for one in people.order_by("learner__sort_name", "pk")}
