"""The page of a programme with assignments, as its learner sees it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from exams.assignments import exempting
from exams.models import Verdict, XPFrom
from exams.tests.factories import (
    ThemeFactory,
    a_board_member,
    a_coach,
    a_course_in,
    a_follower,
    a_hand_in,
    a_review,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment, Role, StudyStatus, Subscription, SubscriptionKind
from learners.tests.factories import UserFactory, a_member, an_online_course

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture
def programme():
    return an_exam_programme(3, needed_xp=20)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def mine(programme, coach, client):
    enrolment = a_follower(programme, coach, learner=an_english(programme))
    client.force_login(enrolment.learner)
    return enrolment


def an_english(programme):
    return a_member(Role.LEARNER, programme.organisation, language="en")


def box(client, enrolment):
    return client.get(enrolment.get_absolute_url()).context["page"].head[0].context["box"]


def test_the_box_leads_to_the_next_assignment(client, mine):
    shown = box(client, mine)
    assert shown.text == "From 20 XP the exam comes in reach; 20 XP to go."
    assert shown.action == "Go on: Assignment 1"
    assert shown.url == work_on(mine).get_absolute_url()


def test_what_was_sent_back_comes_first(client, mine, coach):
    a_review(a_hand_in(work_on(mine, 2)), coach, Verdict.SENT_BACK, "Be more precise.")
    shown = box(client, mine)
    assert shown.action == "Improve: Assignment 2"
    page = client.get(mine.get_absolute_url()).text
    assert "Sent back: “Be more precise.”" in page


@time_machine.travel(TUESDAY, tick=False)
def test_the_box_says_when_to_hear_of_what_the_coach_has(client, coach, programme):
    programme.exam_plan.needed_xp = 30
    programme.exam_plan.xp_from = XPFrom.APPROVAL
    programme.exam_plan.save()
    enrolment = a_follower(programme, coach, learner=an_english(programme))
    for number in (1, 2, 3):
        a_hand_in(work_on(enrolment, number))
    client.force_login(enrolment.learner)
    shown = box(client, enrolment)
    assert shown.label == "Your coach’s turn"
    assert "Your coach reviews “Assignment 1”; expect to hear by Tuesday 8 December." in shown.text


def test_without_a_coach_the_board_is_named(client, programme):
    programme.exam_plan.needed_xp = 30
    programme.exam_plan.xp_from = XPFrom.APPROVAL
    programme.exam_plan.save()
    alone = a_follower(programme, learner=an_english(programme))
    for number in (1, 2, 3):
        a_hand_in(work_on(alone, number))
    client.force_login(alone.learner)
    assert "The examination board reviews “Assignment 1”" in box(client, alone).text
    assert "Board’s turn" in client.get(alone.get_absolute_url()).text


def test_a_programme_that_ended_says_so_and_offers_nothing(client, mine):
    Enrolment.objects.filter(pk=mine.pk).update(status=StudyStatus.WITHDRAWN_VALID)
    shown = box(client, mine)
    assert shown.text.startswith("You do not follow this programme any more.")
    assert shown.action == ""
    assert ">Start<" not in client.get(mine.get_absolute_url()).text


def test_an_ended_subscription_closes_it_until_there_is_another(client, mine, programme):
    programme.organisation.programmes_need_subscription = True
    programme.organisation.save()
    page = client.get(mine.get_absolute_url()).text
    assert page.count("You need a subscription to go on") == 1
    assert page.index('id="subscription"') < page.index("The exam waits until you go on")
    today = timezone.localdate()
    Subscription.objects.create(
        user=mine.learner,
        kind=SubscriptionKind.TRIAL,
        starts_on=today,
        ends_on=today + timedelta(days=9),
    )
    assert box(client, mine).action == "Go on: Assignment 1"


def test_a_completed_programme_is_said_to_be(client, mine):
    Enrolment.objects.filter(pk=mine.pk).update(status=StudyStatus.COMPLETED)
    assert box(client, mine).text == "You completed this programme."


def test_xp_and_what_was_handed_in_are_counted(client, mine):
    a_hand_in(work_on(mine))
    page = client.get(mine.get_absolute_url()).text
    assert "10 of 30 XP" in page
    assert "1 of 3 assignments handed in" in page
    assert 'x="66%"' in page


def test_without_courses_nothing_is_said_of_how_many_are_done(client, mine):
    page = client.get(mine.get_absolute_url())
    assert "courses done" not in page.text
    templates = [card.template for card in page.context["page"].cards.sections]
    assert templates == ["exams/programme/_theme.html"]


def test_courses_beside_the_assignments_are_counted(client, mine, programme):
    programme.programme_courses.create(course=an_online_course(), position=1)
    assert "0 of 1 course done" in client.get(mine.get_absolute_url()).text


def test_courses_stand_among_the_assignments_and_not_below(client, mine, programme):
    course = an_online_course(organisation=programme.organisation, title_en="Listening")
    a_course_in(programme.themes.get(), course)
    page = client.get(mine.get_absolute_url())
    assert [card.title for card in page.context["page"].cards.sections] == [""]
    (card,) = page.context["page"].cards.sections
    assert card.context["card"].rows[-1].line.course == course
    assert "Listening" in page.text


def test_what_is_not_needed_says_so(client, mine, programme):
    an_assignment(programme.themes.get(), is_needed=False)
    part = a_course_in(programme.themes.get(), an_online_course()).programme_course
    part.is_needed = False
    part.save()
    page = client.get(mine.get_absolute_url()).text
    assert page.count("not needed to complete the programme") == 1
    assert page.count("Not needed to complete it") == 1
    exam = client.get(f"{mine.get_absolute_url()}?tab=exam").context["page"]
    assert len(exam.cards.sections[1].context["rows"]) == 3


def test_the_tab_of_the_exam_shows_what_completing_asks_the_ledger_and_exemptions(
    client, mine, programme
):
    a_hand_in(work_on(mine))
    exempting.exempt(
        enrolment=mine,
        assignment=work_on(mine, 2).assignment,
        by=a_board_member(programme),
        ground="Done elsewhere",
    )
    page = client.get(f"{mine.get_absolute_url()}?tab=exam")
    exam, needed, ledger, exemptions = page.context["page"].cards.sections
    assert exam.title == "The exam"
    assert [row.is_done for row in needed.context["rows"]] == [False, True, False]
    assert [(one.xp, one.sum) for one in ledger.context["ledger"].entries] == [(10, 10)]
    assert exemptions.context["rows"][0].text == "Exempt: Done elsewhere"
    assert "From 13 XP" in page.text


def test_nobody_else_sees_it(client, mine, coach):
    for stranger in (UserFactory(), coach):
        client.force_login(stranger)
        assert client.get(mine.get_absolute_url()).status_code == 404


def a_full_programme(rows):
    programme = an_exam_programme(0, needed_xp=20)
    coach, board = a_coach(programme), a_board_member(programme)
    enrolment = None
    for _row in range(rows):
        theme = ThemeFactory(programme=programme)
        for _number in range(5):
            an_assignment(theme)
        a_course_in(theme, an_online_course(organisation=programme.organisation))
    enrolment = a_follower(programme, coach, learner=an_english(programme))
    for row in range(rows):
        first = 5 * row + 1
        a_hand_in(work_on(enrolment, first))
        a_review(a_hand_in(work_on(enrolment, first + 1)), coach)
        a_review(a_hand_in(work_on(enrolment, first + 2)), coach, Verdict.SENT_BACK)
        exempted = work_on(enrolment, first + 3).assignment
        exempting.exempt(enrolment=enrolment, assignment=exempted, by=board, ground="Done")
    return enrolment


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("tab", "more"), [("", 0), ("?tab=exam", 1)])  # the exam
def test_it_asks_as_much_for_one_as_for_three(client, rows, tab, more, django_assert_num_queries):
    enrolment = a_full_programme(rows)
    client.force_login(enrolment.learner)
    with django_assert_num_queries(QUERIES + more):
        client.get(enrolment.get_absolute_url() + tab)


# Session, user with bell, enrolment; courses, enrolments, versions of courses, what is open;
# coaches; assignments, courses in themes, plan, works, what is told of them; attempts, samples,
# applications.
QUERIES = 16
