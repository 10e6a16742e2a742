"""Warnings that a subscription ends while an exam is open: 14 days before, 3 days before, and on
the last day; each once, as long as nothing follows on it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from learners.hooks import asking
from learners.models import Enrolment, Organisation, Subscription
from learners.people.subscriptions import last_running
from learners.studying import reopening
from learners.telling import notify

MOMENTS = (0, 3, 14)  # days before the last one, the nearest first
BATCH = 1_000  # people


@dataclass(frozen=True)
class Ending:
    """A programme of somebody whose subscription there ends on this day, and which warning that is
    for."""

    whole: Enrolment
    ends_on: date
    moment: int


def warn(*, now: datetime | None = None, batch: int = BATCH) -> int:
    """Warn whoever is to be warned today, and return for how many exams; run again on the same day,
    nobody is told twice. A day on which it did not run is made up for by the next.

    The number of queries grows with batches of people alone.
    """
    now = now or timezone.now()
    if not asking.who_say_which_exams_are_open():
        return 0
    people = list(_whose_end_is_near(now))
    return sum(_warn(people[at : at + batch], now) for at in range(0, len(people), batch))


def _whose_end_is_near(now: datetime) -> QuerySet[Subscription, int]:
    """Return the people with a subscription that ends within two weeks, somewhere on earth."""
    first, last = _days(now)
    near = Subscription.objects.filter(ends_on__range=(first, last + timedelta(days=MOMENTS[-1])))
    asks = Q(organisation=None) | Q(organisation__programmes_need_subscription=True)
    rows = near.filter(asks, user__is_active=True).order_by("user")
    return rows.values_list("user", flat=True).distinct()


def _warn(people: Collection[int], now: datetime) -> int:
    endings = {one.whole.pk: one for one in _endings(people, now)}
    exams = asking.open_exams([one.whole for one in endings.values()])
    messages = [_message(endings[pk], exam) for pk, exam in exams.items()]
    notify.tell(kind="learners/subscription_ends", messages=messages)
    return len(messages)


def _endings(people: Collection[int], now: datetime) -> Iterator[Ending]:
    """Yield the programmes of these people in which the end of a subscription is near."""
    mine = _subscriptions(people, now)
    for whole in _wholes(people):
        here = whole.organisation
        today = here.day_of(now)
        last = last_running((one for one in mine[whole.learner_id] if one.counts_at(here)), today)
        moment = _moment(last.ends_on - today) if last else None
        if last and moment is not None:
            yield Ending(whole, last.ends_on, moment)


def _subscriptions(people: Collection[int], now: datetime) -> Mapping[int, list[Subscription]]:
    """Return what these people have that is not over, those that begin later among it."""
    found: dict[int, list[Subscription]] = defaultdict(list)
    first, _last = _days(now)
    for one in Subscription.objects.filter(user__in=people, ends_on__gte=first):
        found[one.user_id].append(one)
    return found


def _wholes(people: Collection[int]) -> Iterable[Enrolment]:
    """Return the programmes of these people that ask a subscription, whatever became of them: an
    exam that was released outlives a study term, and withdrawing."""
    asks = {"programme__organisation__programmes_need_subscription": True}
    rows = Enrolment.objects.filter(learner__in=people, **asks)
    return rows.select_related("programme__organisation").order_by("pk")


def _moment(left: timedelta) -> int | None:
    """Return which warning is due with so many days left: the nearest of those that came."""
    return next((moment for moment in MOMENTS if left.days <= moment), None)


def _message(ending: Ending, exam: str) -> notify.Message:
    whole, ends_on = ending.whole, ending.ends_on
    return notify.Message(
        user_id=whole.learner_id,
        organisation_id=whole.organisation.pk,
        key=f"subscription-ends:{whole.pk}:{ends_on}:{ending.moment}",
        params={
            "title_nl": whole.subject.title_nl,
            "title_en": whole.subject.title_in("en"),
            "exam": exam,
            "until": ends_on.isoformat(),
        },
        url=reopening.address(whole),
    )


def _days(now: datetime) -> tuple[date, date]:
    """Return the first and the last day that it is now anywhere where there is an institution."""
    zones = Organisation.objects.order_by().values_list("time_zone", flat=True).distinct()
    days = [timezone.localdate(now, ZoneInfo(zone)) for zone in zones]
    return min(days, default=now.date()), max(days, default=now.date())
