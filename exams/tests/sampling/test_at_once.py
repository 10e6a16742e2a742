"""Applying, drawing, judging, deciding and releasing at the same moment, on whichever database the
tests run."""

from functools import partial

import pytest

from exams.assignments import drafts, hand_ins
from exams.models import (
    Application,
    Attempt,
    HandIn,
    Sample,
    SampleAct,
    SampleItem,
    Verdict,
    Work,
    WorkState,
)
from exams.releasing import releases
from exams.sampling import assessing, samples
from exams.tests.assignments.test_at_once import attempt, refused
from exams.tests.factories import (
    a_coach,
    a_decision,
    a_drawn_sample,
    a_follower,
    a_hand_in,
    a_judgement,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import AuditEntry, Notification
from learners.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
APPROVE = partial(assessing.decide, act=SampleAct.APPROVE)
REFUSE = partial(assessing.decide, act=SampleAct.REFUSE)


@pytest.fixture
def programme():
    return an_exam_programme(2, needed_xp=10)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def enrolment(programme, coach):
    enrolment = a_follower(programme, coach)
    a_hand_in(work_on(enrolment))
    return enrolment


def applying(enrolment):
    return attempt(samples.apply, enrolment=enrolment, by=enrolment.learner)


def drawing(enrolment, coach):
    return attempt(samples.draw, enrolment=enrolment, by=coach)


def test_twenty_applications_at_once_are_one_with_one_sample(enrolment):
    answers = at_once(*[applying(enrolment)] * 20)

    assert {answer.pk for answer in answers} == {Application.objects.get().pk}
    assert Application.objects.get().sample == Sample.objects.get()
    assert SampleItem.objects.count() == 1
    assert Notification.objects.filter(kind="exams/applied").count() == 1


def test_drawn_while_somebody_applies_it_is_one_sample_that_answers_them(enrolment, coach):
    answers = at_once(*[applying(enrolment), drawing(enrolment, coach)] * 4)

    assert refused(answers) == []
    assert Application.objects.get().sample == Sample.objects.get()


def test_asked_again_while_the_coach_draws_it_is_one_second_sample(enrolment, coach):
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach, 1)
    a_hand_in(work_on(enrolment), "Beter.")

    at_once(*[applying(enrolment), drawing(enrolment, coach)] * 3)

    assert [sample.number for sample in Sample.objects.order_by("number")] == [1, 2]
    assert set(Application.objects.values_list("sample__number", flat=True)) <= {2}


def test_of_two_decisions_at_once_one_stands_and_is_told_once(enrolment, coach):
    sample = a_drawn_sample(enrolment)
    other = a_coach(enrolment.programme)
    a_judgement(sample.items.get(), coach)

    answers = at_once(
        *(attempt(APPROVE, sample=sample, by=by, revisions=1) for by in (coach, other) * 2)
    )

    sample.refresh_from_db()
    assert {sample.decided_by_id} == {
        one.decided_by_id for one in answers if one not in refused(answers)
    }
    assert len(refused(answers)) == 2
    assert Notification.objects.filter(kind="exams/sample_approved").count() == 1
    assert AuditEntry.objects.filter(action="exams.sample_approved").count() == 1


def test_judged_by_two_at_once_nobody_overwrites_what_they_did_not_see(enrolment, coach):
    item = a_drawn_sample(enrolment).items.get()
    other = a_coach(enrolment.programme)
    said = {"item": item, "revision": 0, "feedback": "Gezien."}

    answers = at_once(
        attempt(assessing.judge, by=coach, verdict=Verdict.APPROVED, **said),
        attempt(assessing.judge, by=other, verdict=Verdict.SENT_BACK, **said),
    )

    item.refresh_from_db()
    (refusal,) = refused(answers)
    assert refusal.item.by == item.by
    assert item.revision == 1


def test_a_verdict_that_comes_while_it_is_decided_is_seen_or_refused(enrolment, coach):
    sample = a_drawn_sample(enrolment)
    item = a_judgement(sample.items.get(), coach)
    other = a_coach(enrolment.programme)

    at_once(
        attempt(APPROVE, sample=sample, by=coach, revisions=1),
        attempt(
            assessing.judge, item=item, by=other, verdict=Verdict.SENT_BACK, feedback="Wie?",
            revision=1,
        ),
    )  # fmt: skip

    sample.refresh_from_db()
    item.refresh_from_db()
    assert (sample.is_open, item.verdict) in {(True, "sent_back"), (False, "approved")}


def test_released_ten_times_at_once_it_is_one_attempt_that_is_told_once(enrolment, coach):
    an_exam(enrolment.programme)
    a_decision(a_drawn_sample(enrolment), coach)

    answers = at_once(*[attempt(releases.release, enrolment=enrolment, by=coach)] * 10)

    assert {answer.pk for answer in answers} == {Attempt.objects.get().pk}
    assert Notification.objects.filter(kind="exams/exam_released").count() == 1
    started = at_once(*[attempt(releases.start, attempt=answers[0], by=enrolment.learner)] * 10)
    assert len({one.started_at for one in started}) == 1


def test_handed_in_while_a_sample_is_drawn_it_has_one_of_the_two_versions(enrolment, coach):
    work = work_on(enrolment)
    me = enrolment.learner
    saved = drafts.save_text(work=work, by=me, text="Beter.", revision=1)
    press = {"work": work, "by": me, "number": 1, "revision": saved.draft.revision}

    answers = at_once(attempt(hand_ins.hand_in, **press), drawing(enrolment, coach))

    assert refused(answers) == []
    item = SampleItem.objects.get()
    assert item.hand_in in HandIn.objects.all()
    assert item.sample.drawn_from[0]["hand_in"] == item.hand_in_id


def test_handed_in_while_a_sample_is_refused_what_is_stored_is_what_the_facts_say(enrolment, coach):
    sample = a_drawn_sample(enrolment)
    a_judgement(sample.items.get(), coach, Verdict.SENT_BACK)
    work, me = work_on(enrolment), enrolment.learner
    saved = drafts.save_text(work=work, by=me, text="Beter.", revision=2)
    press = {"work": work, "by": me, "number": work.number, "revision": saved.draft.revision}

    answers = at_once(
        attempt(REFUSE, sample=sample, by=coach),
        attempt(hand_ins.hand_in, **press),
    )

    assert refused(answers) == []
    work = Work.objects.get()
    assert (work.number, work.state) == (HandIn.objects.count(), WorkState.HANDED_IN)
