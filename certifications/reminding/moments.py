"""The moments of a cycle of which people are reminded: which cycles, and on which days.

A retired certification has none, nor what was renewed, is being judged or waits for a result.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q

from certifications.models import AssigningMode, Certification, Cycle, Moment, cycle_states
from certifications.models.cycle import CycleQuerySet

CLOSING = timedelta(days=7)  # before the grace is over
FORGOTTEN = timedelta(days=14)  # after which nobody is told that something began or ended
OF_FIRST = (Moment.DUE, Moment.LATE)  # which are about a cycle that was never completed


@dataclass(frozen=True)
class Due:
    """A moment of which people are reminded: which cycles on a day, and the field with the day that
    it is about."""

    moment: Moment
    on: str
    when: Q
    days: int = 0

    @property
    def rows(self) -> CycleQuerySet:
        """The cycles that it may be about."""
        return awaited() if self.moment in OF_FIRST else concerned()


def moments() -> Iterator[Due]:
    """Yield the moments that are there today, in each time zone, for each setting."""
    days = cycle_states.todays()
    yield from _deadlines(days)
    settings = Certification.objects.filter(retired_at=None).order_by().values("remind_days")
    for setting in settings.distinct().values_list("remind_days", flat=True):
        mine = Q(assignment__certification__remind_days=setting)
        before = Certification(remind_days=setting).reminds_before
        yield Due(Moment.OPENS, "window_opens_on", mine & _opens(days, max(before, default=0)))
        for number, next_one in zip(before, (*before[1:], -1), strict=False):
            near = mine & _near(days, number, next_one)
            yield Due(Moment.ENDS, "valid_until", near, number)
    yield Due(Moment.ENDED, "valid_until", _each(days, _ended))
    yield Due(Moment.CLOSES, "grace_until", _each(days, _closes))
    yield Due(Moment.LAPSED, "grace_until", _each(days, _lapsed))


def _deadlines(days: Mapping[str, date]) -> Iterator[Due]:
    """Yield the moments of a first cycle that is to be completed by a day."""
    settings = Certification.objects.filter(retired_at=None).order_by().values("remind_due_days")
    for setting in settings.distinct().values_list("remind_due_days", flat=True):
        mine = Q(assignment__certification__remind_due_days=setting)
        before = Certification(remind_due_days=setting).reminds_before_due
        for number, next_one in zip(before, (*before[1:], -1), strict=False):
            near = mine & _near(days, number, next_one, "due_on")
            yield Due(Moment.DUE, "due_on", near, number)
        if before:
            yield Due(Moment.LATE, "due_on", mine & _each(days, _late))


def _each(days: Mapping[str, date], condition: Callable[[date], Q]) -> Q:
    found = Q(pk__in=())
    for zone, today in days.items():
        found |= Q(assignment__certification__organisation__time_zone=zone) & condition(today)
    return found


def _opens(days: Mapping[str, date], longest: int) -> Q:
    """Renewing has begun, and the end is not so near that it is said anyway."""
    has_window = Q(window_opens_on__lt=F("valid_until"))
    return has_window & _each(
        days,
        lambda today: Q(
            window_opens_on__lte=today,
            window_opens_on__gte=today - FORGOTTEN,
            valid_until__gt=today + timedelta(days=longest),
        ),
    )


def _near(days: Mapping[str, date], number: int, next_one: int, on: str = "valid_until") -> Q:
    """The end is at most so many days away, and more than the next reminder is about."""

    def condition(today: date) -> Q:
        first, last = today + timedelta(days=next_one), today + timedelta(days=number)
        return Q(**{f"{on}__gt": first, f"{on}__lte": last})

    return _each(days, condition)


def _late(today: date) -> Q:
    return Q(due_on__lt=today, due_on__gte=today - FORGOTTEN)


def _ended(today: date) -> Q:
    return Q(
        valid_until__lt=today,
        valid_until__gte=today - FORGOTTEN,
        grace_until__gt=today + CLOSING,
    )


def _closes(today: date) -> Q:
    return Q(valid_until__lt=today, grace_until__gte=today, grace_until__lte=today + CLOSING)


def _lapsed(today: date) -> Q:
    return Q(grace_until__lt=today, grace_until__gte=today - FORGOTTEN)


def concerned() -> CycleQuerySet:
    """Keep completed cycles of which people may be reminded: nothing came after them yet, nor waits
    to be judged, and they are still asked for."""
    later = Cycle.objects.filter(
        ~Q(completed_on=None) | ~Q(exempted_at=None) | ~Q(submitted_at=None) | ~Q(awaited_at=None),
        assignment=OuterRef("assignment"),
        number__gt=OuterRef("number"),
    )
    return Cycle.objects.filter(
        ~Exists(later),
        assignment__ended_at=None,
        assignment__certification__retired_at=None,
        assignment__learner__is_active=True,
        completed_on__isnull=False,
        revoked_at=None,
        exempted_at=None,
    )


def awaited() -> CycleQuerySet:
    """Keep cycles of whose deadline people may be reminded: first ones, and those that somebody
    assigned anew after a withdrawal. Something is still to be done in them, by who did not leave a
    nomination unanswered."""
    is_answered = ~Q(assignment__mode=AssigningMode.NOMINATED) | Q(
        assignment__accepted_at__isnull=False
    )
    has_own_deadline = Q(previous_until=None) | Q(due_on__gt=F("previous_until"))
    return Cycle.objects.pending().filter(
        is_answered,
        has_own_deadline,
        submitted_at=None,
        awaited_at=None,
        assignment__certification__retired_at=None,
        assignment__learner__is_active=True,
    )
