"""The plan of a programme changes, with who comes in reach of the exam said first."""

import pytest

from exams.assignments import planning, standing
from exams.assignments.planning import Reach
from exams.defining.publishing import DefinitionRefused
from exams.models import ExamPlan, ExperienceEntry, XPFrom
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, work_on
from learners.models import AuditEntry, User
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_office() -> User:
    return an_administrator(email="head@example.org")


@pytest.fixture
def plan() -> ExamPlan:
    return ExamPlan.objects.get(programme=an_exam_programme(3, needed_xp=20))


def test_no_more_xp_are_asked_than_there_are(plan: ExamPlan, head_office: User) -> None:
    with pytest.raises(DefinitionRefused, match="give 30 XP in all"):
        planning.change_plan(plan=plan, by=head_office, needed_xp=31, xp_from=plan.xp_from)
    planning.change_plan(plan=plan, by=head_office, needed_xp=30, xp_from=plan.xp_from)
    plan.refresh_from_db()
    assert plan.needed_xp == 30


def test_who_comes_in_reach_or_falls_out_of_it_is_said_and_nothing_is_done(plan: ExamPlan) -> None:
    one, two = a_follower(plan.programme), a_follower(plan.programme)
    a_hand_in(work_on(one, 1))
    a_hand_in(work_on(two, 1))
    a_hand_in(work_on(two, 2))
    lower = planning.reach_of(plan=plan, needed_xp=10, xp_from=plan.xp_from)
    higher = planning.reach_of(plan=plan, needed_xp=30, xp_from=plan.xp_from)
    assert (lower, higher) == (Reach(1, 0, 0), Reach(0, 1, 0))
    assert not planning.reach_of(plan=plan, needed_xp=15, xp_from=plan.xp_from)
    plan.refresh_from_db()
    assert plan.needed_xp == 20


def test_xp_from_handing_in_is_given_at_once_to_what_was_handed_in(head_office: User) -> None:
    programme = an_exam_programme(2, needed_xp=10, xp_from=XPFrom.APPROVAL)
    plan = ExamPlan.objects.get(programme=programme)
    enrolment = a_follower(programme)
    a_hand_in(work_on(enrolment))
    asked = {"needed_xp": 10, "xp_from": XPFrom.HAND_IN}
    assert planning.reach_of(plan=plan, **asked) == Reach(1, 0, 1)
    assert not ExperienceEntry.objects.exists()
    planning.change_plan(plan=plan, by=head_office, **asked)
    planning.change_plan(plan=plan, by=head_office, **asked)
    assert standing.of(enrolment).earned == 10
    entry = AuditEntry.objects.get(action="exams.plan_changed")
    assert entry.changes == {"xp_from": ["approval", "hand_in"]}
