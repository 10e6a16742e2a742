"""What every app finds, under its headings."""

import pytest
from django.utils import translation

from learners.tests.factories import CourseFactory, UserFactory, a_run, an_administrator, teaches
from lms.frame import searching

pytestmark = pytest.mark.django_db


def test_runs_that_somebody_gives_and_all_runs_stand_under_their_own_heading():
    run = a_run(3, course=CourseFactory(title_nl="Reanimatie"))
    teacher = teaches(UserFactory(), run)
    with translation.override("en"):
        headings = {
            who: [str(group.title) for group in searching.search(who, "reani")]
            for who in (teacher, an_administrator())
        }
    assert list(headings.values()) == [["Courses I teach"], ["Runs"]]
