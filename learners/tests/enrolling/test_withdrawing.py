"""Withdrawing in time, too late, and without a run."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from learners.enrolling import withdrawing
from learners.enrolling.withdrawing import WithdrawalRefused, withdraw, withdrawal_status
from learners.meetings import planning
from learners.models import Actor, Place, PlaceState, StudyStatus
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    RunFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    with_status,
)

VALID, INVALID = StudyStatus.WITHDRAWN_VALID, StudyStatus.WITHDRAWN_INVALID
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
# zones with a clock change, without one, with one of half an hour, and beyond the date line
ZONES = st.sampled_from(
    ["Europe/Amsterdam", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]
)


@given(notified_on=DAYS, days=st.integers(-400, 400), limit=st.integers(0, 90))
def test_in_time_is_the_limit_or_more_days_before_the_first_meeting(notified_on, days, limit):
    status = withdrawal_status(
        first_day=notified_on + timedelta(days), notified_on=notified_on, limit_days=limit
    )
    assert status == (VALID if days >= limit else INVALID)


@pytest.mark.parametrize(("days", "expected"), [(16, VALID), (15, VALID), (14, INVALID)])
def test_exactly_fifteen_days_is_in_time(days, expected):
    status = withdrawal_status(
        first_day=date(2026, 12, 1) + timedelta(days),
        notified_on=date(2026, 12, 1),
        limit_days=15,
    )
    assert status == expected


@given(notified_on=st.none() | DAYS, limit=st.integers(0, 90))
def test_without_a_first_day_every_withdrawal_is_valid(notified_on, limit):
    status = withdrawal_status(first_day=None, notified_on=notified_on, limit_days=limit)
    assert status == VALID


def test_an_unknown_day_is_not_in_time():
    status = withdrawal_status(first_day=date(2026, 12, 1), notified_on=None, limit_days=0)
    assert status == INVALID


@given(
    day=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    begins=st.times(),
    told=st.times(),
    zone=ZONES,
    days=st.integers(0, 30),
)
def test_days_are_calendar_days_where_the_institution_is(day, begins, told, zone, days):
    """Neither the hour of the day nor a change of the clock in between counts."""
    tz = ZoneInfo(zone)
    organisation = OrganisationFactory.build(time_zone=zone)
    first = datetime.combine(day + timedelta(days), begins, tzinfo=tz)
    moment = datetime.combine(day, told, tzinfo=tz)
    run = RunFactory.build(course=None, starts_at=first)
    with time_machine.travel(moment, tick=False):
        status = withdrawal_status(
            first_day=run.first_day(organisation), notified_on=organisation.today(), limit_days=15
        )
    # an hour that a clock skips falls on the other side of midnight in no zone above
    assert status == (VALID if days >= 15 else INVALID)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "expected"), [(16, VALID), (14, INVALID)])
def test_withdrawing_frees_the_place_at_once(days, expected):
    run = a_run(days)
    enrolment = a_participant(run)
    today = enrolment.organisation.today()
    change = withdraw(
        enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER, notified_on=today
    )
    assert (enrolment.status, change.to_status, change.notified_on) == (expected, expected, today)
    place = Place.objects.get(enrolment=enrolment)
    assert (place.state, place.released_by_status) == (PlaceState.RELEASED, True)


@pytest.mark.django_db
def test_withdrawing_twice_is_withdrawing_once():
    enrolment = a_participant(a_run(30))
    today = enrolment.organisation.today()
    for _time in range(2):
        withdraw(enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER, notified_on=today)
    assert enrolment.status_changes.filter(to_status=VALID).count() == 1


@pytest.mark.django_db
def test_an_administrator_enters_the_day_somebody_let_know():
    run = a_run(3)
    enrolment = a_participant(run)
    long_ago = enrolment.organisation.today() - timedelta(20)
    withdraw(
        enrolment=enrolment, by=an_administrator(), actor=Actor.ADMINISTRATOR, notified_on=long_ago
    )
    assert enrolment.status == VALID


@pytest.mark.django_db
def test_nobody_lets_know_tomorrow():
    enrolment = a_participant(a_run(30))
    tomorrow = enrolment.organisation.today() + timedelta(1)
    with pytest.raises(WithdrawalRefused):
        withdraw(
            enrolment=enrolment, by=an_administrator(), actor=Actor.ADMINISTRATOR,
            notified_on=tomorrow,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_learner_cannot_withdraw_from_a_run_that_is_over():
    enrolment = a_participant(a_run(-5))
    with pytest.raises(WithdrawalRefused):
        withdraw(
            enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER,
            notified_on=enrolment.organisation.today(),
        )  # fmt: skip
    enrolment.refresh_from_db()
    assert enrolment.status == StudyStatus.ENROLLED


@pytest.mark.django_db
def test_a_cancelled_first_meeting_does_not_count():
    run = a_run(5, 40)
    enrolment = a_participant(run)
    planning.cancel_meeting(meeting=run.meetings.first(), by=an_administrator())
    withdraw(
        enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER,
        notified_on=enrolment.organisation.today(),
    )  # fmt: skip
    assert enrolment.status == VALID


@pytest.mark.django_db
def test_withdrawing_from_a_programme_withdraws_from_its_open_courses():
    from learners.enrolling import entering

    soon, done = CourseFactory(), CourseFactory()
    programme = a_programme(soon, done)
    learner = a_participant(a_run(5, course=CourseFactory())).learner
    whole = entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )
    part = whole.parts.get(course=soon)
    entering.choose_run(enrolment=part, run=a_run(5, course=soon), by=learner)
    with_status(whole.parts.get(course=done), StudyStatus.COMPLETED)
    withdraw(
        enrolment=whole, by=learner, actor=Actor.LEARNER, notified_on=whole.organisation.today()
    )
    assert whole.status == VALID
    assert dict(whole.parts.values_list("course", "status")) == {
        soon.pk: INVALID,
        done.pk: StudyStatus.COMPLETED,
    }


@pytest.mark.django_db
def test_what_it_means_is_known_beforehand():
    run = a_run(10)
    enrolment = a_participant(run)
    today = enrolment.organisation.today()
    (meaning,) = withdrawing.consequences(enrolment=enrolment, notified_on=today)
    assert (meaning.run, meaning.first_day, meaning.days_before, meaning.status) == (
        run,
        run.first_day(enrolment.organisation),
        10,
        INVALID,
    )
    (in_elearning,) = withdrawing.consequences(
        enrolment=an_enrolment(CourseFactory()), notified_on=today
    )
    assert in_elearning.is_in_time
