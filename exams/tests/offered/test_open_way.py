"""What is open on the way to an exam is named before a programme ends, and goes on or not."""

import pytest
from django.utils import timezone

from exams.assignments.states import WorkRefused
from exams.models import Sample, SampleState
from exams.offered.what_is_open import what_is_open
from exams.releasing import releases
from exams.sampling import samples
from exams.tests.factories import (
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    a_review,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.enrolling.withdrawing import withdraw
from learners.hooks.questions import Closing
from learners.models import Actor, Enrolment

pytestmark = pytest.mark.django_db
ENDING = [Closing.WITHDRAWING, Closing.CANCELLING, Closing.EXEMPTING]


@pytest.fixture
def programme():
    programme = an_exam_programme(2, needed_xp=0)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def enrolment(programme, coach):
    """Somebody whose only work was approved, so that nothing else of them is open."""
    enrolment = a_follower(programme, coach)
    a_review(a_hand_in(work_on(enrolment)), coach)
    return enrolment


def apply(enrolment):
    return samples.apply(enrolment=enrolment, by=enrolment.learner)


def said(enrolment, closing):
    found = what_is_open([enrolment], closing).get(enrolment.pk, ())
    return [(str(one.what), str(one.text), one.goes_on) for one in found]


def archived(enrolment) -> Enrolment:
    Enrolment.objects.filter(pk=enrolment.pk).update(archived_at=timezone.now())
    return Enrolment.objects.get(pk=enrolment.pk)


@pytest.mark.parametrize("closing", Closing)
def test_an_exam_that_was_released_or_started_goes_on_whatever_ends(enrolment, coach, closing):
    a_decision(apply(enrolment).sample, coach)
    attempt = releases.release(enrolment=enrolment, by=coach)
    assert said(enrolment, closing) == [
        ("The exam “Exam” that was released", "it can still be started", True)
    ]
    releases.start(attempt=attempt, by=enrolment.learner)
    assert said(enrolment, closing) == [
        ("The exam “Exam” that was started", "it can still be made", True)
    ]


@pytest.mark.parametrize("closing", ENDING)
def test_a_sample_is_closed_where_a_programme_ends_for_somebody(enrolment, coach, closing):
    sample = apply(enrolment).sample
    expected = "The sample that is assessed", "nobody decides it any more", False
    assert said(enrolment, closing) == [expected]
    a_decision(sample, coach)
    expected = "The sample that was approved", "no exam is released any more", False
    assert said(enrolment, closing) == [expected]


def test_after_a_study_term_a_sample_and_a_question_for_a_new_one_go_on(enrolment, coach):
    sample = samples.draw(enrolment=enrolment, by=coach)
    lapsing = Closing.LAPSING
    expected = "The sample that is assessed", "a coach still decides it", True
    assert said(enrolment, lapsing) == [expected]
    a_decision(sample, coach, 1)
    assert said(enrolment, lapsing) == []
    a_review(a_hand_in(work_on(enrolment), "Beter."), coach)
    apply(enrolment)
    expected = "The new sample that was asked for", "a coach still draws it", True
    assert said(enrolment, lapsing) == [expected]
    assert said(enrolment, Closing.WITHDRAWING)[0][1:] == ("nobody draws it any more", False)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    expected = "The sample that was approved", "the exam can still be released", True
    assert said(enrolment, lapsing) == [expected]


def test_in_an_archived_programme_who_applied_finishes(enrolment, coach):
    sample = apply(enrolment).sample
    assert said(enrolment, Closing.ARCHIVING)[0][1:] == ("a coach still decides it", True)
    enrolment = archived(enrolment)
    assert list(Sample.objects.open()) == [sample]
    a_decision(sample, coach, 1)
    a_hand_in(work_on(enrolment), "Beter.")
    apply(enrolment)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    attempt = releases.release(enrolment=enrolment, by=coach)
    assert releases.start(attempt=attempt, by=enrolment.learner).started_at


def test_in_an_archived_programme_who_did_not_apply_goes_no_further(enrolment, coach):
    samples.draw(enrolment=enrolment, by=coach)
    expected = "The sample that is assessed", "nobody decides it any more", False
    assert said(enrolment, Closing.ARCHIVING) == [expected]
    enrolment = archived(enrolment)
    assert not Sample.objects.open().exists()
    with pytest.raises(WorkRefused, match="archived"):
        apply(enrolment)
    with pytest.raises(WorkRefused, match="not followed"):
        releases.release(enrolment=enrolment, by=coach)
    Sample.objects.update(state=SampleState.APPROVED, decided_at=timezone.now(), decided_by=coach)
    with pytest.raises(WorkRefused, match="not followed"):
        releases.release(enrolment=enrolment, by=coach)


def test_who_withdrew_after_they_applied_is_not_gone_on_with(enrolment, coach):
    apply(enrolment)
    me = enrolment.learner
    withdraw(enrolment=enrolment, by=me, actor=Actor.LEARNER, notified_on=None)
    assert not Sample.objects.open().exists()
    with pytest.raises(WorkRefused, match="not followed"):
        releases.release(enrolment=enrolment, by=coach)


def test_it_is_asked_in_as_many_queries_for_more(
    enrolment, programme, coach, django_assert_num_queries
):
    people = [a_follower(programme, coach) for _learner in range(3)]
    for number, one in enumerate(people):
        a_review(a_hand_in(work_on(one)), coach)
        sample = apply(one).sample
        if number:
            a_decision(sample, coach)
        if number > 1:
            releases.release(enrolment=one, by=coach)
    for asked in ([enrolment], people):
        with django_assert_num_queries(5):
            what_is_open(asked, Closing.ARCHIVING)
    assert set(what_is_open(people, Closing.ARCHIVING)) == {one.pk for one in people}
