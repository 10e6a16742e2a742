"""Finding courses and people among what somebody may see."""

import pytest

from learners.offered import searching
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_run,
    an_administrator,
)

pytestmark = pytest.mark.django_db


def test_only_an_administrator_finds_everybody():
    UserFactory(name="Yasmina El Idrissi")
    assert [person.name for person in searching.people_found(an_administrator(), "idrissi")] == [
        "Yasmina El Idrissi"
    ]
    assert list(searching.people_found(UserFactory(), "idrissi")) == []


def test_a_learner_finds_their_own_course_only():
    enrolment = a_participant(a_run(2, course=CourseFactory(title_nl="Reanimatie")))
    a_participant(a_run(2, course=CourseFactory(title_nl="Reanimatie II")))
    assert list(searching.courses_found(enrolment.learner, "reani")) == [enrolment]
