"""What the pages show on which meetings are planned: how each stands, what clashes, who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from attendance.planning.planning_forms import MeetingForm, SeriesForm
from learners.meetings import outlining
from learners.meetings.outlining import Clash, Slot
from learners.models import Meeting, Place, Run, User


@dataclass(frozen=True, kw_only=True)
class PlannedMeeting:
    """A meeting in the list of its run."""

    meeting: Meeting
    teachers: Sequence[User]
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.meeting.ends_at <= self.now

    @property
    def has_begun(self) -> bool:
        return self.meeting.begins_at <= self.now


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A meeting that would be planned, with what else is then."""

    slot: Slot
    clashes: Sequence[Clash]
    is_there: bool  # this run has a meeting at this very time
    is_past: bool

    @property
    def key(self) -> str:
        return self.slot.begins_at.isoformat()

    @property
    def is_ticked(self) -> bool:
        """Whether it is planned unless somebody unticks it."""
        return not self.clashes and not self.is_there


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked before a meeting changes."""

    news: Sequence[str]
    told: int
    clashes: Sequence[Clash]


def meetings_of(run: Run, now: datetime) -> list[PlannedMeeting]:
    """Return the meetings of a run in the order of time, in two queries."""
    found = run.meetings.prefetch_related("teachers")
    return [PlannedMeeting(meeting=m, teachers=list(m.teachers.all()), now=now) for m in found]


def preview(form: SeriesForm) -> list[Proposed]:
    """Return what a form would plan."""
    slots, now = form.slots, timezone.now()
    found = outlining.clashes(run=form.run, slots=slots, place=form.room, teachers=form.givers)
    there = set(form.run.meetings.going_on().values_list("begins_at", "ends_at"))
    return [
        Proposed(
            slot=slot,
            clashes=_but_itself(found[slot], form.run, slot),
            is_there=(slot.begins_at, slot.ends_at) in there,
            is_past=slot.begins_at <= now,
        )
        for slot in slots
    ]


def _but_itself(found: Sequence[Clash], run: Run, slot: Slot) -> list[Clash]:
    """Leave out the meeting of this run at this very time: it is said in other words."""
    same = (run.pk, slot.begins_at, slot.ends_at)
    return [
        clash
        for clash in found
        if (clash.meeting.run_id, clash.meeting.begins_at, clash.meeting.ends_at) != same
    ]


def question(form: MeetingForm) -> Question | None:
    """Return what has to be asked before a meeting changes; None where nobody is told and nothing
    clashes."""
    people = told(form.run)
    found = outlining.clashes(
        run=form.run,
        slots=[form.slot],
        place=form.room,
        teachers=form.givers,
        but=form.meeting,
    )[form.slot]
    news = form.news if people else []
    if not news and not (found and form.has_changed()):
        return None
    return Question(news=news, told=people if news else 0, clashes=found)


def other_zone(run: Run) -> str:
    """Return the time zone of the institution where its clock shows another hour than that of who
    looks; else nothing."""
    now, zone = timezone.now(), run.course.organisation.tz
    differs = timezone.localtime(now).utcoffset() != timezone.localtime(now, zone).utcoffset()
    return zone.key if differs else ""


def told(run: Run) -> int:
    """Return how many people are told of what changes."""
    return Place.objects.booked().filter(run=run).count()
