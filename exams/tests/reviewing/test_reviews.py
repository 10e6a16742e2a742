"""Reviewing: a draft that stays, a verdict once, and nobody who writes over another."""

import pytest
from django.utils import timezone

from exams.assignments.states import WorkRefused
from exams.conversing import conversations
from exams.models import LONGEST_TEXT, ExperienceEntry, Remark, Review, Verdict, WorkState, XPFrom
from exams.reviewing import reviews
from exams.reviewing.reviews import ReviewRefused, WentOn, Window
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
from learners.models import Enrolment, Notification, StudyStatus, User

pytestmark = pytest.mark.django_db
A, B = Verdict.APPROVED, Verdict.SENT_BACK


@pytest.fixture
def programme():
    return an_exam_programme(1, xp_from=XPFrom.APPROVAL)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def hand_in(programme, coach):
    return a_hand_in(work_on(a_follower(programme, coach)))


def give(hand_in, by, verdict=A, feedback="Mooi.", seen=None):
    return reviews.give(hand_in=hand_in, by=by, verdict=verdict, feedback=feedback, seen=seen)


def test_approving_twice_is_done_once_and_told_once(hand_in, coach):
    first = give(hand_in, coach)
    assert give(hand_in, coach) == first
    assert Review.objects.count() == 1
    assert ExperienceEntry.objects.get().xp == 10
    assert Notification.objects.filter(kind="exams/assignment_approved").count() == 1
    hand_in.work.refresh_from_db()
    assert (hand_in.work.state, hand_in.work.waits_since) == (WorkState.APPROVED, None)


def test_a_second_coach_who_did_not_see_the_first_is_refused_and_keeps_the_draft(hand_in, coach):
    other = a_coach(hand_in.work.enrolment.programme)
    reviews.save(hand_in=hand_in, by=other, feedback="Van mij")
    first = give(hand_in, coach)
    with pytest.raises(ReviewRefused, match=coach.name):
        give(hand_in, other, B, "Van mij")
    assert reviews.draft_of(hand_in, other).feedback == "Van mij"
    assert give(hand_in, other, B, "Van mij", seen=first.pk).verdict == B


def test_a_coach_changes_their_mind_until_something_newer_is_handed_in(hand_in, coach):
    sent_back = give(hand_in, coach, B, "Kijk nog eens.")
    approved = give(hand_in, coach, A, "Toch goed.", seen=sent_back.pk)
    again = give(hand_in, coach, B, "Toch niet.", seen=approved.pk)
    assert list(reviews.given(hand_in)) == [again, approved, sent_back]
    a_hand_in(hand_in.work, "Beter.")
    with pytest.raises(ReviewRefused, match="newer version"):
        give(hand_in, coach, A, "Goed.", seen=again.pk)


def test_sent_back_needs_a_word_or_a_remark(hand_in, coach):
    with pytest.raises(ReviewRefused, match="what can be better"):
        give(hand_in, coach, B, "  ")
    a_remark(hand_in=hand_in, by=coach, text="Wie?", place=1)
    assert give(hand_in, coach, B, "").remarks.get().text == "Wie?"


def test_a_remark_made_after_it_was_sent_back_is_not_taken_for_the_same_press(hand_in, coach):
    last = give(hand_in, coach, B, "Kijk nog eens.")
    a_remark(hand_in=hand_in, by=coach, text="En hier", place=1)
    more = give(hand_in, coach, B, "Kijk nog eens.", seen=last.pk)
    assert Remark.objects.get().review == more != last


@pytest.mark.parametrize("verdict", [A, B])
def test_feedback_is_added_under_the_same_verdict_and_told(hand_in, coach, verdict):
    first = give(hand_in, coach, verdict, "Kijk nog eens.")
    more = give(hand_in, coach, verdict, "En kijk hier.", seen=first.pk)
    assert list(reviews.given(hand_in)) == [more, first]
    assert Notification.objects.filter(kind=f"exams/assignment_{verdict}").count() == 2
    with pytest.raises(ReviewRefused, match="what you want to add"):
        give(hand_in, coach, verdict, " ", seen=more.pk)


def test_a_window_overwrites_no_text_that_it_did_not_show(hand_in, coach):
    def keep(text, revision, name):
        window = Window(revision, name)
        return reviews.save(hand_in=hand_in, by=coach, feedback=text, window=window)

    assert keep("Van hier.", 0, "here").is_ahead
    assert keep("Van hier, verder.", 0, "here").is_ahead, "it goes on after an answer got lost"
    late = keep("Van daar.", 0, "there")
    assert (late.is_ahead, late.draft.feedback) == (False, "Van hier, verder.")
    assert keep("Van hier, verder.", 0, "there").is_ahead, "both say the same"
    assert keep("Van daar.", late.draft.revision, "there").is_ahead, "it was shown"
    assert not keep("", 1, "here").is_ahead
    assert reviews.draft_of(hand_in, coach).feedback == "Van daar."


def test_what_is_given_is_no_text_that_another_window_is_ahead_of(hand_in, coach):
    draft = reviews.save(hand_in=hand_in, by=coach, feedback="Van hier.").draft
    said = {"hand_in": hand_in, "by": coach, "verdict": A, "feedback": "Van daar."}
    with pytest.raises(WentOn) as refused:
        reviews.give(**said, window=Window(0))
    assert refused.value.draft.feedback == "Van hier."
    assert reviews.give(**said, window=Window(draft.revision)).feedback == "Van daar."


def test_feedback_that_keeps_itself_after_it_was_given_is_no_draft_again(hand_in, coach):
    last = give(hand_in, coach)
    reviews.save(hand_in=hand_in, by=coach, feedback="Mooi.")
    assert Review.objects.get() == last
    reviews.save(hand_in=hand_in, by=coach, feedback="Mooi. En nog iets.")
    assert reviews.draft_of(hand_in, coach).feedback == "Mooi. En nog iets."


def test_feedback_that_is_too_long_is_refused(hand_in, coach):
    text = "x" * (LONGEST_TEXT + 1)
    with pytest.raises(ReviewRefused, match="Characters: 200001"):
        reviews.save(hand_in=hand_in, by=coach, feedback=text)
    with pytest.raises(ReviewRefused, match="Characters: 200001"):
        give(hand_in, coach, A, text)


def test_a_remark_is_of_a_line_or_a_file_of_this_work(hand_in, coach):
    for place in (None, 0, 2):
        with pytest.raises(ReviewRefused, match="1 to 1"):
            a_remark(hand_in=hand_in, by=coach, text="Wie?", place=place)
    with pytest.raises(ReviewRefused, match="not part"):
        a_remark(hand_in=hand_in, by=coach, text="?", place=1, file=a_stored_file())
    twice = [a_remark(hand_in=hand_in, by=coach, text="Wie?", place=1) for _ in range(2)]
    assert twice[0] == twice[1]
    reviews.take_remark_away(remark=twice[0], by=coach)
    assert not Remark.objects.exists()


def test_a_remark_that_was_given_is_not_taken_away(hand_in, coach):
    said = a_remark(hand_in=hand_in, by=coach, text="Wie?", place=1)
    a_review(hand_in, coach)
    reviews.take_remark_away(remark=said, by=coach)
    assert Remark.objects.get() == said


def test_what_nobody_reviews_is_not_approved():
    programme = an_exam_programme(1, is_reviewed=False)
    made = a_hand_in(work_on(a_follower(programme)))
    with pytest.raises(WorkRefused, match="done"):
        give(made, a_coach(programme))


ENDED = [
    {"status": StudyStatus.WITHDRAWN_VALID},
    {"status": StudyStatus.CANCELLED},
    {"status": StudyStatus.COMPLETED},
    {"archived_at": timezone.now()},
]


@pytest.mark.parametrize("ended", ENDED, ids=lambda ended: str(next(iter(ended.values())))[:15])
def test_what_is_not_followed_any_more_is_neither_reviewed_nor_talked_about(hand_in, coach, ended):
    Enrolment.objects.filter(pk=hand_in.work.enrolment_id).update(**ended)
    for done in (
        lambda: give(hand_in, coach),
        lambda: conversations.say(work=hand_in.work, by=coach, text="Nog iets."),
    ):
        with pytest.raises(WorkRefused):
            done()
    hand_in.work.refresh_from_db()
    assert hand_in.work.state == WorkState.HANDED_IN
    assert not Review.objects.given().exists()


def test_of_who_was_cleared_nothing_is_reviewed(hand_in, coach):
    User.objects.filter(pk=hand_in.work.enrolment.learner_id).update(
        pseudonymised_at=timezone.now()
    )
    with pytest.raises(WorkRefused):
        give(hand_in, coach)


def test_what_was_handed_in_is_reviewed_after_the_term_lapsed(hand_in, coach):
    ended = {"status": StudyStatus.TERM_LAPSED}
    Enrolment.objects.filter(pk=hand_in.work.enrolment_id).update(**ended)
    assert give(hand_in, coach).is_given
