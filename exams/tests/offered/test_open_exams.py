"""Which exams are open, so that a subscription that ends is warned of."""

from datetime import timedelta

import pytest

from exams.models import ExamKind
from exams.offered.open_exams import open_exams
from exams.releasing import releases
from exams.releasing.way import Step
from exams.tests.factories import a_coach, a_follower, an_exam, an_exam_programme
from exams.tests.walking import walk_to
from learners.enrolling.withdrawing import withdraw
from learners.models import Actor, Notification, Subscription, SubscriptionKind
from learners.studying import subscription_warnings

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return an_exam_programme(3)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


def released(programme, coach):
    enrolment = a_follower(programme, coach)
    walk_to(Step.RELEASED, enrolment, coach)
    return enrolment


def test_an_exam_is_open_from_its_release_whether_it_was_started_or_not(programme, coach):
    an_exam(programme)
    waits, begins = a_follower(programme, coach), released(programme, coach)
    releases.start(attempt=begins.attempts.get(), by=begins.learner)
    third = released(programme, coach)
    title = "Examen" if third.learner.language == "nl" else "Exam"
    assert open_exams([waits, begins, third]) == {begins.pk: title, third.pk: title}


def test_one_that_is_taken_elsewhere_is_never_open_here(programme, coach):
    an_exam(programme, kind=ExamKind.OUTSIDE, parts=0)
    assert open_exams([released(programme, coach)]) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_one_query(programme, coach, rows, django_assert_num_queries):
    an_exam(programme)
    enrolments = [released(programme, coach) for _row in range(rows)]
    with django_assert_num_queries(1):
        assert len(open_exams(enrolments)) == rows


def test_who_withdrew_is_warned_too_as_their_exam_stays_open(programme, coach):
    an_exam(programme)
    enrolment, here = released(programme, coach), programme.organisation
    here.programmes_need_subscription = True
    here.save()
    Subscription.objects.create(
        user=enrolment.learner,
        organisation=here,
        kind=SubscriptionKind.PAID,
        starts_on=here.today(),
        ends_on=here.today() + timedelta(days=2),
    )
    withdraw(enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER, notified_on=None)
    assert subscription_warnings.warn() == 1
    assert Notification.objects.filter(kind="learners/subscription_ends").count() == 1
