"""What assignments hold of somebody: what they take along, and what is cleared."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from exams.assignments import drafts, exempting, standing
from exams.conversing import conversations
from exams.models import (
    AssignmentExemption,
    Draft,
    DraftFile,
    HandIn,
    HandInFile,
    Message,
    Remark,
    Review,
    Verdict,
    Work,
)
from exams.offered import personal
from exams.reviewing import reviews
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_remark,
    a_review,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from learners.models import AuditEntry, StoredFile, User
from learners.pseudonyms import NAMELESS

pytestmark = pytest.mark.django_db
SECRET = "Yasmina schreef dit"


@pytest.fixture
def programme():
    return an_exam_programme(3)


@pytest.fixture
def coach(programme):
    return a_coach(programme, name="Coen Coach")


@pytest.fixture
def enrolment(programme, coach):
    return a_follower(programme, coach)


@pytest.fixture
def hand_in(enrolment, coach):
    """One assignment sent back with words and remarks, with a newer draft beside it and another
    text; one exempt; of all of it words."""
    work, me = work_on(enrolment), enrolment.learner
    made = a_hand_in(work, SECRET, files=(a_stored_file(me),))
    a_remark(hand_in=made, by=coach, text=SECRET, place=1)
    a_review(made, coach, Verdict.SENT_BACK, SECRET)
    reviews.save(hand_in=made, by=coach, feedback=f"{SECRET} ook")
    for window in "ab":
        drafts.save_text(work=work, by=me, text=f"{SECRET} {window}", revision=1, window=window)
    conversations.say(work=work, by=me, text=SECRET)
    board = a_board_member(enrolment.programme)
    second = work_on(enrolment, 2).assignment
    exempting.exempt(enrolment=enrolment, assignment=second, by=board, ground=SECRET)
    return made


def clear(*people):
    personal.pseudonymise([person.pk for person in people], at=timezone.now())


def test_somebody_takes_along_all_they_made_and_what_was_said_of_it(hand_in, enrolment):
    a_hand_in(work_on(a_follower(enrolment.programme)), "Van een ander")
    held = personal.export(enrolment.learner)
    assert [row["state"] for row in held["assignments"]] == ["sent_back", "exempt"]
    (handed_in,) = held["hand_ins"]
    assert (handed_in["text"], handed_in["files"]) == (SECRET, ["verslag.pdf"])
    (draft,) = held["drafts"]
    assert (draft["text"], draft["other_texts"]) == (f"{SECRET} a", [f"{SECRET} b"])
    assert draft["files"] == ["verslag.pdf"]
    (review,) = held["reviews"]
    assert (review["feedback"], review["remarks"], review["name"]) == (
        *(SECRET, [SECRET]),
        "Coen Coach",
    )
    assert [row["text"] for row in held["messages"]] == [SECRET]
    assert [row["xp"] for row in held["xp"]] == [10]
    assert [row["ground"] for row in held["exemptions_from_assignments"]] == [SECRET]
    assert held["reviews_given"] == held["messages_about_others"] == []
    assert "Van een ander" not in str(held)


def test_a_coach_takes_along_what_they_wrote(hand_in, coach):
    conversations.say(work=hand_in.work, by=coach, text="Graag gedaan")
    held = personal.export(coach)
    assert [row["feedback"] for row in held["reviews_given"]] == [SECRET, f"{SECRET} ook"]
    assert [row["text"] for row in held["messages_about_others"]] == ["Graag gedaan"]
    assert held["assignments"] == held["hand_ins"] == held["messages"] == []


def test_what_one_takes_along_is_asked_in_as_many_queries_for_more(
    hand_in, enrolment, django_assert_num_queries
):
    for number in (2, 3):
        if number == 3:
            a_hand_in(work_on(enrolment, number))
        with django_assert_num_queries(22):
            personal.export(enrolment.learner)


def test_words_and_files_are_cleared_and_what_was_done_stays(
    hand_in, enrolment, django_capture_on_commit_callbacks
):
    before = standing.of(enrolment)
    with django_capture_on_commit_callbacks(execute=True):
        clear(enrolment.learner)
    assert not StoredFile.objects.exists()
    gone = (DraftFile, HandInFile, Draft, Remark)
    assert [model for model in gone if model.objects.exists()] == []
    assert HandIn.objects.get().text == NAMELESS
    review = Review.objects.get()
    assert (review.feedback, review.verdict) == (NAMELESS, Verdict.SENT_BACK)
    assert Message.objects.get().text == NAMELESS
    assert AssignmentExemption.objects.get().ground == NAMELESS
    assert set(AuditEntry.objects.filter(object_type="exams.work").values_list("label")) == {
        (NAMELESS,)
    }
    assert SECRET not in str(personal.export(enrolment.learner))
    after = standing.of(enrolment)
    assert (after.earned, after.total) == (before.earned, before.total)
    assert Work.objects.get(pk=hand_in.work_id).state == "sent_back"


def test_nothing_of_others_is_cleared_and_twice_is_once(hand_in, enrolment, coach):
    other = a_hand_in(work_on(a_follower(enrolment.programme, coach)), "Van een ander")
    a_review(other, coach, Verdict.SENT_BACK, "Voor een ander")
    for _time in range(2):
        clear(enrolment.learner)
    assert HandIn.objects.get(pk=other.pk).text == "Van een ander"
    assert Review.objects.get(hand_in=other).feedback == "Voor een ander"


def test_of_a_coach_what_they_gave_stays_with_whom_it_was_for_and_drafts_go(hand_in, coach):
    clear(coach)
    assert Review.objects.get().feedback == SECRET
    assert HandIn.objects.get().text == SECRET


def test_many_are_cleared_in_as_many_queries_as_one(programme, django_assert_max_num_queries):
    people = []
    for _learner in range(4):
        enrolment = a_follower(programme)
        a_hand_in(work_on(enrolment), files=(a_stored_file(enrolment.learner),))
        people.append(enrolment.learner)
    with django_assert_max_num_queries(40) as one:
        clear(people[0])
    with django_assert_max_num_queries(40) as many:
        clear(*people[1:])
    assert len(many) == len(one)


def test_whoever_wrote_or_heard_something_lately_is_active(enrolment, coach):
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=50), tick=False):
        made = a_hand_in(work_on(enrolment))

    def active(days):
        since = personal.active_since(now - timedelta(days=days))
        return set(User.objects.filter(since, pk__in=[enrolment.learner_id, coach.pk]))

    assert (active(60), active(40)) == ({enrolment.learner}, set())
    with time_machine.travel(now - timedelta(days=30), tick=False):
        a_review(made, coach)
    assert active(40) == {enrolment.learner, coach}
    with time_machine.travel(now - timedelta(days=20), tick=False):
        drafts.save_text(work=made.work, by=enrolment.learner, text="Nog iets", revision=1)
    assert active(25) == {enrolment.learner}
    with time_machine.travel(now - timedelta(days=10), tick=False):
        conversations.say(work=made.work, by=coach, text="Dag")
    assert active(15) == {enrolment.learner, coach}
