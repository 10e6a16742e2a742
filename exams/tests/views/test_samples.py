"""A sample as it is assessed: each hand-in beside what is said of it, then the decision."""

import pytest
from django.urls import reverse

from exams.models import Sample, SampleState, Verdict
from exams.sampling import samples
from exams.tests.factories import (
    ThemeFactory,
    a_board_member,
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    a_judgement,
    a_review,
    a_stored_file,
    an_assignment,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import Coaching, Role
from learners.tests.factories import a_member

pytestmark = pytest.mark.django_db
A, S = Verdict.APPROVED, Verdict.SENT_BACK


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme, client):
    coach = a_coach(programme, name="Joris De Wachter", language="en")
    client.force_login(coach)
    return coach


@pytest.fixture
def enrolment(programme, coach):
    learner = a_member(Role.LEARNER, programme.organisation, name="Lotte Aerts")
    return a_follower(programme, coach, learner=learner)


@pytest.fixture
def sample(enrolment, coach):
    for number in (1, 2):
        a_hand_in(work_on(enrolment, number), f"Tekst {number}.")
    return samples.draw(enrolment=enrolment, by=coach)


def item_of(sample, position=1):
    return sample.items.get(position=position)


def shown(client, sample, item=""):
    return client.get(sample.get_absolute_url(), {"item": item} if item else {})


def judge(client, sample, position=1, verdict=A, feedback="", revision=None):
    item = item_of(sample, position)
    seen = item.revision if revision is None else revision
    url = reverse("exams:sample_judge", args=[sample.pk, item.pk])
    return client.post(url, {"verdict": verdict, "feedback": feedback, "revision": seen})


def decide(client, sample, act="approve", feedback="", revisions=None):
    seen = sum(one.revision for one in sample.items.all()) if revisions is None else revisions
    url = reverse("exams:sample_decide", args=[sample.pk])
    return client.post(url, {"act": act, "feedback": feedback, "revisions": seen})


def another_coach(client, enrolment):
    other = a_coach(enrolment.programme, name="Mira Claes", language="en")
    Coaching.objects.create(enrolment=enrolment, coach=other)
    return other


# Looking at it


def test_the_first_without_a_verdict_is_shown_with_the_work_as_it_was_drawn(client, sample):
    a_hand_in(item_of(sample).hand_in.work, "Een nieuwere tekst.")
    page = shown(client, sample).text
    assert "Tekst 1." in page
    assert "Een nieuwere tekst." not in page
    assert "A newer one was handed in since." in page
    assert f"<code>{sample.seed}</code>" in page
    assert "2 drawn from 2 hand-ins" in page


def test_files_are_shown_beside(client, enrolment, coach):
    file = a_stored_file(enrolment.learner, "verslag.pdf")
    a_hand_in(work_on(enrolment), "Zie bijlage.", files=(file,))
    page = shown(client, samples.draw(enrolment=enrolment, by=coach)).text
    assert reverse("learners:file_framed", args=[file.pk]) in page
    assert "Add remark" not in page


def test_an_earlier_verdict_is_said_and_chosen_beforehand(client, enrolment, coach):
    hand_in = a_hand_in(work_on(enrolment), "Tekst.")
    a_review(hand_in, coach, S, "Kijk nog eens.")
    page = shown(client, samples.draw(enrolment=enrolment, by=coach)).text
    assert "Earlier: sent back by Joris De Wachter" in page
    assert "Kijk nog eens." in page
    assert 'value="sent_back" checked' in page


def test_themes_that_were_passed_over_are_named(client, enrolment, coach, programme):
    an_assignment(ThemeFactory(programme=programme, title_nl="Leeg", title_en="Empty"))
    a_hand_in(work_on(enrolment, 1), "Tekst.")
    page = shown(client, samples.draw(enrolment=enrolment, by=coach)).text
    assert "“Empty” was passed over: nothing was handed in." in page


# Judging


def test_each_is_judged_and_the_next_one_follows(client, sample):
    assert judge(client, sample, 1).url.endswith("?item=2")
    assert judge(client, sample, 2, S, "Te kort.").url.endswith("?item=decision")
    assert [one.verdict for one in sample.items.all()] == [A, S]
    sample.refresh_from_db()
    assert sample.state == SampleState.BEING_ASSESSED


def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(client, sample):
    answer = judge(client, sample, 1, "", "Ik twijfel.")
    assert "Approve it or send it back." in answer.text
    assert "Ik twijfel." in answer.text
    answer = judge(client, sample, 1, S, " ")
    assert "Say what can be better" in answer.text
    assert 'value="sent_back" checked' in answer.text
    assert not item_of(sample).verdict


def test_whoever_is_second_sees_both_texts_and_chooses(client, sample, enrolment):
    other = another_coach(client, enrolment)
    a_judgement(item_of(sample), other, S, "Te kort.")
    answer = judge(client, sample, 1, A, "Prima.", revision=0)
    for words in ("Mira Claes judged this meanwhile", "Te kort.", "Prima."):
        assert words in answer.text
    assert 'name="revision" value="1"' in answer.text
    assert item_of(sample).feedback == "Te kort."
    judge(client, sample, 1, A, "Prima.", revision=1)
    assert item_of(sample).feedback == "Prima."


def test_text_for_a_sample_that_was_decided_meanwhile_is_shown_to_be_copied(
    client, sample, enrolment
):
    a_decision(sample, another_coach(client, enrolment))
    answer = judge(client, sample, 1, S, "Dit kan beter.", revision=0)
    assert "copy it" in answer.text
    assert "Dit kan beter." in answer.text
    assert decide(client, sample, "refuse", "Nog niet.").text.count("Nog niet.") == 1


# Deciding


def test_it_is_decided_once_each_has_a_verdict(client, sample):
    assert "once each assignment has a verdict" in shown(client, sample, "decision").text
    answer = decide(client, sample, feedback="Goed werk.")
    assert "has no verdict yet" in answer.text
    assert "Goed werk." in answer.text
    for position in (1, 2):
        judge(client, sample, position)
    page = shown(client, sample, "decision").text
    assert "Approve the sample" in page
    assert "Refuse the sample" not in page
    answer = decide(client, sample, feedback="Goed werk.")
    sample.refresh_from_db()
    assert (sample.state, sample.feedback) == (SampleState.APPROVED, "Goed werk.")
    page = client.get(answer.url).text
    assert reverse("exams:exam_release", args=[sample.enrolment_id]) in page
    assert not sample.enrolment.attempts.exists()


def test_with_something_sent_back_it_can_be_refused_alone(client, sample):
    judge(client, sample, 1, S, "Te kort.")
    judge(client, sample, 2)
    page = shown(client, sample, "decision").text
    assert "Refuse the sample" in page
    assert "Approve the sample" not in page
    assert "is sent back, so the sample cannot be approved." in decide(client, sample).text
    decide(client, sample, "refuse")
    sample.refresh_from_db()
    assert sample.state == SampleState.REFUSED


def test_twice_is_once_and_another_decision_is_refused(client, sample):
    for position in (1, 2):
        judge(client, sample, position)
    assert decide(client, sample).status_code == decide(client, sample).status_code == 302
    assert "by now" in decide(client, sample, "refuse").text
    assert Sample.objects.get().state == SampleState.APPROVED


def test_what_somebody_judged_meanwhile_is_looked_at_before_the_decision(client, sample, enrolment):
    for position in (1, 2):
        judge(client, sample, position)
    a_judgement(item_of(sample), another_coach(client, enrolment), S, "Toch niet.")
    answer = decide(client, sample, feedback="Goed werk.", revisions=2)
    assert "Somebody judged meanwhile" in answer.text
    assert "Goed werk." in answer.text
    assert Sample.objects.get().is_open


def test_what_nobody_can_choose_is_not_found(client, sample):
    assert decide(client, sample, "assess").status_code == 404
    assert decide(client, sample, "").status_code == 404


def test_a_decided_sample_is_read_without_a_form(client, sample, coach):
    a_decision(sample, coach, 1, feedback="Bijna.")
    assert "Bijna." in shown(client, sample).text
    page = shown(client, sample, "1").text
    assert "Helder." in page
    assert "<textarea" not in page


def test_who_signed_in_again_is_led_back(client, sample):
    item = item_of(sample)
    answer = client.get(reverse("exams:sample_judge", args=[sample.pk, item.pk]))
    assert answer.url == f"{sample.get_absolute_url()}?item=1"
    answer = client.get(reverse("exams:sample_decide", args=[sample.pk]))
    assert answer.url == f"{sample.get_absolute_url()}?item=decision"


# Who may


def test_strangers_find_nothing_and_the_learner_is_kept_out(client, sample, programme):
    for stranger in (a_coach(programme), a_board_member(an_exam_programme())):
        client.force_login(stranger)
        assert shown(client, sample).status_code == 404
        assert judge(client, sample).status_code == 404
        assert decide(client, sample).status_code == 404
    client.force_login(sample.enrolment.learner)
    assert shown(client, sample).status_code == 403


def test_the_board_reads_where_somebody_coaches_and_assesses_where_nobody_does(
    client, sample, programme
):
    client.force_login(a_board_member(programme, language="en"))
    assert "<textarea" not in shown(client, sample, "1").text
    assert judge(client, sample).status_code == 404
    Coaching.objects.all().delete()
    assert "<textarea" in shown(client, sample, "1").text
    assert judge(client, sample).status_code == 302


def test_nobody_assesses_their_own(client, programme, coach):
    own = a_follower(programme, learner=coach)
    a_hand_in(work_on(own), "Tekst.")
    sample = samples.draw(enrolment=own, by=a_board_member(programme))
    assert shown(client, sample).status_code == 404
    assert judge(client, sample).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_item_as_for_three(
    client, enrolment, coach, number, django_assert_num_queries
):
    for one in range(1, number + 1):
        a_review(a_hand_in(work_on(enrolment, one), "Tekst."), coach)
    sample = samples.draw(enrolment=enrolment, by=coach)
    # the frame's three; sample, items, released, whether to act; hand-in, files, review, remarks
    with django_assert_num_queries(11):
        shown(client, sample)
