"""What is open among assignments is named before a programme ends, with what becomes of it."""

import pytest

from exams.assignments import drafts, exempting
from exams.models import AnswerKind
from exams.offered.what_is_open import what_is_open
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from learners.hooks.questions import Closing
from learners.studying import open_work

pytestmark = pytest.mark.django_db


def draft(work, text="Een begin"):
    revision = drafts.of(work).revision
    drafts.save_text(work=work, by=work.enrolment.learner, text=text, revision=revision)


def said(enrolment, closing=Closing.WITHDRAWING):
    found = what_is_open([enrolment], closing).get(enrolment.pk, ())
    return [(str(one.what), str(one.text), one.goes_on) for one in found]


@pytest.fixture
def enrolment():
    programme = an_exam_programme(4)
    return a_follower(programme, a_coach(programme))


@pytest.mark.parametrize("closing", Closing)
def test_work_that_waits_and_answers_that_were_not_handed_in_are_named(enrolment, closing):
    for number in (1, 2):
        a_hand_in(work_on(enrolment, number))
    draft(work_on(enrolment, 3))
    lapses = closing is Closing.LAPSING
    becomes = "a coach still reviews it" if lapses else "it leaves the list of whoever reviews"
    assert said(enrolment, closing) == [
        ("2 assignments that were handed in", becomes, lapses),
        (
            "1 answer that was not handed in",
            "it stays to be read, and cannot be handed in any more",
            False,
        ),
    ]


def test_what_is_finished_or_was_handed_in_as_it_stands_is_not_open(enrolment):
    coach = enrolment.coaches.get()
    approved, waits = (work_on(enrolment, number) for number in (1, 2))
    a_review(a_hand_in(approved), coach)
    draft(approved, "Na het oordeel")
    exempt = work_on(enrolment, 3)
    draft(exempt)
    board = a_board_member(enrolment.programme)
    given = {"enrolment": enrolment, "assignment": exempt.assignment}
    exempting.exempt(**given, by=board, ground="Diploma")
    assert said(enrolment) == []
    a_hand_in(waits)
    assert [what for what, _text, _on in said(enrolment)] == ["1 assignment that was handed in"]
    draft(waits, "Nog beter")
    assert len(said(enrolment)) == 2


def test_a_draft_with_nothing_but_a_file_is_one_too():
    enrolment = a_follower(an_exam_programme(1, answer=AnswerKind.FILES))
    work, me = work_on(enrolment), enrolment.learner
    drafts.add_files(work=work, files=[a_stored_file(me)], by=me)
    assert len(said(enrolment)) == 1
    draft(work, "Hoort er niet bij")
    a_hand_in(work, "Hoort er niet bij")
    assert [what for what, _text, _on in said(enrolment)] == ["1 assignment that was handed in"]


def test_it_is_asked_in_five_queries_for_any_number_and_in_none_for_courses(
    enrolment, django_assert_num_queries
):
    others = [a_follower(enrolment.programme) for _learner in range(3)]
    for one in others:
        a_hand_in(work_on(one))
    with django_assert_num_queries(5):
        assert set(what_is_open([enrolment, *others], Closing.ARCHIVING)) == {e.pk for e in others}
    with django_assert_num_queries(0):
        assert what_is_open([], Closing.ARCHIVING) == {}


def test_whoever_ends_a_programme_reads_it_in_one_line(enrolment):
    a_hand_in(work_on(enrolment))
    lines = open_work.of([enrolment], Closing.CANCELLING)
    words = "1 assignment that was handed in is closed: it leaves the list of whoever reviews"
    assert open_work.in_words(lines) == {enrolment.pk: words}
