"""Who reads somebody's work, and who reviews it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from exams.models import Work
from exams.tests.factories import a_board_member, a_coach, a_follower, an_exam_programme, work_on
from learners.enrolling import standing_in
from learners.models import Coaching, Role, User
from learners.tests.factories import OrganisationFactory, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return an_exam_programme(1)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def work(programme, coach):
    return work_on(a_follower(programme, coach))


def reviews(person, work):
    return Work.objects.judged_by(person).filter(pk=work.pk).exists()


def reads(person, work):
    return Work.objects.read_by(person).filter(pk=work.pk).exists()


def rights(person, work):
    return reads(person, work), reviews(person, work)


def test_a_learner_reads_their_own_work_and_reviews_none(work, programme):
    assert rights(work.enrolment.learner, work) == (True, False)
    assert rights(a_follower(programme).learner, work) == (False, False)


def test_nobody_reviews_their_own_work_whatever_their_role(work, programme):
    me = work.enrolment.learner
    for role in (Role.COACH, Role.BOARD):
        me.memberships.create(organisation=programme.organisation, role=role)
    Coaching.objects.create(enrolment=work.enrolment, coach=me)
    assert rights(me, work) == (True, False)


def test_a_coach_reviews_the_work_of_whom_they_coach_and_no_other(work, coach, programme):
    assert rights(coach, work) == (True, True)
    assert rights(a_coach(programme), work) == (False, False)


def test_who_is_no_coach_any_more_reads_nothing_and_the_board_reviews_it(work, coach, programme):
    board = a_board_member(programme)
    assert rights(board, work) == (True, False)
    coach.memberships.all().delete()
    assert rights(coach, work) == (False, False)
    assert rights(board, work) == (True, True)


def test_who_stands_in_reviews_from_the_first_day_to_the_last(work, coach, programme):
    other, today = a_coach(programme), programme.organisation.today()
    standing_in.name_stand_in(
        coach=coach, stand_in=other, organisation=programme.organisation,
        starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2), by=coach,
    )  # fmt: skip
    found = []
    for days in (0, 1, 2, 4):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            found.append(rights(User.objects.get(pk=other.pk), work))
    assert found == [(False, False), (True, True), (True, True), (False, False)]


def test_a_board_elsewhere_has_nothing_to_do_with_it(programme):
    alone = work_on(a_follower(programme))
    assert rights(a_board_member(programme), alone) == (True, True)
    assert rights(a_member(Role.BOARD, OrganisationFactory()), alone) == (False, False)
