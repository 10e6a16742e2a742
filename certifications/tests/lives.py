"""What befalls people in a recurring certification over the years, for tests that search: when they
begin, by which rules, what administrators decide, and how far it is then."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from certifications.assigning import giving, taking_back
from certifications.assigning.giving import AssigningRefused
from certifications.cycles import catching_up, renewing, states
from certifications.defining import publication
from certifications.models import (
    Anchor,
    Certification,
    CertificationAssignment,
    Cycle,
    Reminder,
    Touches,
)
from certifications.reminding import reminders
from certifications.tests.factories import assigned
from learners.models import Notification
from learners.studying.study_status import StatusRefused
from learners.tests.factories import UserFactory, an_administrator
from learners.tests.searching import running

ONE_DAY = timedelta(days=1)
# Leap days, the ends of months, and the nights on which clocks change.
DAYS = [
    *(date(2027, 1, 31), date(2028, 2, 29), date(2028, 1, 30), date(2027, 3, 27)),
    *(date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31), date(2027, 12, 31)),
]
ZONES = ["Europe/Amsterdam", "Pacific/Auckland", "America/Curacao"]
HOURS = [0, 1, 11, 12, 23]
BEGINNINGS = st.builds(
    lambda day, hour, zone: datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZoneInfo(zone)),
    st.sampled_from(DAYS),
    st.sampled_from(HOURS),
    st.sampled_from(ZONES),
)
RECURRING = {
    "validity": st.just("recurring"),
    "window_days": st.integers(0, 25),
    "grace_days": st.integers(0, 20),
}
COUNTED = st.fixed_dictionaries(
    {
        **RECURRING,
        "period_months": st.integers(1, 13),
        "anchor": st.sampled_from([Anchor.EXPIRY, Anchor.COMPLETION]),
        "fixed_month": st.none(),
        "fixed_day": st.none(),
    }
)
FIXED = st.fixed_dictionaries(
    {
        **RECURRING,
        "period_months": st.sampled_from([12, 24]),
        "anchor": st.just(Anchor.FIXED),
        "fixed_month": st.integers(1, 12),
        "fixed_day": st.integers(1, 28),
    }
)
RULES = st.one_of(COUNTED, COUNTED, FIXED)
TAKE_AWAY = st.just(("take away",))
ASSIGN_ANEW = st.just(("assign anew",))
EXCUSE = st.just(("excuse",))
WAITING = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("wait"), st.integers(1, 400)),
)


def publishing(rules: st.SearchStrategy[dict]) -> st.SearchStrategy[tuple]:
    """Draw a new version by one of these rules, and whom it is for."""
    return st.tuples(st.just("publish"), rules, st.sampled_from(Touches))


class Person:
    """Somebody in a certification of their own, about which an administrator decides."""

    def __init__(self, certification: Certification, clock: time_machine.Traveller) -> None:
        self.certification, self.clock = certification, clock
        self.by, self.learner = an_administrator(), UserFactory()
        self.assignment: CertificationAssignment = assigned(certification, self.learner).assignment

    def take(self, step: tuple) -> None:
        """Do what a step is called, as far as that is allowed; it takes twenty minutes."""
        name, *more = step
        with suppress(AssigningRefused, StatusRefused), transaction.atomic():
            getattr(self, name.replace(" ", "_"))(*more)
        self.clock.shift(timedelta(minutes=20))

    def wait(self, days: int) -> None:
        self.clock.shift(timedelta(days=days))

    def publish(self, rule: dict, touches: Touches) -> None:
        draft = publication.begin(certification=self.certification, by=self.by)
        for name, value in rule.items():
            setattr(draft, name, value)
        draft.save()
        publication.publish(version=draft, by=self.by, touches=touches)

    def take_away(self) -> None:
        taking_back.withdraw(assignments=[self.assignment], by=self.by, reason="Left")

    def assign_anew(self) -> None:
        certification, learners = self.certification, [self.learner]
        giving.assign(certification=certification, learners=learners, mode="mandatory", by=self.by)

    def excuse(self) -> None:
        taking_back.exempt(assignments=[self.assignment], by=self.by, reason="Doctor")

    def pass_a_night(self, times: int) -> None:
        """Let what the scheduler begins by itself run so many times."""
        running(times, catching_up.settle_unseen, renewing.begin_due, reminders.remind)

    def cycles(self) -> list[Cycle]:
        """Return all of them, the first one first, as they are now."""
        related = ("assignment__certification__organisation", "version")
        rows = Cycle.objects.filter(assignment=self.assignment).select_related(*related)
        return list(rows.order_by("number"))

    def state(self) -> str:
        return str(states.state_of(self.cycles()[-1]))

    def outcome(self) -> list[tuple]:
        """Return what became of the cycles, but for their keys."""
        names = ("number", "path", "begins_on", "due_on", "completed_on", "valid_from")
        more = ("valid_until", "previous_until", "renewal_until", "gap_days", "next_round_on")
        others = ("started_on", "version__number")
        rows = Cycle.objects.filter(assignment=self.assignment).order_by("number")
        return list(rows.values_list(*names, *more, *others))

    def was_told_at_most_once_a_day(self) -> bool:
        """Whether nobody heard of a moment twice, nor had two digests on a day."""
        told = Notification.objects.filter(kind=reminders.KIND, user=self.learner)
        days = [timezone.localdate(one.created_at) for one in told]
        written = Reminder.objects.filter(user=self.learner)
        once = {(r.cycle_id, r.moment, r.days, r.on) for r in written}
        return len(days) == len(set(days)) and len(once) == written.count()


def begun_at(moment: datetime) -> time_machine.travel:
    """Stand still at this moment, until the clock is moved."""
    return time_machine.travel(moment.astimezone(UTC), tick=False)


def end_of(day: date, months: int) -> date:
    """The last valid day, with another library: the day before, or the end of a shorter month."""
    same_day = day + relativedelta(months=months)
    return same_day - ONE_DAY if same_day.day == day.day else same_day
