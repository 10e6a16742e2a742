"""The page on which an assignment is made, and its conversation."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from exams.assignments import drafts, exempting, standing
from exams.conversing import conversations
from exams.defining.putting_aside import archive
from exams.models import Conversation, Message, Reaches, Verdict
from exams.reviewing import reviews
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_remark,
    a_review,
    a_stored_file,
    a_version,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment, Role, StudyStatus
from learners.tests.factories import UserFactory, a_member

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def programme():
    return an_exam_programme(2)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def mine(programme, coach, client):
    learner = a_member(Role.LEARNER, programme.organisation, language="en")
    client.force_login(learner)
    return a_follower(programme, coach, learner=learner)


@pytest.fixture
def work(mine):
    return work_on(mine)


def test_it_says_what_is_asked_before_anything_was_made(client, mine, programme):
    assignment = programme.assignments.first()
    url = reverse("exams:assignment_detail", args=[mine.pk, assignment.pk])
    page = client.get(url).text
    assert "Write your answer, add files, or both, and hand it in." in page
    assert "Schrijf <strong>op</strong> wat je zag." in page
    assert not Conversation.objects.exists()


@time_machine.travel(TUESDAY, tick=False)
def test_after_handing_in_it_says_what_happens_now(client, programme, coach):
    learner = a_member(Role.LEARNER, programme.organisation, language="en")
    work = work_on(a_follower(programme, coach, learner=learner))
    a_hand_in(work)
    client.force_login(learner)
    page = client.get(work.get_absolute_url())
    assert "Your coach reviews it; expect to hear by Tuesday 8 December." in page.text
    assert page.context["page"].following_url == work_on(work.enrolment, 2).get_absolute_url()


def test_of_what_nobody_reviews_it_says_what_was_earned(client, coach):
    programme = an_exam_programme(1, is_reviewed=False)
    learner = a_member(Role.LEARNER, programme.organisation, language="en")
    work = work_on(a_follower(programme, learner=learner))
    a_hand_in(work)
    client.force_login(learner)
    assert "Done: 10 XP earned." in client.get(work.get_absolute_url()).text


def test_feedback_stands_beside_the_work_and_at_its_lines(client, work, coach):
    hand_in = a_hand_in(work, "First line.\nSecond line.")
    a_remark(hand_in=hand_in, by=coach, text="Which people?", place=2)
    a_review(hand_in, coach, Verdict.SENT_BACK, "Nearly there.")
    page = client.get(work.get_absolute_url()).text
    assert "Nearly there." in page
    assert 'href="#line-2"' in page
    assert 'class="line line-remarked" id="line-2"' in page


def test_a_draft_of_a_review_is_nobodys_to_read(client, work, coach):
    hand_in = a_hand_in(work)
    reviews.save(hand_in=hand_in, by=coach, feedback="Not said yet")
    a_remark(hand_in=hand_in, by=coach, text="Nor this", place=1)
    page = client.get(work.get_absolute_url()).text
    assert "Not said yet" not in page
    assert "Nor this" not in page


def test_a_version_shows_what_changed_since_the_one_before(client, work):
    a_hand_in(work, "I saw three people.", (a_stored_file(work.enrolment.learner, "plan.pdf"),))
    a_hand_in(work, "I saw four people.")
    page = client.get(work.get_absolute_url()).text
    assert '<ins><span class="visually-hidden">added: </span>four</ins>' in page
    assert '<del><span class="visually-hidden">taken out: </span>three</del>' in page
    assert "1 word added" in page
    assert "1 word taken out" in page


def test_what_was_typed_is_never_read_as_html(client, work, coach):
    a_hand_in(work, "<script>one</script>")
    a_review(a_hand_in(work, "<script>two</script>"), coach, Verdict.SENT_BACK, "<b>No</b>")
    page = client.get(work.get_absolute_url()).text
    assert "<script>one" not in page
    assert "<script>two" not in page
    assert "<b>No" not in page


def test_a_newer_version_of_the_assignment_is_announced_to_who_improves(client, work, coach):
    a_review(a_hand_in(work), coach, Verdict.SENT_BACK, "Once more.")
    said = "This assignment changed since you handed in."
    assert said not in client.get(work.get_absolute_url()).text
    a_version(work.assignment, reaches=Reaches.IMPROVING, task_nl="Something else")
    page = client.get(work.get_absolute_url()).text
    assert said in page
    assert "This answers version 1 of the assignment." in page


def test_who_is_exempt_reads_on_what_ground(client, work, programme):
    exempting.exempt(
        enrolment=work.enrolment,
        assignment=work.assignment,
        by=a_board_member(programme),
        ground="Done elsewhere",
    )
    page = client.get(work.get_absolute_url())
    assert "You are exempt from this assignment: Done elsewhere" in page.text
    assert not page.context["page"].takes_answer


def test_what_was_made_stays_to_be_read_when_the_programme_ended(client, work):
    a_hand_in(work, "What I made")
    Enrolment.objects.filter(pk=work.enrolment_id).update(status=StudyStatus.WITHDRAWN_VALID)
    page = client.get(work.get_absolute_url()).text
    assert "What I made" in page
    assert "You do not follow this programme any more." in page
    assert "Send message" not in page
    sent = client.post(f"{work.get_absolute_url()}say/", {"text": "Hello?"})
    assert sent.status_code == 404


def test_nobody_else_opens_it(client, work, coach, programme):
    a_hand_in(work)
    for other in (UserFactory(), a_follower(programme).learner, coach):
        client.force_login(other)
        assert client.get(work.get_absolute_url()).status_code == 404
        assert client.post(f"{work.get_absolute_url()}say/", {"text": "Hi"}).status_code == 404
    assert not Message.objects.exists()


def test_an_assignment_of_another_programme_is_not_found(client, mine):
    other = an_exam_programme(1).assignments.get()
    url = reverse("exams:assignment_detail", args=[mine.pk, other.pk])
    assert client.get(url).status_code == 404


class TestConversation:
    def test_what_is_sent_twice_is_said_once(self, client, mine, programme):
        url = reverse("exams:assignment_say", args=[mine.pk, programme.assignments.first().pk])
        for _time in (1, 2):
            sent = client.post(url, {"text": "Is this enough?", "sent_as": "a-key"})
        assert sent["Location"] == url.replace("say/", "#conversation")
        said = Message.objects.get()
        assert (said.text, said.by) == ("Is this enough?", mine.learner)
        assert said.conversation.asked_at is not None

    def test_who_signed_in_again_comes_to_the_conversation(self, client, work):
        answer = client.get(f"{work.get_absolute_url()}say/")
        assert answer.url == f"{work.get_absolute_url()}#conversation"

    def test_an_answer_that_was_not_on_the_page_stays_unread(self, client, work, coach):
        conversations.say(work=work, by=coach, text="Well done.")
        shown = list(conversations.messages_of(work))
        later = conversations.say(work=work, by=coach, text="And look at this.")
        conversations.read(last=shown[-1])
        conversations.say(work=work, by=work.enrolment.learner, text="Thanks.")
        assert Conversation.objects.get().learner_read_at < later.at

    def test_nothing_said_is_an_error_beside_the_field(self, client, work):
        page = client.post(f"{work.get_absolute_url()}say/", {"text": " ", "sent_as": "a-key"})
        assert page.context["form"].errors == {"text": ["Write something."]}

    def test_too_much_is_an_error_and_what_was_typed_stays(self, client, work):
        text = "a" * (conversations.LONGEST + 1)
        page = client.post(f"{work.get_absolute_url()}say/", {"text": text, "sent_as": "a-key"})
        assert "text" in page.context["form"].errors
        assert text in page.text
        assert not Message.objects.exists()

    def test_who_says_more_than_people_do_waits_and_what_was_typed_stays(
        self, client, work, settings
    ):
        settings.MESSAGES_PER_HOUR = 1
        url = f"{work.get_absolute_url()}say/"
        client.post(url, {"text": "One", "sent_as": "a"})
        page = client.post(url, {"text": "Two", "sent_as": "b"})
        assert "text" in page.context["form"].errors
        assert "Two</textarea>" in page.text
        settings.MESSAGES_PER_HOUR = 0
        client.post(url, {"text": "Two", "sent_as": "b"})
        assert Message.objects.count() == 2

    def test_opening_the_page_reads_what_the_coach_said_and_writes_nothing_else(
        self, client, work, coach
    ):
        conversations.say(work=work, by=coach, text="Well done.")
        assert Conversation.objects.get().learner_read_at is None
        assert "Well done." in client.get(work.get_absolute_url()).text
        read_at = Conversation.objects.get().learner_read_at
        assert read_at is not None
        client.get(work.get_absolute_url())
        assert Conversation.objects.get().learner_read_at == read_at


def test_what_was_typed_after_an_approved_hand_in_stays_to_be_read(client, work, coach):
    a_review(a_hand_in(work, "I saw three people."), coach)
    handed_in_alone = client.get(work.get_absolute_url()).text
    assert "Your draft, which was not handed in" not in handed_in_alone
    draft = drafts.of(work)
    me = work.enrolment.learner
    drafts.save_text(work=work, by=me, text="I saw four people.", revision=draft.revision)
    page = client.get(work.get_absolute_url()).text
    assert "Your draft, which was not handed in" in page
    assert "I saw four people." in page
    assert "data-draft-text" not in page


def test_what_was_put_aside_stays_to_be_read_with_a_draft_or_a_conversation(
    client, mine, work, coach
):
    other = work_on(mine, 2)
    drafts.save_text(work=work, by=mine.learner, text="I saw three people.", revision=0)
    conversations.say(work=other, by=coach, text="Which people?")
    archive(assignments=[work.assignment, other.assignment], by=UserFactory())
    words = "This assignment was put aside."
    page = client.get(work.get_absolute_url()).text
    assert words in page
    assert "I saw three people." in page
    assert "data-draft-text" not in page
    page = client.get(other.get_absolute_url()).text
    assert words in page
    assert "Which people?" in page
    assert "Send message" not in page
    sent = client.post(f"{work.get_absolute_url()}hand-in/", {"text": "More.", "window": "a"})
    assert sent.status_code == 302
    assert not work.hand_ins.exists()
    assert standing.of(mine).total == 0


def test_what_was_put_aside_before_anything_was_made_is_not_found(client, work):
    archive(assignments=[work.assignment], by=UserFactory())
    assert client.get(work.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_version_as_for_three(
    client, work, coach, rows, django_assert_num_queries
):
    for row in range(rows + 1):
        file = a_stored_file(work.enrolment.learner, f"{row}.pdf")
        hand_in = a_hand_in(work, f"Version {row}\nof it", (file,))
        a_remark(hand_in=hand_in, by=coach, text="Why?", place=1)
        a_remark(hand_in=hand_in, by=coach, text="Why?", place=None, file=file)
        a_review(hand_in, coach, Verdict.SENT_BACK, "Once more.")
        conversations.say(work=work, by=coach, text="See what I wrote.")
    client.get(work.get_absolute_url())
    with django_assert_num_queries(QUERIES):
        client.get(work.get_absolute_url())


QUERIES = 17
