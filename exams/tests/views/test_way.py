"""What a learner does on the way to their exam: apply, and read what their coach said; and the tabs
that show samples and the exam."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.assignments import exempting
from exams.models import Application, ExamKind, Sample, SampleAct, Verdict
from exams.releasing import way
from exams.releasing.way import Step
from exams.sampling import assessing, samples
from exams.tests.factories import (
    ThemeFactory,
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_judgement,
    a_remark,
    a_review,
    an_assignment,
    an_exam,
    an_exam_programme,
    work_on,
)
from exams.tests.walking import refuse_samples, release_early, sample_of, walk_to
from learners.models import Role, StudyStatus, Subscription, SubscriptionKind
from learners.tests.factories import UserFactory, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme, name="Joris De Wachter")


@pytest.fixture
def mine(programme, coach, client):
    learner = a_member(Role.LEARNER, programme.organisation, language="en")
    client.force_login(learner)
    return a_follower(programme, coach, learner=learner)


def apply_url(enrolment):
    return reverse("exams:exam_apply", args=[enrolment.pk])


def feedback_url(enrolment):
    return reverse("exams:exam_feedback", args=[enrolment.pk])


def tab(client, enrolment, slug):
    return client.get(f"{enrolment.get_absolute_url()}?tab={slug}")


def cards(client, enrolment, slug="samples"):
    return tab(client, enrolment, slug).context["page"].cards.sections


def test_applying_twice_draws_one_sample_and_shows_the_box_again(client, mine, coach):
    walk_to(Step.IN_REACH, mine, coach)
    for _time in range(2):
        answer = client.post(apply_url(mine))
        assert answer.url == f"{mine.get_absolute_url()}#exam-box"
    assert (Application.objects.count(), Sample.objects.count()) == (1, 1)
    assert way.of(mine).step is Step.SAMPLE


def test_a_new_sample_is_asked_for_in_the_same_way(client, mine, coach):
    walk_to(Step.IMPROVED, mine, coach)
    for _time in range(2):
        client.post(apply_url(mine))
    assert Application.objects.filter(sample=None).count() == 1
    assert way.of(mine).step is Step.ASKED_AGAIN


def test_who_signed_in_again_is_led_back_to_the_programme(client, mine):
    assert client.get(apply_url(mine)).url == f"{mine.get_absolute_url()}#exam-box"


def test_with_too_little_xp_it_says_so_beside_the_box(client, mine):
    page = client.post(apply_url(mine))
    assert page.status_code == HTTPStatus.OK
    assert "You need 20 XP more before you can apply for the exam." in page.text
    assert page.context["shown"]["box"].action == "Go on: Assignment 1"
    assert not Application.objects.exists()


def test_while_something_is_not_improved_it_names_it(client, mine, coach):
    walk_to(Step.REFUSED, mine, coach)
    page = client.post(apply_url(mine)).text
    assert "“Assignment 1” was sent back and has no newer version yet." in page
    assert "Check feedback" in page


def test_a_lacking_subscription_refuses_it_and_nothing_is_lost(client, mine, coach):
    walk_to(Step.IN_REACH, mine, coach)
    here = mine.organisation
    here.programmes_need_subscription = True
    here.save()
    page = client.post(apply_url(mine)).text
    assert "You need a subscription to go on. What you handed in is still reviewed." in page
    assert "To the subscription" in page
    today = timezone.localdate()
    ends_on = today + timedelta(days=9)
    Subscription.objects.create(
        user=mine.learner, kind=SubscriptionKind.TRIAL, starts_on=today, ends_on=ends_on
    )
    client.post(apply_url(mine))
    assert way.of(mine).step is Step.SAMPLE


def test_a_lapsed_term_refuses_it(client, mine, coach):
    walk_to(Step.IN_REACH, mine, coach)
    mine.status = StudyStatus.TERM_LAPSED
    mine.save()
    assert "Your study term has lapsed." in client.post(apply_url(mine)).text
    assert not Application.objects.exists()


def test_nobody_else_applies_or_reads_the_feedback(client, mine, coach):
    walk_to(Step.IN_REACH, mine, coach)
    for stranger in (UserFactory(), coach, a_board_member(mine.programme)):
        client.force_login(stranger)
        assert client.post(apply_url(mine)).status_code == HTTPStatus.NOT_FOUND
        assert client.get(feedback_url(mine)).status_code == HTTPStatus.NOT_FOUND
    assert not Application.objects.exists()


def test_the_feedback_is_of_the_newest_sample_that_was_decided(client, mine, coach):
    walk_to(Step.ASKED_AGAIN, mine, coach)
    second = samples.draw(enrolment=mine, by=coach)
    a_judgement(second.items.first(), coach, Verdict.SENT_BACK, "Nog geheim.")
    page = client.get(feedback_url(mine))
    assert page.context["one"].sample.number == 1
    assert "Bijna." in page.text
    assert page.text.count("Helder.") == 2
    assert "Nog geheim." not in page.text
    assert "Back to the programme" in page.text


def test_the_feedback_shows_what_was_said_before_the_sample_with_its_remarks(client, mine, coach):
    hand_in = a_hand_in(work_on(mine, 1), "Regel.")
    a_remark(hand_in, coach, "Waarom?")
    a_review(hand_in, coach, feedback="Mooi gedaan.")
    a_hand_in(work_on(mine, 2))
    samples.apply(enrolment=mine, by=mine.learner)
    drawn = sample_of(mine)
    for item in drawn.items.all():
        a_judgement(item, coach, feedback="")
    samples_page = tab(client, mine, "samples").text
    assert "Mooi gedaan." not in samples_page
    assessing.decide(sample=drawn, by=coach, act=SampleAct.APPROVE)
    page = client.get(feedback_url(mine)).text
    assert "Said before the sample" in page
    assert "Mooi gedaan." in page
    assert "Waarom?" in page
    assert "Nothing was said of it beside the verdict." in page


def test_where_an_exam_was_released_early_there_is_no_feedback_and_it_says_so(client, mine, coach):
    release_early(mine, coach)
    page = client.get(feedback_url(mine)).text
    assert "Your exam was released early, without a sample" in page
    assert "Back to the exam" in page


def test_before_a_sample_was_decided_it_says_so(client, mine):
    assert "No sample was decided yet" in client.get(feedback_url(mine)).text


def test_the_tab_of_the_samples_is_there_once_there_is_one(client, mine, coach):
    assert [one.slug for one in tab(client, mine, "").context["page"].tabs] == ["", "exam"]
    walk_to(Step.SAMPLE, mine, coach)
    tabs = [str(one.title) for one in tab(client, mine, "").context["page"].tabs]
    assert tabs == ["Assignments", "Samples", "Exam"]
    page = tab(client, mine, "samples").text
    assert "Sample 1 of 1" in page
    assert "by the system" in page
    assert "expect to hear by" in page


def test_of_an_undecided_sample_nothing_shows_of_what_a_coach_said(client, mine, coach):
    walk_to(Step.SAMPLE, mine, coach)
    a_judgement(sample_of(mine).items.first(), coach, Verdict.SENT_BACK, "Nog geheim.")
    for slug in ("", "samples", "exam"):
        page = tab(client, mine, slug).text
        assert "Nog geheim." not in page
        assert "sent back" not in page.lower()
    (card,) = cards(client, mine)
    assert [(one.verdict, one.feedback) for one in card.context["one"].works] == [("", "")] * 2


def test_a_decided_sample_shows_the_verdict_and_feedback_of_each(client, mine, coach):
    refuse_samples(2, mine, coach)
    page = tab(client, mine, "samples").text
    assert page.index("Sample 2 of 2") < page.index("Sample 1 of 2")
    assert f"by {coach.name}" in page
    assert "Second version, handed in" in page
    assert "Bijna." in page
    second = cards(client, mine)[0].context["one"]
    assert [(one.title, one.verdict) for one in second.works] == [
        ("Assignment 1", "sent_back"),
        ("Assignment 2", "approved"),
    ]


def test_themes_that_were_passed_over_are_named_with_why(client, mine, coach, programme):
    empty = ThemeFactory(programme=programme, title_en="Difficult conversations", position=2)
    exempt = ThemeFactory(programme=programme, title_en="Looking back", position=3)
    an_assignment(empty)
    assignment = an_assignment(exempt)
    exempting.exempt(
        enrolment=mine, assignment=assignment, by=a_board_member(programme), ground="Elders"
    )
    walk_to(Step.SAMPLE, mine, coach)
    page = tab(client, mine, "samples").text
    assert "Difficult conversations: nothing was handed in" in page
    assert "Looking back: you are exempt of it" in page


def test_a_sample_that_an_early_release_overtook_is_not_needed_any_more(client, mine, coach):
    walk_to(Step.SAMPLE, mine, coach)
    release_early(mine, coach)
    page = tab(client, mine, "samples").text
    assert "Not needed any more" in page
    assert "expect to hear by" not in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ExamKind.CERTIFIED, "the certified final assignments of this programme; no other follows"),
        (ExamKind.OWN, "your institution’s own"),
        (ExamKind.OUTSIDE, "taken elsewhere; the examination board enters its result here"),
    ],
)
def test_the_tab_of_the_exam_says_what_it_is_and_which_parts_it_has(client, mine, kind, said):
    announcement = "This exam has **two** parts."
    an_exam(mine.programme, parts=2, kind=kind, announcement_en=announcement, announcement_nl="x")
    page = tab(client, mine, "exam").text
    assert said in page
    assert "This exam has <strong>two</strong> parts." in page
    assert "Part 1" in page
    assert "Together they take about 2 hours; nobody watches that." in page


def test_the_exam_that_was_released_is_shown_and_no_newer_one(client, mine, coach):
    walk_to(Step.RELEASED, mine, coach)
    an_exam(mine.programme, title_en="A newer one", kind=ExamKind.OUTSIDE)
    page = tab(client, mine, "exam").text
    assert "A newer one" not in page
    assert "The exam, released on" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_samples_ask_as_much_for_one_as_for_three(
    client, rows, mine, coach, programme, django_assert_num_queries
):
    an_assignment(ThemeFactory(programme=programme, position=2))
    a_review(a_hand_in(work_on(mine, 3)), coach)
    refuse_samples(rows, mine, coach)
    with django_assert_num_queries(14 + 1 + 4):  # to improve; samples, items, remarks, themes
        tab(client, mine, "samples")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_feedback_asks_as_much_for_one_as_for_three(
    client, rows, mine, coach, django_assert_num_queries
):
    a_review(a_hand_in(work_on(mine, 3)), coach)
    refuse_samples(rows, mine, coach)
    with django_assert_num_queries(FEEDBACK):
        client.get(feedback_url(mine))


# Session, user with bell, enrolment; sample, items, remarks; attempt; institutions of the frame.
FEEDBACK = 8
