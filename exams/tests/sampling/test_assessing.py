"""What a decision makes of the work in a sample, whatever happened to it since it was drawn."""

import pytest

from exams.models import ExperienceEntry, Review, SampleAct, Verdict, WorkState, XPFrom
from exams.releasing import way
from exams.releasing.way import Step
from exams.sampling import assessing, samples
from exams.sampling.states import SampleRefused
from exams.tests.factories import (
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    a_judgement,
    a_review,
    an_exam_programme,
    work_on,
)
from learners.enrolling.withdrawing import withdraw
from learners.models import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    programme = an_exam_programme(1, xp_from=XPFrom.APPROVAL)
    return a_follower(programme, a_coach(programme))


@pytest.fixture
def coach(enrolment):
    return enrolment.coaches.get()


@pytest.fixture
def hand_in(enrolment):
    return a_hand_in(work_on(enrolment))


@pytest.fixture
def sample(hand_in, enrolment, coach):
    return samples.draw(enrolment=enrolment, by=coach)


def test_what_was_sent_back_before_is_so_again_though_it_was_approved_meanwhile(
    hand_in, enrolment, coach
):
    a_review(hand_in, coach, Verdict.SENT_BACK, "Wie?")
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_review(hand_in, coach, Verdict.APPROVED)
    a_judgement(sample.items.get(), coach, Verdict.SENT_BACK, feedback="")
    assessing.decide(sample=sample, by=coach, act=SampleAct.REFUSE)
    assert work_on(enrolment).state == WorkState.SENT_BACK


def test_what_was_approved_before_is_so_again_though_it_was_sent_back_meanwhile(
    hand_in, enrolment, coach
):
    a_review(hand_in, coach, Verdict.APPROVED)
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_review(hand_in, coach, Verdict.SENT_BACK)
    a_judgement(sample.items.get(), coach, feedback="")
    assessing.decide(sample=sample, by=coach, act=SampleAct.APPROVE)
    assert work_on(enrolment).state == WorkState.APPROVED


def test_confirmed_without_a_word_nothing_is_said_twice(hand_in, enrolment, coach):
    a_review(hand_in, coach, Verdict.APPROVED)
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_judgement(sample.items.get(), coach, feedback="")
    assessing.decide(sample=sample, by=coach, act=SampleAct.APPROVE)
    assert Review.objects.count() == 1


def test_an_older_version_that_a_sample_approves_earns_its_xp_and_leaves_the_newer_waiting(
    hand_in, enrolment, coach
):
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_hand_in(work_on(enrolment), "Nog mooier.")
    a_decision(sample, coach)
    assert ExperienceEntry.objects.get().hand_in == hand_in
    assert work_on(enrolment).state == WorkState.HANDED_IN


def test_of_who_left_the_programme_nothing_is_judged_or_decided_any_more(sample, coach):
    for item in sample.items.all():
        a_judgement(item, coach)
    enrolment = sample.enrolment
    withdraw(enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER, notified_on=None)
    with pytest.raises(SampleRefused, match="not followed any more"):
        a_judgement(sample.items.first(), coach, feedback="Nog iets.")
    with pytest.raises(SampleRefused, match="not followed any more"):
        assessing.decide(sample=sample, by=coach, act=SampleAct.APPROVE)
    assert sample.items.first().feedback == "Helder."


def test_what_was_reviewed_otherwise_meanwhile_is_looked_at_and_judged_again(sample, coach):
    for item in sample.items.all():
        a_judgement(item, coach)
    item, other = sample.items.first(), a_coach(sample.enrolment.programme, name="Fatima")
    a_review(item.hand_in, other, Verdict.SENT_BACK, "Toch niet.")
    with pytest.raises(SampleRefused, match="Fatima reviewed “Assignment 1” meanwhile"):
        assessing.decide(sample=sample, by=coach, act=SampleAct.APPROVE)
    a_judgement(item, coach)
    assessing.decide(sample=sample, by=coach, act=SampleAct.APPROVE)
    assert item.hand_in.reviews.given().first().verdict == Verdict.APPROVED


def test_what_is_approved_after_all_need_not_be_improved(sample, coach):
    a_decision(sample, coach, 1)
    assert samples.unimproved(sample).count() == 1
    a_review(sample.items.first().hand_in, coach)
    assert samples.unimproved(sample).count() == 0
    assert way.of(sample.enrolment).step is Step.IMPROVED
