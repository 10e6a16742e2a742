"""Exempting somebody from an assignment, by the board."""

import pytest

from exams.assignments import exempting, standing
from exams.assignments.states import WorkRefused
from exams.models import AssignmentExemption, ExamPlan, Reaches, WorkState, XPFrom
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_version,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment, Notification, Role, StudyStatus
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db
GROUND = {"ground": "Done elsewhere"}


@pytest.fixture
def programme():
    return an_exam_programme(3, needed_xp=20)


@pytest.fixture
def board(programme, client):
    board = a_board_member(programme, language="en")
    client.force_login(board)
    return board


@pytest.fixture
def work(programme):
    work = work_on(a_follower(programme, a_coach(programme)), 1)
    a_hand_in(work)
    return work


def page_of(work) -> str:
    return f"/my-learners/{work.enrolment_id}/assignments/{work.assignment_id}/exempt/"


def test_the_page_says_what_it_does_before_it_is_done(client, board, work) -> None:
    context = client.get(page_of(work)).context
    before, after = context["stands"], context["after"]
    assert (before.total, before.earned, before.needed) == (30, 10, 20)
    assert (after.total, after.earned, after.needed) == (20, 0, 13)
    client.post(page_of(work), GROUND)
    real = standing.of(work.enrolment)
    assert (real.total, real.earned, real.needed) == (20, 0, 13)


def test_exempting_keeps_what_was_handed_in_and_tells_the_learner(client, board, work) -> None:
    answer = client.post(page_of(work), GROUND, follow=True)
    assert "is exempt from “Assignment 1”, and has been told." in answer.text
    work.refresh_from_db()
    assert (work.state, work.number) == (WorkState.EXEMPT, 1)
    told = Notification.objects.get(kind="exams/assignment_exempted")
    assert (told.user, told.params["ground"]) == (work.enrolment.learner, "Done elsewhere")


def test_without_a_ground_nothing_is_done_and_the_field_says_so(client, board, work) -> None:
    answer = client.post(page_of(work), {"ground": "  "})
    assert "ground" in answer.context["form"].errors
    assert not AssignmentExemption.objects.exists()


def test_ending_it_says_first_what_that_does_and_gives_back_what_it_hid(
    client, board, work
) -> None:
    client.post(page_of(work), GROUND)
    page = client.get(page_of(work))
    assert page.context["exemption"].ground == "Done elsewhere"
    assert (page.context["after"].total, page.context["after"].earned) == (30, 10)
    client.post(f"{page_of(work)}end/")
    work.refresh_from_db()
    assert work.state == WorkState.HANDED_IN
    twice = client.post(f"{page_of(work)}end/", follow=True)
    assert "is not exempt from “Assignment 1”; nothing was changed." in twice.text
    assert twice.text.count("have been told") == 1  # of the first time
    assert AssignmentExemption.objects.get().ended_by == board


def test_only_the_board_of_the_institution_exempts(client, board, work) -> None:
    coach = work.enrolment.coachings.get().coach
    for who, code in (
        (coach, 403),
        (work.enrolment.learner, 403),
        (a_board_member(an_exam_programme()), 404),
        (an_administrator(), 404),
    ):
        client.force_login(who)
        for url in (page_of(work), f"{page_of(work)}end/"):
            assert client.post(url, GROUND).status_code == code
    assert not AssignmentExemption.objects.exists()


def test_nobody_exempts_themselves(client, board, programme) -> None:
    mine = work_on(a_follower(programme, learner=board))
    assert board.memberships.filter(role=Role.BOARD).exists()
    assert client.post(page_of(mine), GROUND).status_code == 404


def test_an_assignment_of_another_programme_is_not_found(client, board, work) -> None:
    other = work_on(a_follower(an_exam_programme(organisation=work.enrolment.organisation)))
    url = f"/my-learners/{work.enrolment_id}/assignments/{other.assignment_id}/exempt/"
    assert client.post(url, GROUND).status_code == 404


def test_what_was_handed_in_first_and_not_earned_yet_counts_as_the_preview_says(programme) -> None:
    ExamPlan.objects.update(xp_from=XPFrom.APPROVAL)
    work = work_on(a_follower(programme), 1)
    a_hand_in(work)
    a_version(work.assignment, xp=20, reaches=Reaches.IMPROVING)
    board = a_board_member(programme)
    exemption = exempting.exempt(
        enrolment=work.enrolment, assignment=work.assignment, by=board, ground="Elders."
    )
    stands = standing.of(work.enrolment)
    after = exempting.foreseen(stands, stands.asked_of(work.assignment_id))
    exempting.end(exemption=exemption, by=board)
    real = standing.of(work.enrolment)
    assert (after.total, after.needed) == (real.total, real.needed) == (30, 20)


def test_a_programme_that_ended_meanwhile_is_left_as_it_was(client, board, work) -> None:
    client.post(page_of(work), GROUND)
    stale, other = work.enrolment, work_on(work.enrolment, 2).assignment
    Enrolment.objects.filter(pk=stale.pk).update(status=StudyStatus.COMPLETED)
    with pytest.raises(WorkRefused):
        exempting.exempt(enrolment=stale, assignment=other, by=board, ground="Elders.")
    answer = client.post(f"{page_of(work)}end/", follow=True)
    assert "not followed any more" in answer.text
    assert AssignmentExemption.objects.get().ended_at is None
