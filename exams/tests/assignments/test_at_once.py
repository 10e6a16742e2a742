"""Several windows, learners and coaches at the same moment, on whichever database the tests run."""

from collections.abc import Callable
from typing import Any

import pytest

from exams.assignments import drafts, exempting, experience, hand_ins
from exams.assignments.states import WorkRefused
from exams.models import (
    AssignmentExemption,
    Draft,
    DraftCopy,
    ExamPlan,
    ExperienceEntry,
    HandIn,
    Review,
    Verdict,
    Work,
    WorkState,
    XPFrom,
)
from exams.reviewing import reviews
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    an_exam_programme,
    work_on,
)
from learners.models import Notification, StudyStatusChange
from learners.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def attempt(act: Callable[..., Any], **asked: object) -> Callable[[], Any]:
    """Do it later; a refusal is an answer too."""

    def done() -> Any:
        try:
            return act(**asked)
        except WorkRefused as refused:
            return refused

    return done


def refused(answers: list) -> list[WorkRefused]:
    return [answer for answer in answers if isinstance(answer, WorkRefused)]


def test_twenty_presses_at_once_hand_in_once():
    work = work_on(a_follower(an_exam_programme(1)))
    me = work.enrolment.learner
    saved = drafts.save_text(work=work, by=me, text="Ik zag drie mensen.", revision=0)
    press = attempt(hand_ins.hand_in, work=work, by=me, number=0, revision=saved.draft.revision)

    answers = at_once(*[press] * 20)

    assert {answer.pk for answer in answers} == {HandIn.objects.get().pk}
    assert ExperienceEntry.objects.count() == 1
    assert Work.objects.get().number == 1
    assert StudyStatusChange.objects.filter(to_status="started").count() == 1


def test_of_two_coaches_at_once_one_wins_and_the_other_keeps_what_they_wrote():
    programme = an_exam_programme(1, xp_from=XPFrom.APPROVAL)
    coaches = [a_coach(programme) for _coach in range(2)]
    made = a_hand_in(work_on(a_follower(programme, *coaches)))
    for coach in coaches:
        reviews.save(hand_in=made, by=coach, feedback="Concept")

    answers = at_once(
        *(
            attempt(reviews.give, hand_in=made, by=coach, verdict=verdict, feedback="Gezien.")
            for coach, verdict in zip(coaches, Verdict, strict=True)
        )
    )

    (late,) = refused(answers)
    (won,) = Review.objects.given()
    assert won.by.name in str(late)
    assert Review.objects.get(given_at=None).feedback == "Concept"
    assert Work.objects.get().state == won.verdict
    assert Notification.objects.filter(kind__startswith="exams/assignment_").count() == 1


def test_pressed_twice_at_once_a_review_is_given_once():
    programme = an_exam_programme(1)
    coach = a_coach(programme)
    made = a_hand_in(work_on(a_follower(programme, coach)))
    press = attempt(
        reviews.give, hand_in=made, by=coach, verdict=Verdict.APPROVED, feedback="Mooi."
    )

    answers = at_once(*[press] * 6)

    assert {answer.pk for answer in answers} == {Review.objects.get().pk}


def test_feedback_that_keeps_itself_while_it_is_given_is_kept_and_given_once():
    programme = an_exam_programme(1)
    coach = a_coach(programme)
    made = a_hand_in(work_on(a_follower(programme, coach)))
    reviews.save(hand_in=made, by=coach, feedback="Mo")
    keep = attempt(reviews.save, hand_in=made, by=coach, feedback="Mooi.")
    given = {"hand_in": made, "by": coach, "verdict": Verdict.APPROVED, "feedback": "Mooi."}

    answers = at_once(keep, keep, attempt(reviews.give, **given), keep)

    assert refused(answers) == []
    assert Review.objects.given().count() == 1


def test_of_two_first_drafts_at_once_one_is_the_draft_and_the_other_stands_beside_it():
    work = work_on(a_follower(an_exam_programme(1)))
    me = work.enrolment.learner

    answers = at_once(
        *(
            attempt(drafts.save_text, work=work, by=me, text=text, revision=0, window=text)
            for text in ("desk", "phone")
        )
    )

    assert sorted(answer.is_ahead for answer in answers) == [False, True]
    assert {Draft.objects.get().text, DraftCopy.objects.get().text} == {"desk", "phone"}


def test_a_first_draft_and_a_press_at_once_wait_for_each_other_and_lose_nothing():
    work = work_on(a_follower(an_exam_programme(1)))
    me = work.enrolment.learner
    press = attempt(hand_ins.hand_in, work=work, by=me, number=0, revision=1)
    keep = attempt(drafts.save_text, work=work, by=me, text="desk", revision=0, window="a")

    at_once(press, keep, press, press)

    assert Draft.objects.get().text == "desk"
    assert HandIn.objects.count() in (0, 1)


def test_begun_in_ten_windows_at_once_it_is_one_work():
    enrolment = a_follower(an_exam_programme(1))

    at_once(*[lambda: work_on(enrolment)] * 10)

    assert Work.objects.count() == 1


def test_handed_in_while_it_is_reviewed_what_is_stored_is_what_the_facts_say():
    programme = an_exam_programme(1)
    coach = a_coach(programme)
    first = a_hand_in(work_on(a_follower(programme, coach)))
    work, me = first.work, first.work.enrolment.learner
    saved = drafts.save_text(work=work, by=me, text="Beter.", revision=1)
    review = {"hand_in": first, "by": coach, "verdict": Verdict.SENT_BACK, "feedback": "Wie?"}

    at_once(
        attempt(reviews.give, **review),
        attempt(hand_ins.hand_in, work=work, by=me, number=1, revision=saved.draft.revision),
    )

    work = Work.objects.get()
    assert (work.number, work.state) == (2, WorkState.HANDED_IN)


def test_exempted_twice_at_once_it_is_one_exemption():
    programme = an_exam_programme(1)
    enrolment, board = a_follower(programme), a_board_member(programme)
    given = {"enrolment": enrolment, "assignment": programme.assignments.get(), "by": board}
    press = attempt(exempting.exempt, **given, ground="Diploma")

    at_once(*[press] * 5)

    assert AssignmentExemption.objects.count() == 1
    assert Notification.objects.filter(kind="exams/assignment_exempted").count() == 1


def test_a_plan_made_up_by_two_at_once_gives_xp_once():
    programme = an_exam_programme(1, xp_from=XPFrom.APPROVAL)
    for _learner in range(5):
        a_hand_in(work_on(a_follower(programme)))
    plan = ExamPlan.objects.get(programme=programme)
    plan.xp_from = XPFrom.HAND_IN
    plan.save()

    given = at_once(*[lambda: experience.make_up(plan)] * 3)

    assert sum(given) == ExperienceEntry.objects.count() == 5
