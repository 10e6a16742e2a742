"""Warnings before a subscription ends: to whom, on which days, and once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from learners.models import Notification, StudyStatus
from learners.people import subscriptions
from learners.studying import redeeming, subscription_warnings
from learners.tasks import warn_before_subscriptions_end
from learners.tests.factories import OrganisationFactory, a_programme, with_status
from learners.tests.offering import offering, silent
from learners.tests.studying.subscribing import a_batch, a_follower, subscribe

pytestmark = pytest.mark.django_db
KIND = "learners/subscription_ends"


@pytest.fixture(autouse=True)
def exams():
    """The exams that are open, by the key of their enrolment."""
    found = {}
    asked = lambda rows: {one.pk: found[one.pk] for one in rows if one.pk in found}  # noqa: E731
    with silent("open_exams"), offering(open_exams=asked):
        yield found


@pytest.fixture
def here():
    return OrganisationFactory(programmes_need_subscription=True)


@pytest.fixture
def whole(here, exams):
    made = a_follower(a_programme(organisation=here))
    exams[made.pk] = "Proeve"
    return made


def told():
    return Notification.objects.filter(kind=KIND)


def warn_on(days):
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        return subscription_warnings.warn()


def test_each_of_the_three_is_told_once_whatever_runs_twice(whole):
    subscribe(whole, 0, 20)
    numbers = []
    for day in range(22):
        for _twice in range(2):
            warn_on(day)
        numbers.append(told().count())
    assert numbers == [0] * 6 + [1] * 11 + [2] * 3 + [3] * 2
    note = told().first()
    assert (note.user, note.organisation) == (whole.learner, whole.organisation)
    assert note.params["exam"] == "Proeve"
    assert note.url == f"{whole.get_absolute_url()}#subscription"


def test_a_day_that_was_missed_is_made_up_for(whole):
    subscribe(whole, 0, 20)
    assert warn_on(9) == 1
    assert warn_on(19) == 1
    assert told().count() == 2


def test_what_ends_today_is_told_today(whole):
    subscribe(whole, -5, 0)
    warn_before_subscriptions_end()
    assert told().get().key.endswith(":0")


def test_the_trial_ends_too(whole):
    subscriptions.start_trial(user=whole.learner, by=whole.learner)
    assert subscription_warnings.warn() == 1


def test_a_prolonged_one_silences_the_warning_until_its_own_end_is_near(whole):
    subscribe(whole, 0, 10)
    subscription_warnings.warn()
    code = a_batch(organisation=whole.organisation).codes.get()
    redeeming.redeem(typed=code.code, by=whole.learner)
    assert [warn_on(day) for day in (7, 8, 10, 80)] == [0, 0, 0, 0]
    assert warn_on(86) == 1
    assert told().count() == 2


def test_who_begins_anew_after_a_day_between_is_warned(whole):
    subscribe(whole, 0, 3)
    subscribe(whole, 5, 90)
    assert subscription_warnings.warn() == 1


def test_an_exam_that_outlives_the_programme_is_told_of(whole):
    subscribe(whole, 0, 3)
    whole.term_ends_on = whole.organisation.today() - timedelta(days=1)
    with_status(whole, StudyStatus.WITHDRAWN_VALID)
    assert subscription_warnings.warn() == 1


class TestNotTold:
    """Nothing would close, or nothing that is open."""

    def test_who_has_no_exam_open(self, whole, exams):
        subscribe(whole, 0, 3)
        exams.clear()
        assert subscription_warnings.warn() == 0

    def test_where_no_subscription_is_asked(self, whole, here):
        subscribe(whole, 0, 3)
        here.programmes_need_subscription = False
        here.save()
        assert subscription_warnings.warn() == 0

    def test_whose_subscription_elsewhere_ends(self, whole):
        elsewhere = a_follower(a_programme(), learner=whole.learner)
        subscribe(whole, 0, 300)
        subscribe(elsewhere, 0, 3)
        assert subscription_warnings.warn() == 0

    def test_whose_subscription_ended_yesterday(self, whole):
        subscribe(whole, -3, -1)
        assert subscription_warnings.warn() == 0

    def test_who_may_not_sign_in(self, whole):
        subscribe(whole, 0, 3)
        whole.learner.is_active = False
        whole.learner.save()
        assert subscription_warnings.warn() == 0


def test_the_day_is_that_of_the_institution(exams):
    at = timezone.now().replace(hour=23, minute=0)  # in Auckland it is tomorrow
    here = OrganisationFactory(programmes_need_subscription=True, time_zone="Pacific/Auckland")
    whole = a_follower(a_programme(organisation=here))
    exams[whole.pk] = "Proeve"
    with time_machine.travel(at, tick=False):
        subscribe(whole, 0, 0)
        subscription_warnings.warn()
    assert told().get().key.endswith(":0")


def test_nobody_is_looked_up_where_no_app_knows_of_exams(whole, django_assert_num_queries):
    subscribe(whole, 0, 3)
    with silent("open_exams"), django_assert_num_queries(0):
        assert subscription_warnings.warn() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_many_are_told_as_quickly_as_one(here, exams, rows, django_assert_num_queries):
    for _row in range(rows):
        whole = a_follower(a_programme(organisation=here))
        exams[whole.pk] = "Proeve"
        subscribe(whole, 0, 3)
    with django_assert_num_queries(6):
        assert subscription_warnings.warn() == rows


def test_more_than_one_batch_is_told(here, exams):
    for _row in range(3):
        whole = a_follower(a_programme(organisation=here))
        exams[whole.pk] = "Proeve"
        subscribe(whole, 0, 3)
    assert subscription_warnings.warn(batch=2) == 3
    assert told().count() == 3
