"""Whom a question reaches, and what it is called."""

import pytest

from exams.conversing import conversations
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    an_exam_programme,
    work_on,
)
from learners.models import Notification

pytestmark = pytest.mark.django_db


def ask(work):
    conversations.say(work=work, by=work.enrolment.learner, text="Hoe begin ik?")
    return Notification.objects.filter(kind="exams/message")


def test_a_question_before_any_hand_in_names_what_is_asked():
    programme = an_exam_programme()
    coach = a_coach(programme)
    told = ask(work_on(a_follower(programme, coach))).get()
    assert told.user == coach
    assert told.params["title_nl"] == "Opdracht 1"
    assert told.params["title_en"] == "Assignment 1"


def test_a_question_of_somebody_without_a_coach_is_told_to_the_board():
    programme = an_exam_programme()
    board = {a_board_member(programme), a_board_member(programme)}
    a_coach(programme)
    assert {one.user for one in ask(work_on(a_follower(programme)))} == board
