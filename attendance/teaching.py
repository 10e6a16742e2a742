"""The runs that somebody teaches: which ones, when, and what is still to be recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.forms import Moment
from attendance.marking import registers
from learners.counting import number_of
from learners.models import Lesson, Meeting, Place, PlaceState, Run, User
from learners.models.run import register_open_on


@dataclass(frozen=True, kw_only=True)
class TaughtRun:
    """A run in the list of who teaches it, with the meetings that began and miss marks."""

    run: Run
    meetings: int
    incomplete: Sequence[Meeting]
    unrecorded: int  # the marks that the past ones miss
    is_open: bool
    now: datetime

    @property
    def past(self) -> list[Meeting]:
        return [meeting for meeting in self.incomplete if meeting.ends_at <= self.now]

    @property
    def first(self) -> Meeting | None:
        """The meeting to begin with; None where nothing waits or the register is closed."""
        return self.incomplete[0] if self.incomplete and self.is_open else None


def list_title(user: User) -> str:
    """Return what the list of runs is for somebody: administrators who teach none see them all."""
    if "_list_title" not in user.__dict__:
        sees_all = user.is_staff and not Run.objects.filter(teachers=user).exists()
        user.__dict__["_list_title"] = _("All registers") if sees_all else _("Courses I teach")
    return user.__dict__["_list_title"]


def list_runs(user: User, *, text: str = "", moment: str = "", now: datetime) -> QuerySet[Run]:
    """Return the runs of this person that match: first what waits for marks, the longest on top;
    then the next meeting; then the past."""
    runs = registers.runs_for(user).filter(_in(moment, now))
    for word in text.split():
        runs = runs.filter(
            Q(course__title_nl__icontains=word)
            | Q(course__title_en__icontains=word)
            | Q(code__icontains=word)
            | Q(place__icontains=word)
        )
    return runs.annotate(
        waits_since=_waits_since(now),
        next_at=_next_at(now),
        first_lesson=_first_lesson(),
        waiting=number_of(Place, "run", Q(state=PlaceState.WAITLISTED)),
        is_planned=Exists(Run.objects.planned_by(user).filter(pk=OuterRef("pk"))),
    ).order_by(
        F("waits_since").asc(nulls_last=True),
        F("next_at").asc(nulls_last=True),
        F("ends_at").desc(nulls_last=True),
        "pk",
    )


def _waits_since(now: datetime) -> Case:
    """When the first meeting ends that began and misses marks; only of registers that are open."""
    begun = Meeting.objects.begun(now).filter(run=OuterRef("pk"))
    missing = registers.incomplete(begun).order_by("ends_at").values("ends_at")
    is_open = register_open_on(timezone.localdate(now))
    return Case(When(is_open, then=Subquery(missing[:1])))


def _next_at(now: datetime) -> Subquery:
    coming = Meeting.objects.going_on().filter(
        run=OuterRef("pk"), run__cancelled_at=None, ends_at__gt=now
    )
    return Subquery(coming.order_by("begins_at").values("begins_at")[:1])


def _first_lesson() -> Subquery:
    """Where who teaches a course begins to look at its lessons."""
    lessons = Lesson.objects.shown().filter(course=OuterRef("course")).order_by("position", "pk")
    return Subquery(lessons.values("pk")[:1])


def _in(moment: str, now: datetime) -> Q:
    begin = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if moment == Moment.TODAY:
        todays = Meeting.objects.going_on().filter(
            begins_at__lt=begin + timedelta(days=1), ends_at__gte=begin
        )
        return Q(pk__in=todays.values("run"))
    if moment == Moment.COMING:
        return Q(starts_at__gt=now)
    if moment == Moment.PAST:
        return Q(ends_at__lt=now)
    return Q()


def with_unrecorded(runs: Sequence[Run], *, now: datetime) -> list[TaughtRun]:
    """Say of each run how many meetings it has and what is unrecorded, in one query."""
    found = Meeting.objects.going_on().filter(run__in=[run.pk for run in runs])
    by_run: dict[int, list[Meeting]] = {run.pk: [] for run in runs}
    for meeting in registers.with_recorded(found):
        by_run[meeting.run_id].append(meeting)
    return [_taught(run, by_run[run.pk], now) for run in runs]


def _taught(run: Run, meetings: Sequence[Meeting], now: datetime) -> TaughtRun:
    begun = [meeting for meeting in meetings if meeting.begins_at <= now]
    incomplete = [one for one in begun if one.recorded < run.booked]  # type: ignore[attr-defined]
    past = [one for one in incomplete if one.ends_at <= now]
    return TaughtRun(
        run=run,
        meetings=len(meetings),
        incomplete=incomplete,
        unrecorded=sum(run.booked - one.recorded for one in past),  # type: ignore[attr-defined]
        is_open=run.register_is_open(run.course.organisation.day_of(now)),
        now=now,
    )


def meetings_now(user: User, *, now: datetime) -> list[Meeting]:
    """Return the meetings that this person gives and that are on at this moment."""
    on = Meeting.objects.begun(now).given_by(user).filter(ends_at__gt=now)
    return list(on.filter(run__cancelled_at=None).select_related("run__course")[:2])


def meetings_today(user: User, *, now: datetime) -> list[Meeting]:
    """Return the meetings that this person gives today, in the order of time, with how many people
    are expected and recorded."""
    begin = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    todays = Meeting.objects.going_on().filter(
        begins_at__lt=begin + timedelta(days=1), ends_at__gte=begin, run__cancelled_at=None
    )
    found = registers.with_recorded(todays.given_by(user)).annotate(
        booked=number_of(Place, "run", Q(state=PlaceState.BOOKED), of="run")
    )
    return list(found.select_related("run__course").order_by("begins_at", "pk"))
