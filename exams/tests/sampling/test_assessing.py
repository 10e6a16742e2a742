"""What a decision makes of the work in a sample, whatever happened to it since it was drawn."""

import pytest

from exams.models import ExperienceEntry, Review, SampleAct, Verdict, WorkState, XPFrom
from exams.sampling import assessing, samples
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


def test_what_was_sent_back_before_is_so_again_though_it_was_approved_meanwhile(
    hand_in, enrolment, coach
):
    a_review(hand_in, coach, Verdict.SENT_BACK, "Wie?")
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_judgement(sample.items.get(), coach, Verdict.SENT_BACK, feedback="")
    a_review(hand_in, coach, Verdict.APPROVED)
    assessing.decide(sample=sample, by=coach, act=SampleAct.REFUSE)
    assert work_on(enrolment).state == WorkState.SENT_BACK


def test_what_was_approved_before_is_so_again_though_it_was_sent_back_meanwhile(
    hand_in, enrolment, coach
):
    a_review(hand_in, coach, Verdict.APPROVED)
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_judgement(sample.items.get(), coach, feedback="")
    a_review(hand_in, coach, Verdict.SENT_BACK)
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
