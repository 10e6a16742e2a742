"""What home shows of programmes with assignments: one row each, in place of the ground's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from exams.models import ExamKind, Verdict, XPFrom
from exams.offered import learning
from exams.releasing import way_briefly
from exams.releasing.way import Step
from exams.releasing.way import of as way_of
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    an_exam,
    an_exam_programme,
    work_on,
)
from exams.tests.walking import release_early, walk_to
from learners.hooks.pages import Turn
from learners.models import Enrolment, Role, StudyStatus, Subscription, SubscriptionKind
from learners.tests.factories import a_member, a_programme

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def programme():
    return an_exam_programme(2, needed_xp=20, xp_from=XPFrom.APPROVAL)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def mine(programme, coach):
    return a_follower(programme, coach)


def the_row(enrolment):
    (row,) = learning.waiting(enrolment.learner)
    return row


def test_the_next_assignment_waits_for_its_learner_in_place_of_the_programme(mine):
    row = the_row(mine)
    assert (row.text, row.action) == ("Next: “Assignment 1”", "Start")
    assert row.turn == Turn.of(mine.learner)
    assert row.progress == (0, 20)
    assert row.instead_of == mine.get_absolute_url()
    assert not row.is_urgent


def test_what_was_sent_back_comes_first(mine, coach):
    a_review(a_hand_in(work_on(mine, 2)), coach, Verdict.SENT_BACK, "Once more.")
    row = the_row(mine)
    assert (row.text, row.action) == ("Improve “Assignment 2”", "Improve")
    assert row.url == work_on(mine, 2).get_absolute_url()


@time_machine.travel(TUESDAY, tick=False)
@pytest.mark.parametrize("is_coached", [True, False])
def test_where_all_is_handed_in_it_is_the_turn_of_who_reviews(programme, coach, is_coached):
    enrolment = a_follower(programme, *([coach] if is_coached else []))
    for number in (1, 2):
        a_hand_in(work_on(enrolment, number))
    row = the_row(enrolment)
    assert row.text == "“Assignment 1” was handed in; expect to hear by Tuesday 8 December"
    role = Role.COACH if is_coached else Role.BOARD
    assert row.turn == Turn.at(programme.organisation, role)
    assert row.since == TUESDAY


BY_THEN = "expect to hear by Tuesday 8 December"
STEPS = {
    Step.LOCKED: ("Next: “Assignment 1”", "Start", None),
    Step.IN_REACH: ("You have enough XP; you can apply for the exam", "Apply for the exam", None),
    Step.SAMPLE: (
        f"Your coach checks whether you are ready for the exam; {BY_THEN}",
        "To the programme",
        Role.COACH,
    ),
    Step.APPROVED: ("Your sample was approved; next: “Assignment 2”", "Go on", None),
    Step.TO_RELEASE: (
        "Your sample was approved; your coach releases the exam",
        "To the programme",
        Role.COACH,
    ),
    Step.REFUSED: (
        "Your application for the exam was refused; improve what was sent back",
        "Check feedback",
        None,
    ),
    Step.IMPROVED: (
        "You improved what was sent back; you can ask for a new sample",
        "Ask for a new sample",
        None,
    ),
    Step.ASKED_AGAIN: (
        f"Your coach draws a new sample; {BY_THEN}",
        "To the programme",
        Role.COACH,
    ),
    Step.RELEASED: ("Your exam was released", "Open the exam", None),
    Step.STARTED: ("You started your exam", "Go on with the exam", None),
}


@time_machine.travel(TUESDAY, tick=False)
@pytest.mark.parametrize("step", list(Step), ids=lambda step: step.value)
def test_each_step_says_how_the_exam_stands_and_whose_turn_it_is(step, coach):
    here = coach.memberships.get().organisation
    programme = an_exam_programme(3, needed_xp=20, organisation=here)
    an_exam(programme)
    enrolment = walk_to(step, a_follower(programme, coach), coach)
    text, action, role = STEPS[step]
    row = the_row(enrolment)
    assert (row.text, row.action) == (text, action)
    assert row.url != row.instead_of == enrolment.get_absolute_url()
    assert row.turn == (Turn.at(here, role) if role else Turn.of(enrolment.learner))
    assert row.is_urgent == (step is Step.REFUSED)
    whole = way_of(enrolment)
    (read,) = way_briefly.annotated(Enrolment.objects.filter(pk=enrolment.pk))
    brief = way_briefly.of(replace(whole.standing, enrolment=read))
    assert (brief.step, brief.waits_since, brief.expected_on) == (
        whole.step,
        whole.waits_since,
        whole.expected_on,
    )


def test_without_a_coach_the_board_looks_at_the_sample(programme, coach):
    programme.exam_plan.xp_from = XPFrom.HAND_IN
    programme.exam_plan.save()
    enrolment = walk_to(Step.SAMPLE, a_follower(programme), coach)
    row = the_row(enrolment)
    assert row.text.startswith("The examination board checks whether you are ready for the exam")
    assert row.turn == Turn.at(programme.organisation, Role.BOARD)


def test_an_exam_that_is_taken_elsewhere_waits_for_the_board(programme, coach, mine):
    an_exam(programme, kind=ExamKind.OUTSIDE)
    release_early(mine, coach)
    row = the_row(mine)
    assert row.text == "Your exam was released; it is taken elsewhere"
    assert row.turn == Turn.at(programme.organisation, Role.BOARD)


def test_a_released_exam_is_led_to_after_the_term_lapsed_too(programme, coach, mine):
    an_exam(programme)
    release_early(mine, coach)
    mine.status = StudyStatus.TERM_LAPSED
    mine.save()
    row = the_row(mine)
    assert (row.text, row.action) == ("Your exam was released early", "Open the exam")


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_exam_as_for_three(rows, django_assert_num_queries):
    programmes = [an_exam_programme(3) for _row in range(rows)]
    learner = a_member(Role.LEARNER, programmes[0].organisation)
    for programme in programmes:
        coach = a_coach(programme)
        walk_to(Step.ASKED_AGAIN, a_follower(programme, coach, learner=learner), coach)
    with django_assert_num_queries(3):
        assert len(learning.waiting(learner)) == rows


def test_a_lapsed_programme_is_left_to_the_ground(mine):
    mine.status = StudyStatus.TERM_LAPSED
    mine.save()
    assert learning.waiting(mine.learner) == []


@pytest.mark.parametrize("has_trial_left", [True, False])
def test_where_a_subscription_is_lacking_it_leads_to_one(mine, programme, has_trial_left):
    asks_a_subscription(programme)
    if not has_trial_left:
        a_trial(mine.learner, ended=True)
    row = the_row(mine)
    free = "; ten days are free" if has_trial_left else ""
    assert row.text == f"You can go on with a subscription{free}"
    assert (row.action, row.url) == (
        "To the subscription",
        f"{mine.get_absolute_url()}#subscription",
    )


def test_with_a_subscription_it_is_open_as_elsewhere(mine, programme):
    asks_a_subscription(programme)
    a_trial(mine.learner)
    assert the_row(mine).action == "Start"


def asks_a_subscription(programme):
    programme.organisation.programmes_need_subscription = True
    programme.organisation.save()


def a_trial(learner, *, ended=False):
    today = timezone.localdate()
    ends_on = today - timedelta(days=1) if ended else today
    Subscription.objects.create(
        user=learner, kind=SubscriptionKind.TRIAL, starts_on=ends_on, ends_on=ends_on
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_all_institutions_that_ask_a_subscription_are_one_query(rows, django_assert_num_queries):
    programmes = [an_exam_programme(1) for _row in range(rows)]
    learner = a_member(Role.LEARNER, programmes[0].organisation)
    for programme in programmes:
        asks_a_subscription(programme)
        a_follower(programme, learner=learner)
    with django_assert_num_queries(4):
        assert len(learning.waiting(learner)) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_programme_as_for_three(rows, django_assert_num_queries):
    programmes = [an_exam_programme(2) for _row in range(rows)]
    learner = a_member(Role.LEARNER, programmes[0].organisation)
    for programme in programmes:
        a_hand_in(work_on(a_follower(programme, learner=learner)))
    with django_assert_num_queries(3):
        assert len(learning.waiting(learner)) == rows


def test_who_follows_no_such_programme_is_asked_about_once(django_assert_num_queries):
    programme = a_programme()
    learner = a_member(Role.LEARNER, programme.organisation)
    a_follower(programme, learner=learner)
    with django_assert_num_queries(1):
        assert learning.waiting(learner) == []
