"""Whatever happens over the years, in whatever order, and whether jobs ran once, ten times or not
at all that night: never a day of validity that the rule does not give, never one lost, never two
certificates of one cycle, and the same cycles in the end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from certifications import awarding, releasing_and_revoking
from certifications.cycles import renewing
from certifications.models import Anchor, Certificate, Path
from certifications.tests import lives
from certifications.tests.factories import a_certification, an_elearning
from certifications.tests.lives import BEGINNINGS, ONE_DAY, RULES, end_of
from learners.models import Actor, Enrolment, StudyStatus
from learners.studying import study_status
from learners.tests.factories import OrganisationFactory, an_enrolment
from learners.tests.searching import NIGHTS, running, searching, three_lives

pytestmark = pytest.mark.django_db
COURSE = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("complete"), COURSE),
    st.tuples(st.just("complete"), COURSE),
    st.tuples(st.just("enter late"), COURSE, st.integers(1, 40)),
    st.tuples(st.just("correct"), COURSE),
    st.tuples(st.just("exempt"), COURSE),
    lives.publishing(RULES),
    *(lives.TAKE_AWAY, lives.ASSIGN_ANEW, lives.EXCUSE, lives.WAITING, lives.WAITING),
    st.just(("withdraw certificate",)),
)


class Person(lives.Person):
    """Somebody in a certification that asks one course always, another the first time."""

    def __init__(self, zone, rule, clock) -> None:
        organisation = OrganisationFactory(time_zone=zone)
        self.courses = [an_elearning(organisation=organisation) for _ in range(2)]
        super().__init__(a_certification(*self.courses, **rule), clock)
        version = self.certification.versions.get()
        version.requirements.filter(course=self.courses[1]).update(path=Path.FULL)

    def complete(self, which) -> None:
        self.enter_late(which, 0)

    def enter_late(self, which, days) -> None:
        study_status.change_status(
            enrolment=self.enrolment(which),
            to=StudyStatus.COMPLETED,
            by=None,
            actor=Actor.SYSTEM,
            at=timezone.now() - timedelta(days=days),
        )

    def exempt(self, which) -> None:
        self.change(self.enrolment(which), StudyStatus.EXEMPT)

    def correct(self, which) -> None:
        done = Enrolment.objects.done().filter(learner=self.learner, course=self.courses[which])
        if enrolment := done.order_by("-pk").first():
            self.change(enrolment, StudyStatus.NOT_PASSED)

    def withdraw_certificate(self) -> None:
        active = Certificate.objects.active().filter(cycle__assignment=self.assignment)
        for certificate in active.order_by("-cycle__number")[:1]:
            releasing_and_revoking.revoke(certificate=certificate, by=self.by, reason="Fraud")

    def enrolment(self, which) -> Enrolment:
        mine = Enrolment.objects.open().filter(learner=self.learner, course=self.courses[which])
        return mine.first() or an_enrolment(self.courses[which], self.learner)

    def change(self, enrolment, to) -> None:
        study_status.change_status(
            enrolment=enrolment, to=to, by=self.by, actor=Actor.ADMINISTRATOR
        )


def check(person) -> None:
    """What must hold whenever everything that is due was looked at."""
    before = None
    for row in person.cycles():
        active = list(Certificate.objects.active().filter(cycle=row))
        assert len(active) == (row.completed_on is not None and row.revoked_at is None)
        if active:
            assert active[0].achieved_on == row.completed_on
            assert active[0].valid_until == row.valid_until
        if before is None or before.revoked_at is None:
            check_days(row, before)
        elif row.completed_on and row.completed_on > before.revoked_on:
            assert row.valid_from == row.completed_on
        before = row


def check_days(row, before) -> None:
    """The days of a cycle, worked out in another way than the product does."""
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


@given(
    begin=BEGINNINGS,
    rule=RULES,
    steps=st.lists(STEPS, min_size=3, max_size=10),
    nights=NIGHTS,
)
@searching(6)
def test_the_same_cycles_whether_jobs_ran_once_ten_times_or_not_at_all(begin, rule, steps, nights):
    def live(jobs):
        with lives.begun_at(begin) as clock:
            person = Person(str(begin.tzinfo), rule, clock)
            for step, times in zip(steps, jobs, strict=False):
                person.take(step)
                awarding.drain()
                person.pass_a_night(times)
                if times:
                    check(person)
            return at_last(person)

    first, *others = three_lives(live, nights)
    assert others == [first, first]


def at_last(person) -> tuple:
    """Return the state before jobs run for the last time, and the cycles after it."""
    state = person.state()
    person.clock.shift(timedelta(minutes=20))
    running(2, awarding.drain, renewing.begin_due)
    check(person)
    assert person.was_told_at_most_once_a_day()
    return state, person.outcome()
