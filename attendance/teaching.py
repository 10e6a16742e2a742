"""The runs that somebody teaches: which ones, when, and what is still to be recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from attendance import registers
from attendance.forms import Moment
from learners.models import Meeting, Run, User


@dataclass(frozen=True, kw_only=True)
class TaughtRun:
    """A run in the list of who teaches it."""

    run: Run
    meetings: int
    incomplete: int  # past meetings that miss marks
    unrecorded: int  # the marks that those miss


def list_runs(user: User, *, text: str = "", moment: str = "", now: datetime) -> QuerySet[Run]:
    """Return the runs of this person that match: the next meeting first, then the past."""
    runs = registers.runs_for(user).filter(_in(moment, now))
    for word in text.split():
        runs = runs.filter(
            Q(course__title_nl__icontains=word)
            | Q(course__title_en__icontains=word)
            | Q(code__icontains=word)
            | Q(place__icontains=word)
        )
    coming = Meeting.objects.going_on().filter(
        run=OuterRef("pk"), run__cancelled_at=None, ends_at__gt=now
    )
    return runs.annotate(
        next_at=Subquery(coming.order_by("begins_at").values("begins_at")[:1])
    ).order_by(F("next_at").asc(nulls_last=True), F("ends_at").desc(nulls_last=True), "pk")


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
    missing = [
        run.booked - meeting.recorded  # type: ignore[attr-defined]
        for meeting in meetings
        if meeting.ends_at <= now and meeting.recorded < run.booked  # type: ignore[attr-defined]
    ]
    return TaughtRun(
        run=run, meetings=len(meetings), incomplete=len(missing), unrecorded=sum(missing)
    )


def meetings_now(user: User, *, now: datetime) -> list[Meeting]:
    """Return the meetings that this person teaches and that are on at this moment."""
    on = Meeting.objects.begun(now).filter(ends_at__gt=now, run__teachers=user)
    return list(on.select_related("run__course")[:2])
