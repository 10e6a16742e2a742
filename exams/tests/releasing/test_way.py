"""How somebody stands on the way to their exam, step by step."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exams.assignments.states import WorkRefused
from exams.models import Attempt, ExamPlan, Sample, WorkState
from exams.releasing import releases, way
from exams.releasing.releases import ExamRefused
from exams.releasing.way import Step
from exams.sampling import samples
from exams.tests.factories import (
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import Subscription, SubscriptionKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def enrolment(programme, coach):
    return a_follower(programme, coach)


def step(enrolment) -> Step:
    return way.of(enrolment).step


def hand_in(enrolment, *numbers):
    return [a_hand_in(work_on(enrolment, number), f"Tekst {number}.") for number in numbers]


def test_from_the_first_hand_in_to_the_start(enrolment, coach):
    me = enrolment.learner
    assert step(enrolment) is Step.LOCKED
    with pytest.raises(WorkRefused, match="20 XP more"):
        samples.apply(enrolment=enrolment, by=me)
    hand_in(enrolment, 1, 2)
    assert step(enrolment) is Step.IN_REACH
    applied = samples.apply(enrolment=enrolment, by=me)
    assert samples.apply(enrolment=enrolment, by=me) == applied
    assert step(enrolment) is Step.SAMPLE
    assert applied.sample.items.count() == 2
    a_decision(applied.sample, coach, 1, feedback="Bijna.")
    assert step(enrolment) is Step.REFUSED
    refused = applied.sample.items.get(position=1).hand_in.work
    refused.refresh_from_db()
    assert refused.state == WorkState.SENT_BACK
    with pytest.raises(WorkRefused, match="no newer version"):
        samples.apply(enrolment=enrolment, by=me)
    a_hand_in(refused, "Beter.")
    assert step(enrolment) is Step.IMPROVED
    again = samples.apply(enrolment=enrolment, by=me)
    assert again.sample is None
    assert step(enrolment) is Step.ASKED_AGAIN
    second = samples.draw(enrolment=enrolment, by=coach)
    assert second.number == 2
    a_decision(second, coach)
    assert step(enrolment) is Step.TO_RELEASE
    attempt = releases.release(enrolment=enrolment, by=coach)
    assert releases.release(enrolment=enrolment, by=coach) == attempt
    assert step(enrolment) is Step.RELEASED
    releases.start(attempt=attempt, by=me)
    assert step(enrolment) is Step.STARTED


def test_a_sample_that_a_coach_draws_earlier_needs_no_application(enrolment, coach):
    hand_in(enrolment, 1)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    assert step(enrolment) is Step.APPROVED
    with pytest.raises(ExamRefused, match="10 to go"):
        releases.release(enrolment=enrolment, by=coach)
    hand_in(enrolment, 2)
    assert step(enrolment) is Step.TO_RELEASE
    releases.release(enrolment=enrolment, by=coach)
    assert Attempt.objects.get().sample == Sample.objects.get()


def test_early_with_a_reason_where_the_institution_allows_it(enrolment, coach):
    with pytest.raises(ExamRefused, match="20 to go"):
        releases.release(enrolment=enrolment, by=coach, reason="Zij kan het al.")
    here = enrolment.organisation
    here.early_release = True
    here.save()
    with pytest.raises(ExamRefused, match="Say why"):
        releases.release(enrolment=enrolment, by=coach)
    attempt = releases.release(enrolment=enrolment, by=coach, reason="Zij kan het al.")
    assert (attempt.is_early, attempt.sample) == (True, None)
    assert step(enrolment) is Step.RELEASED


def test_a_programme_without_a_plan_leads_to_no_exam(enrolment, coach):
    ExamPlan.objects.all().delete()
    hand_in(enrolment, 1)
    assert step(enrolment) is Step.LOCKED
    with pytest.raises(WorkRefused, match="leads to no exam"):
        samples.apply(enrolment=enrolment, by=enrolment.learner)
    with pytest.raises(WorkRefused, match="leads to no exam"):
        samples.draw(enrolment=enrolment, by=coach)


def test_a_start_is_judged_by_the_subscription_of_its_own_day(enrolment, coach):
    hand_in(enrolment, 1, 2)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    attempt = releases.release(enrolment=enrolment, by=coach)
    here, me = enrolment.organisation, enrolment.learner
    here.programmes_need_subscription = True
    here.save()
    now = timezone.now()
    until = here.today() - timedelta(days=2)
    Subscription.objects.create(
        user=me,
        organisation=here,
        kind=SubscriptionKind.PAID,
        starts_on=until - timedelta(days=9),
        ends_on=until,
    )
    with pytest.raises(ExamRefused, match="need a subscription"):
        releases.start(attempt=attempt, by=me, at=now)
    then = now - timedelta(days=3)
    assert releases.start(attempt=attempt, by=me, at=then).started_at == then
