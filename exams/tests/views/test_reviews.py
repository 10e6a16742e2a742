"""The work beside its review."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.conversing import conversations
from exams.models import Remark, Review, Verdict, WorkState
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
from learners.models import AuditEntry, Role, StandIn
from learners.tests.factories import UserFactory, a_member, by_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return an_exam_programme()


@pytest.fixture
def coach(programme):
    return a_coach(programme, name="Joris De Wachter", language="en")


@pytest.fixture
def enrolment(programme, coach):
    learner = a_member(Role.LEARNER, programme.organisation, name="Lotte Aerts")
    return a_follower(programme, coach, learner=learner)


@pytest.fixture
def work(enrolment):
    return work_on(enrolment)


@pytest.fixture
def handed_in(work):
    return a_hand_in(work, "Eerste regel.\nTweede regel.")


@pytest.fixture
def by_coach(client, coach):
    client.force_login(coach)
    return client


def to(name, work, *more):
    return reverse(f"exams:{name}", args=[work.pk, *more])


def shown(client, work):
    return client.get(to("review_detail", work))


def send(client, name, work, *more, script=False, **fields):
    """Send the form of the page as it was with the first version on it."""
    headers = {"X-Requested-With": "fetch"} if script else {}
    sent = {"number": 1, "seen": "", "feedback": "", **fields}
    return client.post(to(name, work, *more), sent, headers=headers)


def give(client, work, verdict=Verdict.APPROVED, **fields):
    return send(client, "review_give", work, verdict=verdict, **fields)


def told(response):
    """Return what the page says above its content, after where it led to."""
    return " ".join(str(one) for one in response.wsgi_request._messages)


# Who may


def test_a_learner_is_kept_out_and_a_stranger_finds_nothing(client, handed_in, programme):
    work = handed_in.work
    client.force_login(work.enrolment.learner)
    assert shown(client, work).status_code == 403
    for stranger in (a_coach(programme), a_coach(an_exam_programme())):
        client.force_login(stranger)
        assert shown(client, work).status_code == 404
        assert give(client, work).status_code == 404
        assert send(client, "review_keep", work, feedback="Nee").status_code == 404
        assert send(client, "remark_add", work).status_code == 404
        assert client.post(to("review_say", work), {"text": "Dag"}).status_code == 404
        assert client.post(to("review_no_answer", work)).status_code == 404
    assert not Review.objects.exists()


def test_a_stand_in_reviews_as_long_as_they_stand_in(client, handed_in, programme, coach):
    work, other = handed_in.work, a_coach(programme)
    row = StandIn.objects.create(
        coach=coach,
        stand_in=other,
        organisation=programme.organisation,
        starts_at=by_day(-1),
        ends_at=by_day(1),
    )
    client.force_login(other)
    assert shown(client, work).status_code == 200
    StandIn.objects.filter(pk=row.pk).update(ends_at=by_day(-0.5))
    assert shown(client, work).status_code == 404


def test_the_board_reviews_of_whom_nobody_coaches_alone(client, handed_in, programme):
    client.force_login(a_board_member(programme))
    assert give(client, handed_in.work).status_code == 404
    handed_in.work.enrolment.coachings.all().delete()
    assert shown(client, handed_in.work).status_code == 200
    assert give(client, handed_in.work).status_code == 302
    assert reviews.given(handed_in).exists()


def test_the_board_reads_what_a_coach_reviews_without_a_form(client, handed_in, programme, coach):
    work = handed_in.work
    a_review(handed_in, coach, Verdict.SENT_BACK, "Noem de plaats.")
    a_hand_in(work, "Beter.")
    reviews.save(hand_in=work.hand_ins.latest("number"), by=coach, feedback="Nog niet af.")
    conversations.say(work=work, by=work.enrolment.learner, text="Mag dat?")
    client.force_login(a_board_member(programme, language="en"))
    page = shown(client, work).text
    for words in ("Beter.", "Noem de plaats.", "Mag dat?", "Coached by Joris De Wachter"):
        assert words in page
    for no in ("Nog niet af.", 'name="verdict"', 'id="feedback"', 'id="say"', "data-line"):
        assert no not in page


@pytest.mark.parametrize("name", ["review_keep", "review_give", "remark_add", "review_say"])
def test_who_signed_in_again_comes_from_the_address_of_a_form_to_the_page(by_coach, work, name):
    assert by_coach.get(to(name, work)).url.split("#")[0] == to("review_detail", work)


def test_a_script_of_who_signed_in_again_gets_the_token_of_now(by_coach, client, work, programme):
    headers = {"X-Requested-With": "fetch"}
    assert by_coach.get(to("review_keep", work), headers=headers).json()["csrf"]
    client.force_login(a_coach(programme))
    assert client.get(to("review_keep", work), headers=headers).status_code == 404


def test_nobody_reviews_their_own_work(client, programme):
    coach = a_coach(programme)
    work = work_on(a_follower(programme, coach, learner=coach))
    a_hand_in(work)
    client.force_login(coach)
    assert shown(client, work).status_code == 404


# What is shown


def test_the_work_is_shown_line_by_line_with_its_files(by_coach, work):
    learner = work.enrolment.learner
    files = (a_stored_file(learner, "verslag.pdf"),)
    a_hand_in(work, "Eerste regel.\n<b>Tweede</b> regel.", files)
    page = shown(by_coach, work).text
    assert 'id="line-2"' in page
    assert "&lt;b&gt;Tweede&lt;/b&gt;" in page
    assert reverse("learners:file_framed", args=[files[0].pk]) in page


def test_a_question_without_a_hand_in_is_shown_with_the_task(by_coach, work):
    conversations.say(work=work, by=work.enrolment.learner, text="Hoe begin ik?")
    page = shown(by_coach, work).text
    assert "Nothing was handed in yet" in page
    assert "Hoe begin ik?" in page


def test_earlier_versions_are_shown_with_what_was_said(by_coach, handed_in, coach):
    a_review(handed_in, coach, Verdict.SENT_BACK, "Noem de plaats.")
    a_hand_in(handed_in.work, "Beter.")
    page = shown(by_coach, handed_in.work).text
    assert "Earlier versions" in page
    assert "Noem de plaats." in page
    assert "What changed since the version before" in page


def test_the_page_asks_as_much_for_one_as_for_three(by_coach, work, coach):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert shown(by_coach, work).status_code == 200
        return len(queries)

    learner = work.enrolment.learner
    for number in range(2):
        handed_in = a_hand_in(work, f"Tekst {number}", (a_stored_file(learner),))
        a_remark(hand_in=handed_in, by=coach, text="Kijk", place=1)
        a_review(handed_in, coach, Verdict.SENT_BACK, f"Nog eens {number}")
    few = asked()
    for number in range(2, 5):
        handed_in = a_hand_in(work, f"Tekst {number}", (a_stored_file(learner),))
        a_remark(hand_in=handed_in, by=coach, text="Kijk", place=1)
        a_review(handed_in, coach, Verdict.SENT_BACK, f"Nog eens {number}")
    assert asked() == few


# Giving


def test_approving_tells_the_learner_and_leads_to_the_next(by_coach, handed_in, programme, coach):
    bram = a_member(Role.LEARNER, programme.organisation, name="Bram Kuipers")
    other = work_on(a_follower(programme, coach, learner=bram))
    a_hand_in(other)
    answer = give(by_coach, handed_in.work, feedback="Mooi.")
    assert told(answer) == "Approved. Lotte Aerts has been told."
    handed_in.work.refresh_from_db()
    assert handed_in.work.state == WorkState.APPROVED
    page = by_coach.get(answer.url).text
    assert "Change the verdict or add feedback" in page
    assert re.search(rf'href="{other.get_review_url()}" rel="next">Next: Bram', page)
    assert "1 left" in page


def test_behind_the_last_one_the_queue_is_next(by_coach, handed_in):
    answer = give(by_coach, handed_in.work, feedback="Mooi.")
    assert "Back to the queue" in by_coach.get(answer.url).text


def test_a_double_click_gives_one_review_and_leaves_no_draft(by_coach, handed_in):
    fields = {"feedback": "Mooi.", "place-text": "2", "remark-text": "Sterk"}
    for _click in range(2):
        give(by_coach, handed_in.work, **fields)
    review = Review.objects.get()
    assert (review.is_given, review.remarks.count()) == (True, 1)


def test_what_a_window_keeps_late_begins_no_draft_of_the_next(by_coach, handed_in):
    give(by_coach, handed_in.work, feedback="Mooi.")
    send(by_coach, "review_keep", handed_in.work, script=True, feedback="Mooi.")
    assert Review.objects.get().is_given


def test_sending_back_without_a_word_is_refused_beside_the_field(by_coach, handed_in):
    answer = give(by_coach, handed_in.work, Verdict.SENT_BACK)
    assert "Say what can be better" in answer.text
    assert not reviews.given(handed_in).exists()


def test_sending_back_with_a_remark_alone_is_enough(by_coach, handed_in):
    fields = {"place-text": "2", "remark-text": "Noem de plaats"}
    assert give(by_coach, handed_in.work, Verdict.SENT_BACK, **fields).status_code == 302
    assert reviews.given(handed_in).get().remarks.get().place == 2


def test_the_verdict_is_changed_by_a_second_review(by_coach, handed_in):
    give(by_coach, handed_in.work, feedback="Mooi.")
    first = reviews.given(handed_in).get()
    give(by_coach, handed_in.work, Verdict.SENT_BACK, feedback="Toch niet.", seen=first.pk)
    handed_in.work.refresh_from_db()
    assert handed_in.work.state == WorkState.SENT_BACK
    assert reviews.given(handed_in).count() == 2


def test_a_colleague_who_was_first_is_shown_beside_what_is_kept(by_coach, handed_in, programme):
    other = a_coach(programme, name="Mieke Vos")
    a_review(handed_in, other, feedback="Prima zo.")
    answer = give(by_coach, handed_in.work, Verdict.SENT_BACK, feedback="Noem de plaats.")
    assert "Mieke Vos reviewed this meanwhile" in told(answer)
    page = by_coach.get(answer.url).text
    assert "Prima zo." in page
    assert ">Noem de plaats.</textarea>" in page
    handed_in.work.refresh_from_db()
    assert handed_in.work.state == WorkState.APPROVED


def test_a_newer_version_keeps_what_was_written_of_the_one_before(by_coach, handed_in):
    a_hand_in(handed_in.work, "Nieuwe tekst.")
    fields = {"feedback": "Mooi.", "place-text": "1", "remark-text": "Sterk"}
    answer = give(by_coach, handed_in.work, **fields)
    assert "A newer version was handed in meanwhile" in told(answer)
    page = by_coach.get(answer.url).text
    assert "You were reviewing version 1" in page
    assert ">Mooi.</textarea>" in page
    assert "Sterk" in page
    assert "Nieuwe tekst." in page


def test_a_verdict_that_is_none_gives_nothing(by_coach, handed_in):
    assert give(by_coach, handed_in.work, "perfect").status_code == 404
    assert give(by_coach, handed_in.work, number="x").status_code == 404
    assert not Review.objects.exists()


# Drafts and remarks


def test_a_draft_is_its_authors_alone(by_coach, client, handed_in, programme):
    send(by_coach, "review_keep", handed_in.work, feedback="Nog niet af.")
    other = a_coach(programme)
    handed_in.work.enrolment.coachings.create(coach=other)
    assert "Nog niet af." in shown(by_coach, handed_in.work).text
    client.force_login(other)
    assert "Nog niet af." not in shown(client, handed_in.work).text


def test_a_script_that_keeps_gets_the_time(by_coach, handed_in):
    answer = send(by_coach, "review_keep", handed_in.work, script=True, feedback="Mooi")
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["at"])


def test_any_button_keeps_all_that_was_typed(by_coach, handed_in):
    fields = {"feedback": "Mooi.", "place-text": "2", "remark-text": "Sterk"}
    send(by_coach, "remark_add", handed_in.work, about="text", **fields)
    draft = Review.objects.get()
    assert (draft.feedback, draft.remarks.get().text) == ("Mooi.", "Sterk")


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("3", "Sterk", "Name a line of the text: 1 to 2."),
        ("", "Sterk", "Name a line of the text: 1 to 2."),
        ("twee", "Sterk", "“twee” is no number; write it as 3."),
        ("1:23", "Sterk", "“1:23” is no number; write it as 3."),
        ("2", " ", "Write something."),
    ],
)
def test_a_remark_that_cannot_be_kept_is_shown_with_why(by_coach, handed_in, place, text, words):
    fields = {"feedback": "Mooi.", "place-text": place, "remark-text": text, "about": "text"}
    page = send(by_coach, "remark_add", handed_in.work, **fields).text
    assert words in page
    assert ">Mooi.</textarea>" in page
    answer = send(by_coach, "remark_add", handed_in.work, script=True, **fields)
    assert (answer.status_code, answer.text) == (422, words)
    assert not Remark.objects.exists()


def test_a_remark_on_a_page_of_a_file_says_where(by_coach, work):
    stored = a_stored_file(work.enrolment.learner, "verslag.pdf")
    a_hand_in(work, "Tekst.", (stored,))
    fields = {f"place-{stored.pk}": "2", f"remark-{stored.pk}": "Sterk"}
    answer = send(by_coach, "remark_add", work, script=True, about=str(stored.pk), **fields)
    assert "verslag.pdf, page 2" in answer.text
    assert f'href="#file-{stored.pk}"' in answer.text


def test_a_file_of_somebody_else_is_no_place_for_a_remark(by_coach, handed_in):
    stored = a_stored_file(UserFactory())
    send(by_coach, "remark_add", handed_in.work, **{f"remark-{stored.pk}": "Kijk"})
    assert not Remark.objects.exists()


def test_only_its_author_removes_a_remark_and_only_before_it_is_given(
    by_coach, handed_in, programme, coach
):
    theirs = a_remark(hand_in=handed_in, by=a_coach(programme), text="Mooi", place=1)
    mine = a_remark(hand_in=handed_in, by=coach, text="Sterk", place=1)
    assert send(by_coach, "remark_remove", handed_in.work, theirs.pk).status_code == 404
    for _click in range(2):
        answer = send(by_coach, "remark_remove", handed_in.work, mine.pk, feedback="Mooi")
        assert answer.status_code == 302
    assert Remark.objects.get() == theirs
    kept = a_remark(hand_in=handed_in, by=coach, text="Sterk", place=1)
    give(by_coach, handed_in.work, feedback="Mooi.", revision=1)
    send(by_coach, "remark_remove", handed_in.work, kept.pk)
    assert Remark.objects.filter(pk=kept.pk).exists()


# Two windows of one coach


def windows_of(page):
    """Return what the page says of its window and of what it showed."""
    found = re.findall(r'name="(revision|window|shown)" value="([^"]*)"', page.text)
    return dict(found)


def test_a_window_that_is_behind_shows_both_texts_and_one_chooses(by_coach, handed_in):
    work = handed_in.work
    here, there = (windows_of(shown(by_coach, work)) for _window in range(2))
    send(by_coach, "review_keep", work, feedback="Van hier.", **here)
    fields = {"remark-text": "Sterk", "place-text": "2"}
    page = send(by_coach, "review_keep", work, **fields, **{**there, "feedback": "Van daar."})
    assert "You went on in another window at" in page.text
    assert ">Van daar.</textarea>" in page.text
    assert ">Van hier.</p>" in page.text
    draft = Review.objects.get()
    assert (draft.feedback, draft.remarks.get().text) == ("Van hier.", "Sterk")
    both = {**windows_of(page), "feedback": "Van daar."}
    send(by_coach, "review_keep", work, use="that", **both)
    assert Review.objects.get().feedback == "Van hier."
    send(by_coach, "review_keep", work, use="mine", **both)
    assert Review.objects.get().feedback == "Van daar."


def test_giving_is_refused_once_where_another_window_went_on(by_coach, handed_in):
    work = handed_in.work
    here, there = (windows_of(shown(by_coach, work)) for _window in range(2))
    send(by_coach, "review_keep", work, feedback="Van hier.", **here)
    page = give(by_coach, work, feedback="Van daar.", **there)
    assert "You went on in another window at" in page.text
    assert not reviews.given(handed_in).exists()
    give(by_coach, work, feedback="Van daar.", **windows_of(page))
    assert reviews.given(handed_in).get().feedback == "Van daar."


def test_a_script_that_is_behind_gets_the_other_text(by_coach, handed_in):
    work = handed_in.work
    here, there = (windows_of(shown(by_coach, work)) for _window in range(2))
    kept = send(by_coach, "review_keep", work, script=True, feedback="Van hier.", **here)
    assert kept.json()["revision"] == 1
    answer = send(by_coach, "review_keep", work, script=True, feedback="Van daar.", **there)
    assert (answer.status_code, answer.json()["text"]) == (409, "Van hier.")
    fields = {"remark-text": "Sterk", "place-text": "2", "about": "text"}
    answer = send(by_coach, "remark_add", work, script=True, **there, **fields)
    assert "Sterk" in answer.text


def test_more_feedback_is_added_to_an_approval(by_coach, handed_in):
    give(by_coach, handed_in.work, feedback="Mooi.")
    first = reviews.given(handed_in).get()
    answer = give(by_coach, handed_in.work, feedback="En let hierop.", seen=first.pk)
    assert told(answer).endswith("Your feedback was added. Lotte Aerts has been told.")
    assert reviews.given(handed_in).count() == 2


# The conversation


def test_an_answer_is_said_once_and_ends_the_wait(by_coach, work):
    asked = conversations.say(work=work, by=work.enrolment.learner, text="Mag dat?")
    sent = {"text": "Ja hoor.", "sent_as": "abc", "seen": asked.pk}
    for _click in range(2):
        by_coach.post(to("review_say", work), sent)
    assert [one.text for one in conversations.messages_of(work)] == ["Mag dat?", "Ja hoor."]
    work.conversation.refresh_from_db()
    assert work.conversation.asked_at is None


def test_a_message_without_a_word_is_refused_beside_its_field(by_coach, work):
    assert "Write something." in by_coach.post(to("review_say", work), {"text": " "}).text


def test_what_needs_no_answer_waits_no_more_and_it_is_known_who_said_so(by_coach, work, coach):
    asked = conversations.say(work=work, by=work.enrolment.learner, text="Dank je.")
    for _click in range(2):
        assert by_coach.post(to("review_no_answer", work), {"seen": asked.pk}).status_code == 302
    work.conversation.refresh_from_db()
    assert work.conversation.asked_at is None
    assert AuditEntry.objects.get(action="exams.needs_no_answer").by == coach


def test_what_was_typed_stays_where_no_answer_is_needed(by_coach, work):
    asked = conversations.say(work=work, by=work.enrolment.learner, text="Dank je.")
    page = by_coach.post(to("review_no_answer", work), {"seen": asked.pk, "text": "Graag"}).text
    assert "What you typed was not sent; it is still in its field." in page
    assert "Graag</textarea>" in page
    assert conversations.messages_of(work).get() == asked


@pytest.mark.parametrize("name", ["review_say", "review_no_answer"])
def test_a_question_that_was_not_on_the_page_keeps_waiting(by_coach, work, name):
    learner = work.enrolment.learner
    seen = conversations.say(work=work, by=learner, text="Mag dat?")
    conversations.say(work=work, by=learner, text="Of liever zo?")
    page = by_coach.post(to(name, work), {"seen": seen.pk, "text": "Ja hoor."}).text
    assert "wrote something meanwhile. Read it first" in page
    assert "Of liever zo?" in page
    assert "Ja hoor.</textarea>" in page
    work.conversation.refresh_from_db()
    assert work.conversation.asked_at == seen.at
    assert conversations.messages_of(work).count() == 2
