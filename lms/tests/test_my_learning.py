"""'My learning': everything on one page, each with what is expected now."""

import pytest

from learners.models import CourseKind, Role
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_member,
    a_participant,
    a_run,
    an_enrolment,
    an_online_course,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = a_member(Role.LEARNER, OrganisationFactory(), language="en")
    client.force_login(user)
    return user


def test_a_course_says_what_is_expected(client, user):
    an_enrolment(an_online_course(title_en="Hygiene"), user)
    page = client.get("/my-learning/").text
    assert "Hygiene" in page
    assert "Start when it suits you" in page


def test_what_others_learn_is_not_mine(client, user):
    a_participant(a_run(2, course=CourseFactory(title_en="Not for me")))
    assert "Not for me" not in client.get("/my-learning/").text


def test_without_anything_it_says_what_will_come(client, user):
    page = client.get("/my-learning/").text
    assert "No courses yet" in page
    assert "No certificates yet" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_as_for_three(client, user, rows, django_assert_num_queries):
    for _row in range(rows):
        an_enrolment(CourseFactory(kind=CourseKind.ELEARNING), user)
    with django_assert_num_queries(MY_LEARNING_QUERIES):
        client.get("/my-learning/")


# Session, user; waiting courses, programmes, certifications and proofs, calendar; courses, their
# places, programmes, time zones, certifications, certificates; bell and institutions.
MY_LEARNING_QUERIES = 15
