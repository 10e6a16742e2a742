"""What enrolments begin with, and how many queries making them takes."""

import pytest

from learners.models import Actor, CourseKind, StudyStatus
from learners.studying.new_enrolments import NewEnrolment, enrol_many, first_status
from learners.tests.factories import CourseFactory, UserFactory, a_run

S = StudyStatus
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "lacks_run", "status"),
    [
        (CourseKind.ELEARNING, False, S.NOT_STARTED),
        (CourseKind.ELEARNING, True, S.NOT_STARTED),
        (CourseKind.CLASSROOM, False, S.ENROLLED),
        (CourseKind.BLENDED, False, S.ENROLLED),
        (CourseKind.CLASSROOM, True, S.RUN_CHOICE_REQUIRED),
    ],
)
def test_the_first_status_follows_from_the_course(kind, lacks_run, status):
    new = NewEnrolment(learner=UserFactory(), course=CourseFactory(kind=kind), lacks_run=lacks_run)
    assert first_status(new) == status


@pytest.mark.parametrize("rows", [1, 3])
def test_enrolling_many_asks_as_much_as_one(rows, django_assert_num_queries):
    run = a_run(7, capacity=10)
    news = [NewEnrolment(learner=UserFactory(), course=run.course, run=run) for _row in range(rows)]
    with django_assert_num_queries(9):
        enrol_many(news=news, by=None, actor=Actor.SYSTEM)
