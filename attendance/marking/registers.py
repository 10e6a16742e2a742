"""Reading a register: the meetings of a run, its participants, and what is recorded of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from attendance.marking.percentages import Attended, attended
from attendance.marking.values import NOTHING, MarkValue
from attendance.models import Attendance
from learners.models import (
    FREES_PLACE,
    Actor,
    Enrolment,
    Meeting,
    Place,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying.status_rules import TEACHERS_CHOICE, refusal

Marks = Mapping[int, tuple[MarkValue, int]]  # of one participant: meeting → mark and version
MarksOf = Mapping[int, Marks]  # by participant


class MeetingState(StrEnum):
    """How a meeting stands in the register; the words are also those of its chip."""

    DONE = "done"
    OPEN = "open"
    NOW = "now"
    FUTURE = "future"
    CANCELLED = "cancelled"
    LOCKED = "locked"


RECORDABLE = frozenset({MeetingState.DONE, MeetingState.OPEN, MeetingState.NOW})


@dataclass(frozen=True, kw_only=True)
class MeetingColumn:
    """A meeting as the register shows it: how far its marks are, and whether they can be made."""

    meeting: Meeting
    state: MeetingState
    recorded: int
    expected: int
    says_hour: bool = False  # another meeting of this run is on the same day

    @property
    def pk(self) -> int:
        return self.meeting.pk

    @property
    def is_recordable(self) -> bool:
        """Whether there is something to record: it began, and nothing closed it."""
        return self.state in RECORDABLE

    @property
    def is_readable(self) -> bool:
        """Whether there are marks to look at, though its register may have closed."""
        return self.is_recordable or self.state is MeetingState.LOCKED

    @property
    def unrecorded(self) -> int:
        """How many of who is expected have no mark yet; none for what cannot be recorded."""
        return max(0, self.expected - self.recorded) if self.is_recordable else 0


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody on a register, with what is recorded of them."""

    enrolment: Enrolment
    marks: Marks
    choices: frozenset[StudyStatus]
    is_asked: bool

    @property
    def pk(self) -> int:
        return self.enrolment.pk

    @property
    def learner(self) -> User:
        return self.enrolment.learner

    @property
    def is_expected(self) -> bool:
        """Whether they are to be there: who withdrew or is exempt is not."""
        return self.enrolment.status not in FREES_PLACE

    @property
    def percentage(self) -> int | None:
        """Present in hundredths of the meetings recorded; None where nothing is recorded."""
        counted = self._attended()
        return counted.percentage if counted else None

    @property
    def excused(self) -> int:
        """How many of their absences were excused."""
        counted = self._attended()
        return counted.excused if counted else 0

    def _attended(self) -> Attended | None:
        return attended([value for value, _version in self.marks.values()])

    def values_in(self, meetings: Collection[int]) -> list[MarkValue]:
        """Return what is recorded of these meetings."""
        return [self.marks.get(pk, (NOTHING, 0))[0] for pk in meetings]

    def seen_in(self, meetings: Collection[int]) -> str:
        """Return what these meetings have in common: present, absent, '' for nothing recorded, or
        'mixed'."""
        found = {value.presence for value in self.values_in(meetings)}
        return found.pop() if len(found) == 1 else "mixed" if found else ""


def runs_for(user: User) -> QuerySet[Run]:
    """Return the runs whose register this person may open, with how many stand on each."""
    return (
        Run.objects.taught_by(user)
        .select_related("course__organisation", "register_closed_by")
        .annotate(
            booked=_counted(Place.objects.booked().filter(run=OuterRef("pk"))),
            participants=_counted(Place.objects.on_register().filter(run=OuterRef("pk"))),
        )
    )


def _counted(places: QuerySet[Place]) -> Coalesce:
    counted = places.order_by().values("run").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def participants_of(run: Run) -> QuerySet[Enrolment]:
    """Return who stands on the register of this run, in the order of their names."""
    waits = StudyStatusChange.objects.waiting().filter(
        enrolment=OuterRef("pk"), to_status=StudyStatus.COMPLETED, due_at=None
    )
    return (
        Enrolment.objects.participants_of(run)
        .select_related("learner")
        .annotate(is_asked=Exists(waits))
        .order_by("learner__sort_name", "pk")
    )


def meetings_of(run: Run, *, now: datetime, booked: int, is_locked: bool) -> list[MeetingColumn]:
    """Return all meetings of a run, the cancelled ones too, with how far each is recorded."""
    meetings = list(with_recorded(run.meetings.all()))
    days = Counter(timezone.localdate(meeting.begins_at) for meeting in meetings)
    return [
        MeetingColumn(
            meeting=meeting,
            state=_state(meeting, now=now, booked=booked, is_locked=is_locked),
            recorded=meeting.recorded,  # type: ignore[attr-defined]
            expected=booked,
            says_hour=days[timezone.localdate(meeting.begins_at)] > 1,
        )
        for meeting in meetings
    ]


def with_recorded(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Count for each meeting how many of who is booked have a mark."""
    marked = Place.objects.booked().filter(
        run=OuterRef("run"), enrolment__marks__meeting=OuterRef("pk")
    )
    return meetings.annotate(recorded=_counted(marked))


def incomplete(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Keep the meetings that miss marks of who is booked, with how many there should be."""
    booked = _counted(Place.objects.booked().filter(run=OuterRef("run")))
    counted = with_recorded(meetings).annotate(booked=booked)
    return counted.filter(recorded__lt=F("booked"))  # type: ignore[misc]  # annotated above


def _state(meeting: Meeting, *, now: datetime, booked: int, is_locked: bool) -> MeetingState:
    if meeting.cancelled_at:
        return MeetingState.CANCELLED
    if meeting.begins_at > now:
        return MeetingState.FUTURE
    if is_locked:
        return MeetingState.LOCKED
    if meeting.ends_at > now:
        return MeetingState.NOW
    is_complete = meeting.recorded >= booked  # type: ignore[attr-defined]
    return MeetingState.DONE if is_complete else MeetingState.OPEN


def chosen_beforehand(columns: Sequence[MeetingColumn]) -> MeetingColumn | None:
    """Return the meeting that is on, else the last past one that is not complete, else the last
    past one; None before the first. A register that closed shows the last one, to read."""
    for state in (MeetingState.NOW, MeetingState.OPEN, MeetingState.DONE, MeetingState.LOCKED):
        if of_state := [column for column in columns if column.state is state]:
            return of_state[-1]
    return None


def read_participants(
    enrolments: Sequence[Enrolment], *, run: Run, actor: Actor
) -> list[Participant]:
    """Return these people with their marks in this run, in two queries however many they are."""
    marks = marks_of([enrolment.pk for enrolment in enrolments], run=run)
    return [
        Participant(
            enrolment=enrolment,
            marks=marks.get(enrolment.pk, {}),
            choices=choices(enrolment, actor),
            is_asked=getattr(enrolment, "is_asked", False),
        )
        for enrolment in enrolments
    ]


def marks_of(
    enrolment_ids: Collection[int], *, run: Run
) -> dict[int, dict[int, tuple[MarkValue, int]]]:
    """Return what each mark in this run says and its version, by participant and meeting."""
    rows = Attendance.objects.filter(
        enrolment__in=enrolment_ids, meeting__run=run, meeting__cancelled_at=None
    )
    marks: dict[int, dict[int, tuple[MarkValue, int]]] = {}
    for enrolment, meeting, version, *said in rows.values_list(
        "enrolment_id", "meeting_id", "version", *MarkValue._fields
    ):
        marks.setdefault(enrolment, {})[meeting] = (MarkValue(*said), version)
    return marks


def choices(enrolment: Enrolment, actor: Actor) -> frozenset[StudyStatus]:
    """Return which of the five the table and the term let this person choose for a participant."""
    return frozenset(to for to in TEACHERS_CHOICE if refusal(enrolment, to, actor) is None)


def acts_as(user: User) -> Actor:
    """Return as what this person works in a register."""
    return Actor.ADMINISTRATOR if user.is_staff else Actor.TEACHER


def may_write(run: Run, user: User, at: datetime | None = None) -> bool:
    """Whether this person may change the register now, or might at that moment; once it closed,
    only administrators."""
    today = run.course.organisation.day_of(at or timezone.now())
    return user.is_staff or run.register_is_open(today)
