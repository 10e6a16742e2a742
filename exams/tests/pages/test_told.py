"""What is told of a work in one line."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from exams.assignments import drafts, standing
from exams.conversing import conversations
from exams.models import Verdict
from exams.pages import told
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_remark,
    a_review,
    a_stored_file,
    an_exam_programme,
    work_on,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def programme():
    return an_exam_programme(1)


@pytest.fixture
def mine(programme, coach):
    with time_machine.travel(MONDAY - timedelta(days=30), tick=False):
        return a_follower(programme, coach)


def line(enrolment):
    (one,) = standing.of(enrolment).asked
    every = told.of(enrolment, is_coached=enrolment.coachings.at_work().exists())
    said = every.get(one.work.pk, told.NOTHING) if one.work else told.NOTHING
    return told.line(one, said, enrolment.organisation.today())


def on(days):
    return time_machine.travel(MONDAY + timedelta(days=days), tick=False)


def test_from_the_first_word_until_approval(mine, coach):
    work = work_on(mine)
    with on(0):
        assert line(mine) == "Answer with text, files, or both"
        drafts.save_text(work=work, by=mine.learner, text="I", revision=0)
        assert line(mine) == "Draft kept today 10:00"
    with on(1):
        first = a_hand_in(work, "I saw three people.")
        assert line(mine) == "Handed in 3 November · expect to hear by 10 November"
    with on(3):
        waits = "with your coach for 2 days · expect to hear by 10 November"
        assert line(mine) == f"Handed in 3 November · {waits}"
    with on(9):
        waits = "with your coach for 8 days · a review was due by 10 November"
        assert line(mine) == f"Handed in 3 November · {waits}"
        a_review(first, coach, Verdict.SENT_BACK, "Which people,\nand  where?")
        assert line(mine) == "Sent back: “Which people, and where?”"
    with on(10):
        draft = drafts.of(work)
        drafts.save_text(work=work, by=mine.learner, text="Four", revision=draft.revision)
        kept = "draft kept today 10:00"
        assert line(mine) == f"Sent back: “Which people, and where?” · {kept}"
        a_review(a_hand_in(work, "I saw four people."), coach)
        assert line(mine) == "Second version, handed in 12 November · with feedback"


def test_of_what_was_sent_back_no_draft_is_told_until_it_says_something_else(mine, coach):
    work, learner = work_on(mine), mine.learner
    verslag = a_stored_file(learner)
    a_review(a_hand_in(work, files=(verslag,)), coach, Verdict.SENT_BACK, "Once more.")
    assert line(mine) == "Sent back: “Once more.”"
    revision = drafts.of(work).revision
    drafts.save_text(work=work, by=learner, text="Ik zag drie mensen.\n", revision=revision)
    assert line(mine) == "Sent back: “Once more.”"
    added = a_stored_file(learner, "more.pdf")
    drafts.add_files(work=work, files=[added], by=learner)
    assert "draft kept" in line(mine)
    drafts.remove_file(work=work, file=added.pk, by=learner)
    assert "draft kept" not in line(mine)
    drafts.remove_file(work=work, file=verslag.pk, by=learner)
    assert "draft kept" in line(mine)


def test_a_file_that_is_added_later_is_when_the_draft_was_kept(mine):
    work = work_on(mine)
    with on(0):
        drafts.save_text(work=work, by=mine.learner, text="I", revision=0)
    with on(1):
        drafts.add_files(work=work, files=[a_stored_file(mine.learner)], by=mine.learner)
        assert line(mine) == "Draft kept today 10:00"


def test_of_remarks_alone_it_says_that_there_are(mine, coach):
    hand_in = a_hand_in(work_on(mine))
    a_remark(hand_in=hand_in, by=coach, text="Who?", place=1)
    a_review(hand_in, coach, Verdict.SENT_BACK, "")
    assert line(mine) == "Sent back, with remarks"


def test_without_a_coach_the_board_has_it(programme):
    with on(0):
        alone = a_follower(programme)
        a_hand_in(work_on(alone))
    with on(1):
        assert re.search("with the examination board for 1 day ·", line(alone))


def test_a_message_of_the_coach_is_news_until_it_was_read(mine, coach):
    work = work_on(mine)
    conversations.say(work=work, by=mine.learner, text="Is this enough?")
    assert not told.of(mine)[work.pk].has_news
    said = conversations.say(work=work, by=coach, text="It is.")
    assert told.of(mine)[work.pk].has_news
    conversations.read(last=said)
    assert not told.of(mine)[work.pk].has_news
