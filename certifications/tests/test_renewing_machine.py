"""Whatever happens over the years, in whatever order, and whether jobs ran once, ten times or not
at all that night: never a day of validity that the rule does not give, never one lost, never two
certificates of one round, and the same rounds in the end."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from certifications import (
    assigning,
    awarding,
    defining,
    excusing,
    reminding,
    renewing,
    standing,
    states,
)
from certifications.assigning import AssignmentRefused
from certifications.models import Anchor, Certificate, Cycle, Path, Reminder, Touches
from certifications.tests.factories import a_certification, an_elearning, assigned
from learners import study_status
from learners.models import Actor, Enrolment, Notification, StudyStatus
from learners.study_status import StatusRefused
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    an_administrator,
    an_enrolment,
)
from learners.tests.searching import searching, taken_back

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
# Leap days, the ends of months, and the nights on which clocks change.
BEGINNINGS = st.sampled_from(
    [
        *(date(2027, 1, 31), date(2028, 2, 29), date(2028, 1, 30), date(2027, 3, 27)),
        *(date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31), date(2027, 12, 31)),
    ]
)
DAYS = {"window_days": st.integers(0, 25), "grace_days": st.integers(0, 20)}
COUNTED = st.fixed_dictionaries(
    {
        **DAYS,
        "period_months": st.integers(1, 13),
        "anchor": st.sampled_from([Anchor.EXPIRY, Anchor.COMPLETION]),
        "fixed_month": st.none(),
        "fixed_day": st.none(),
    }
)
FIXED = st.fixed_dictionaries(
    {
        **DAYS,
        "period_months": st.sampled_from([12, 24]),
        "anchor": st.just(Anchor.FIXED),
        "fixed_month": st.integers(1, 12),
        "fixed_day": st.integers(1, 28),
    }
)
RULES = st.one_of(COUNTED, COUNTED, FIXED)
COURSE = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("complete"), COURSE, st.just(0)),
    st.tuples(st.just("complete"), COURSE, st.just(0)),
    st.tuples(st.just("enter late"), COURSE, st.integers(1, 40)),
    st.tuples(st.just("correct"), COURSE, st.none()),
    st.tuples(st.just("exempt"), COURSE, st.none()),
    st.tuples(st.just("publish"), RULES, st.sampled_from(Touches)),
    st.tuples(st.just("take away"), st.none(), st.none()),
    st.tuples(st.just("assign anew"), st.none(), st.none()),
    st.tuples(st.just("withdraw certificate"), st.none(), st.none()),
    st.tuples(st.just("excuse"), st.none(), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 60), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 400), st.none()),
)
TWICE, NEVER = 2, 0  # a night; where the second time finds nothing, a tenth would not either


class Person:
    """Somebody in a certification of their own that asks one course always, another the first time,
    with jobs that run so often each night."""

    def __init__(self, zone: str, rule: dict, jobs: int) -> None:
        self.organisation = OrganisationFactory(time_zone=zone)
        self.courses = [an_elearning(organisation=self.organisation) for _ in range(2)]
        self.certification = a_certification(*self.courses, validity="recurring", **rule)
        version = self.certification.versions.get()
        version.requirements.filter(course=self.courses[1]).update(path=Path.FULL)
        self.learner = UserFactory()
        self.cycle = assigned(self.certification, self.learner)
        self.jobs = jobs

    def take(self, step, by, clock) -> None:
        kind, what, more = step
        if kind == "wait":
            clock.shift(timedelta(days=what))
        elif kind == "publish":
            self.publish(what, more, by)
        elif kind == "take away":
            excusing.withdraw(assignments=[self.cycle.assignment], by=by, reason="Left")
        elif kind == "assign anew":
            assigning.assign(
                certification=self.certification, learners=[self.learner], mode="mandatory", by=by
            )
        elif kind == "withdraw certificate":
            for certificate in self.active().order_by("-cycle__number")[:1]:
                standing.revoke(certificate=certificate, by=by, reason="Fraud")
        elif kind == "excuse":
            with suppress(AssignmentRefused), transaction.atomic():
                excusing.exempt(assignments=[self.cycle.assignment], by=by, reason="Doctor")
        else:
            with suppress(StatusRefused), transaction.atomic():
                self.learn(kind, what, more, by)
        clock.shift(timedelta(minutes=20))
        awarding.drain()
        for time in range(self.jobs):
            found = renewing.begin_due(), reminding.remind()
            assert time == 0 or found == (0, 0)

    def learn(self, kind, which, days_late, by) -> None:
        if kind == "correct":
            self.correct(which, by)
        else:
            to = StudyStatus.EXEMPT if kind == "exempt" else None
            self.achieve(which, to, days_late or 0, by)

    def publish(self, rule, touches, by) -> None:
        draft = defining.begin(certification=self.certification, by=by)
        for name, value in rule.items():
            setattr(draft, name, value)
        draft.save()
        defining.publish(version=draft, by=by, touches=touches)

    def correct(self, which, by) -> None:
        done = Enrolment.objects.done().filter(learner=self.learner, course=self.courses[which])
        if enrolment := done.order_by("-pk").first():
            self.change(enrolment, StudyStatus.NOT_PASSED, by)

    def achieve(self, which, to, days_late, by) -> None:
        mine = Enrolment.objects.open().filter(learner=self.learner, course=self.courses[which])
        enrolment = mine.first() or an_enrolment(self.courses[which], self.learner)
        at = timezone.now() - timedelta(days=days_late)
        if to is None:
            study_status.change_status(
                enrolment=enrolment, to=StudyStatus.COMPLETED, by=None, actor=Actor.SYSTEM, at=at
            )
        else:
            self.change(enrolment, to, by)

    def change(self, enrolment, to, by) -> None:
        study_status.change_status(enrolment=enrolment, to=to, by=by, actor=Actor.ADMINISTRATOR)

    def active(self):
        mine = {"cycle__assignment": self.cycle.assignment}
        return Certificate.objects.active().filter(**mine)

    def rounds(self):
        related = ("assignment__certification__organisation", "version")
        rows = Cycle.objects.filter(assignment=self.cycle.assignment).select_related(*related)
        return list(rows.order_by("number"))


def check(person) -> None:
    """What must hold whenever everything that is due was looked at."""
    before = None
    for row in person.rounds():
        active = list(Certificate.objects.active().filter(cycle=row))
        assert len(active) == (row.completed_on is not None and row.revoked_at is None)
        if active:
            assert active[0].achieved_on == row.completed_on
            assert active[0].valid_until == row.valid_until
        if before is None or before.revoked_at is None:
            check_days(row, before)
        before = row


def check_days(row, before) -> None:
    """The days of a round, worked out in another way than the product does."""
    if before is not None:
        assert before.completed_on is not None
        assert before.window_opens_on <= row.begins_on <= before.valid_until + ONE_DAY
    if row.completed_on is None:
        return
    assert before is None or row.completed_on > before.completed_on
    period = row.version.period_months
    in_time = before is not None and row.completed_on <= before.valid_until
    if row.version.anchor == Anchor.FIXED:
        check_fixed(row, before if in_time else None)
    if in_time and row.version.anchor != Anchor.COMPLETION:
        assert row.valid_from == before.valid_until + ONE_DAY
        assert row.gap_days == 0
    elif not in_time:
        assert row.valid_from == row.completed_on
        is_fixed = row.version.anchor == Anchor.FIXED
        assert is_fixed or row.valid_until == end_of(row.completed_on, period)
        if before is not None:
            assert row.gap_days == (row.completed_on - before.valid_until).days - 1
            enough = row.completed_on <= before.grace_until
            assert enough or row.path == Path.FULL
    if in_time:
        longest = end_of(before.valid_until + ONE_DAY, period) + 3 * ONE_DAY
        assert before.valid_until <= row.valid_until <= max(before.valid_until, longest)


def check_fixed(row, before) -> None:
    """It ends before the fixed day, within the period, unless what it renews lasts longer."""
    assert row.valid_until <= end_of(row.valid_from, row.version.period_months)
    after = row.valid_until + ONE_DAY
    is_on_it = (after.month, after.day) == (row.version.fixed_month, row.version.fixed_day)
    assert is_on_it or (before is not None and row.valid_until == before.valid_until)


def end_of(day: date, months: int) -> date:
    """The last valid day, with another library: the day before, or the end of a shorter month."""
    same_day = day + relativedelta(months=months)
    return same_day - ONE_DAY if same_day.day == day.day else same_day


def outcome(person) -> list[tuple]:
    names = ("number", "path", "begins_on", "due_on", "completed_on", "valid_from", "valid_until")
    more = ("previous_until", "renewal_until", "gap_days", "next_round_on", "version__number")
    rows = Cycle.objects.filter(assignment=person.cycle.assignment).order_by("number")
    return list(rows.values_list(*names, *more))


def state_of(person) -> str:
    return str(states.state_of(person.rounds()[-1]))


@given(
    begin=BEGINNINGS,
    zone=st.sampled_from(["Europe/Amsterdam", "Pacific/Auckland", "America/Curacao"]),
    hour=st.sampled_from([0, 1, 11, 12, 23]),
    rule=RULES,
    steps=st.lists(STEPS, min_size=3, max_size=10),
)
@searching(15)
@taken_back()
def test_the_same_rounds_whether_jobs_ran_once_ten_times_or_not_at_all(
    begin, zone, hour, rule, steps
):
    by = an_administrator()
    begun = datetime(begin.year, begin.month, begin.day, hour, 30, tzinfo=ZoneInfo(zone))
    with time_machine.travel(begun.astimezone(UTC), tick=False) as clock:
        people = []
        for jobs in (TWICE, NEVER):
            clock.move_to(begun)
            people.append(Person(zone, rule, jobs))
            for step in steps:
                people[-1].take(step, by, clock)
                if jobs:
                    check(people[-1])
        found = [state_of(person) for person in people]
        assert found[0] == found[1]
        clock.shift(timedelta(minutes=20))
        awarding.drain()
        renewing.begin_due()
        for person in people:
            check(person)
        assert outcome(people[0]) == outcome(people[1])
        assert at_most_one_digest_a_day(people)


def at_most_one_digest_a_day(people) -> bool:
    told = Notification.objects.filter(kind=reminding.KIND, user__in=[p.learner for p in people])
    days = [(one.user_id, one.created_at.date()) for one in told]
    written = Reminder.objects.filter(user__in=[p.learner for p in people])
    once = {(r.cycle_id, r.user_id, r.moment, r.days, r.on) for r in written}
    return len(days) == len(set(days)) and len(once) == written.count()
