"""The exam box, step by step: one sentence on how the exam stands and who acts next."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from exams.models import ExamPlan, XPFrom
from exams.releasing.way import Step
from exams.sampling import samples
from exams.tests.factories import (
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    an_exam,
    an_exam_programme,
    work_on,
)
from exams.tests.walking import refuse_samples, sample_of, walk_to
from learners.models import Enrolment, Role, StudyStatus
from learners.tests.factories import a_member

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def mine(programme, coach):
    return a_follower(programme, coach, learner=an_english(programme))


def an_english(programme):
    return a_member(Role.LEARNER, programme.organisation, language="en")


def page_of(client, enrolment):
    client.force_login(enrolment.learner)
    return client.get(enrolment.get_absolute_url())


def box(client, enrolment):
    return page_of(client, enrolment).context["page"].head[0].context["box"]


STEPS = {
    Step.LOCKED: (
        "Your turn",
        "From 20 XP the exam comes in reach; 20 XP to go.",
        "Go on: Assignment 1",
        "",
    ),
    Step.IN_REACH: (
        "In reach",
        (
            "You have enough XP; you can apply for the exam. Your coach then looks at a sample of"
            " what you handed in."
        ),
        "Apply for the exam",
        "Go on: Assignment 3",
    ),
    Step.SAMPLE: (
        "Your coach’s turn",
        (
            "Your coach checks whether you are ready for the exam; expect to hear by"
            " Tuesday 8 December."
        ),
        "",
        "See the sample",
    ),
    Step.APPROVED: (
        "Your turn",
        (
            "Your sample was approved; once you have enough XP the exam can be released."
            " From 20 XP the exam comes in reach; 10 XP to go."
        ),
        "Go on: Assignment 2",
        "",
    ),
    Step.TO_RELEASE: (
        "Your coach’s turn",
        "Your sample was approved; your coach releases the exam.",
        "",
        "See the sample",
    ),
    Step.REFUSED: (
        "Application refused",
        "Your application for the exam was refused; improve what was sent back.",
        "Check feedback",
        "",
    ),
    Step.IMPROVED: (
        "Your turn",
        "You improved what was sent back; you can ask for a new sample. You had 1 sample so far.",
        "Ask for a new sample",
        "Check feedback",
    ),
    Step.ASKED_AGAIN: (
        "Your coach’s turn",
        "Your coach draws a new sample; expect to hear by Tuesday 8 December.",
        "",
        "See the sample",
    ),
    Step.RELEASED: (
        "Released",
        (
            "Your exam was released. It has been open since 1 December, and stays open until you"
            " hand in."
        ),
        "Open the exam",
        "Check feedback",
    ),
    Step.STARTED: (
        "Started",
        "You started your exam. The exam stays open until you hand in.",
        "Go on with the exam",
        "Check feedback",
    ),
}


@pytest.mark.parametrize("step", list(Step), ids=lambda step: step.value)
def test_each_step_says_who_acts_next_and_offers_one_action(step, client, mine, coach):
    shown = box(client, walk_to(step, mine, coach))
    assert (shown.label, shown.text, shown.action, shown.more) == STEPS[step]
    assert shown.posts == (step in (Step.IN_REACH, Step.IMPROVED))


def test_the_action_leads_where_it_says(client, mine, coach):
    assert box(client, walk_to(Step.REFUSED, mine, coach)).url == reverse(
        "exams:exam_feedback", args=[mine.pk]
    )
    page = page_of(client, mine).text
    assert page.count(f'<a href="{work_on(mine, 1).get_absolute_url()}">Assignment 1</a>') == 2
    a_hand_in(work_on(mine, 1), "Beter.")
    again = box(client, mine)
    assert (again.url, again.posts) == (reverse("exams:exam_apply", args=[mine.pk]), True)
    samples.apply(enrolment=mine, by=mine.learner)
    samples.draw(enrolment=mine, by=coach)
    a_decision(sample_of(mine), coach, 2)
    a_hand_in(work_on(mine, 2), "Ook beter.")
    assert "You had 2 samples so far." in box(client, mine).text


def test_a_sample_that_nobody_applied_for_is_refused_as_a_sample(client, mine, coach):
    a_hand_in(work_on(mine, 1))
    a_decision(samples.draw(enrolment=mine, by=coach), coach, 1)
    assert box(client, mine).label == "Sample refused"
    a_hand_in(work_on(mine, 1), "Beter.")
    shown = box(client, mine)
    assert "with 10 XP more you can apply again" in shown.text
    assert (shown.action, shown.posts) == ("Go on: Assignment 2", False)


def test_a_sample_that_waits_while_xp_is_lacking_leaves_the_learner_to_go_on(client, mine, coach):
    a_hand_in(work_on(mine, 1))
    samples.draw(enrolment=mine, by=coach)
    shown = box(client, mine)
    assert shown.label == "Your coach’s turn"
    assert shown.text.endswith("From 20 XP the exam comes in reach; 10 XP to go.")
    assert (shown.action, shown.more) == ("Go on: Assignment 2", "See the sample")


def test_without_a_coach_the_board_looks_and_releases(client, programme, coach):
    alone = a_follower(programme, learner=an_english(programme))
    walk_to(Step.IN_REACH, alone, coach)
    assert "The examination board then looks at a sample" in box(client, alone).text
    samples.apply(enrolment=alone, by=alone.learner)
    shown = box(client, alone)
    assert shown.label == "The examination board’s turn"
    assert shown.text.startswith("The examination board checks whether you are ready")
    a_decision(sample_of(alone), coach)
    assert box(client, alone).text == (
        "Your sample was approved; the examination board releases the exam."
    )


def test_who_is_late_is_said_to_be(client, mine, coach):
    walk_to(Step.SAMPLE, mine, coach)
    with time_machine.travel(TUESDAY + timedelta(days=20), tick=False):
        assert "that was due by Tuesday 8 December" in box(client, mine).text


def test_of_a_completed_programme_no_certified_exam_follows(client, mine):
    Enrolment.objects.filter(pk=mine.pk).update(status=StudyStatus.COMPLETED)
    assert box(client, mine).text == "You completed this programme. No other exam follows."


def test_before_an_exam_was_published_one_can_apply_and_it_says_who_publishes(client, coach):
    here = coach.memberships.get().organisation
    programme = an_exam_programme(3, organisation=here)
    enrolment = a_follower(programme, coach, learner=an_english(programme))
    walk_to(Step.TO_RELEASE, enrolment, coach)
    assert box(client, enrolment).text.endswith("An administrator has to publish the exam first.")
    assert (
        "The exam is not published yet"
        in client.get(f"{enrolment.get_absolute_url()}?tab=exam").text
    )


@pytest.mark.parametrize("has_exam", [True, False])
def test_without_a_plan_it_is_about_assignments_unless_there_is_an_exam(client, coach, has_exam):
    here = coach.memberships.get().organisation
    programme = an_exam_programme(3, organisation=here)
    ExamPlan.objects.all().delete()
    if has_exam:
        an_exam(programme)
    enrolment = a_follower(programme, coach, learner=an_english(programme))
    walk_to(Step.IN_REACH, enrolment, coach)
    shown = box(client, enrolment)
    title = "Exam" if has_exam else "Assignments"
    assert (shown.title, shown.action) == (title, "Go on: Assignment 3")


def test_xp_that_waits_for_a_review_is_the_coaches_turn(client, programme, mine):
    programme.exam_plan.xp_from = XPFrom.APPROVAL
    programme.exam_plan.save()
    for number in (1, 2, 3):
        a_hand_in(work_on(mine, number))
    assert "Your coach reviews “Assignment 1”" in box(client, mine).text


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_sample_as_for_three(
    client, rows, mine, coach, django_assert_num_queries
):
    refuse_samples(rows, mine, coach)
    client.force_login(mine.learner)
    with django_assert_num_queries(QUERIES + 1):  # what is to be improved
        client.get(mine.get_absolute_url())


QUERIES = 14  # those of the page without courses, `views/test_programme_page.py`
