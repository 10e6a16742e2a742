"""Thinking out meetings before they are planned: the days of a series, and what else is then.

A series is thought out in days and hours of the clock where the institution is, so that its hour
stays the same when the clock changes.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from learners.models import Meeting, Run, User

MOST = 100  # meetings in one series
FARTHEST = timedelta(days=3 * 366)  # from its first day


@dataclass(frozen=True, order=True)
class Slot:
    """From when to when a meeting is."""

    begins_at: datetime
    ends_at: datetime

    def overlaps(self, meeting: Meeting) -> bool:
        return self.begins_at < meeting.ends_at and meeting.begins_at < self.ends_at


@dataclass(frozen=True, kw_only=True)
class Series:
    """Which days, and from when to when on each; `weeks` is 0 for a single day.

    `times` counts the meetings that take place: a day that is skipped is none of them.
    """

    first_day: date
    begins: time
    ends: time
    weeks: int = 0
    weekdays: frozenset[int] = frozenset()
    times: int | None = None
    until: date | None = None
    skipped: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Clash:
    """Another meeting at the same time: of a teacher, or in the same room."""

    meeting: Meeting
    teachers: tuple[User, ...]
    place: str


def days_of(series: Series) -> list[date]:
    """Return the days of a series, at most `MOST`."""
    if not series.weeks:
        return [series.first_day]
    days = (day for day in _weekly(series) if day not in series.skipped)
    return list(islice(days, min(series.times or MOST, MOST)))


def _weekly(series: Series) -> Iterator[date]:
    """Yield the weekdays of every so many weeks, from the first day on."""
    last = min(series.until or date.max, series.first_day + FARTHEST)
    weekdays = sorted(series.weekdays or {series.first_day.weekday()})
    monday = series.first_day - timedelta(days=series.first_day.weekday())
    for week in count(step=series.weeks):
        for weekday in weekdays:
            day = monday + timedelta(weeks=week, days=weekday)
            if day > last:
                return
            if day >= series.first_day:
                yield day


def slots_of(series: Series, zone: ZoneInfo) -> list[Slot]:
    """Return from when to when each meeting is; the hour is that of the clock in this zone."""
    return [slot(day, series.begins, series.ends, zone) for day in days_of(series)]


def slot(day: date, begins: time, ends: time, zone: ZoneInfo) -> Slot:
    """Return a slot on a day, by the clock in this zone."""
    moments = (datetime.combine(day, at, zone).astimezone(UTC) for at in (begins, ends))
    return Slot(*moments)


def clashes(
    *,
    run: Run,
    slots: Sequence[Slot],
    place: str,
    teachers: Collection[User],
    but: Meeting | None = None,
) -> dict[Slot, list[Clash]]:
    """Return for each slot what else its teachers give then, and what else is in its room, in a
    constant number of queries. `but` is the meeting that moves."""
    found: dict[Slot, list[Clash]] = {each: [] for each in slots}
    if not slots:
        return found
    wanted, room = {teacher.pk for teacher in teachers}, place.strip().casefold()
    others = _at_the_same_time(run, slots, place.strip(), teachers)
    for meeting in others.exclude(pk__in=[but.pk] if but else []):
        busy = tuple(t for t in _teachers_of(meeting) if t.pk in wanted)
        taken = (meeting.place or meeting.run.place).strip()
        clash = Clash(meeting, busy, taken if room and taken.casefold() == room else "")
        if not clash.teachers and not clash.place:
            continue
        for each in slots:
            if each.overlaps(meeting):
                found[each].append(clash)
    return found


def _at_the_same_time(
    run: Run, slots: Sequence[Slot], place: str, teachers: Collection[User]
) -> QuerySet[Meeting]:
    """Return the meetings of these teachers or of this room between the first slot and the last;
    a room is one of the institution."""
    theirs = Meeting.objects.filter(
        Q(teachers__in=teachers) | Q(run__teachers__in=teachers)
    ).values("pk")
    there = Q(place__iexact=place) | Q(place="", run__place__iexact=place)
    here = Q(run__course__organisation=run.course.organisation_id)
    same = Q(pk__in=theirs) | (there & here) if place else Q(pk__in=theirs)
    return (
        Meeting.objects.going_on()
        .filter(same, run__cancelled_at=None)
        .filter(
            begins_at__lt=max(each.ends_at for each in slots),
            ends_at__gt=min(each.begins_at for each in slots),
        )
        .select_related("run__course")
        .prefetch_related("teachers", "run__teachers")
    )


def _teachers_of(meeting: Meeting) -> list[User]:
    return list(meeting.teachers.all()) or list(meeting.run.teachers.all())
