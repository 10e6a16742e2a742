"""'My learning': everything on one page, each with what is expected now."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from certifications.pages import my_certifications
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.enrolling.entering import enrol_in_programme
from learners.models import Actor, CourseKind, Role, StudyStatus
from learners.studying.new_enrolments import NewEnrolment, enrol_many
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_member,
    a_participant,
    a_programme,
    a_run,
    an_enrolment,
    an_online_course,
    with_status,
)
from lms.frame import home

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


def test_what_waits_stands_on_top_and_a_meeting_that_comes_is_in_the_calendar(client, user):
    an_enrolment(an_online_course(title_en="Hygiene"), user)
    on_a_run(user, a_run(5, course=CourseFactory(title_en="Resuscitation")))
    on_a_run(user, a_run(-5, course=CourseFactory(title_en="Bandaging")))
    page = client.get("/my-learning/").context
    assert [item.what for item in page["waiting"]] == ["Hygiene", "Bandaging"]
    assert [entry.title for entry in page["calendar"]] == ["Resuscitation"]
    with translation.override("en"):
        assert page["waiting"] == [item for item in home.waiting_for(user) if not item.under]
        assert page["calendar"] == home.calendar(user)


def test_certifications_stand_in_the_order_of_their_own_list(client, user):
    course = an_elearning()
    for days in (30, None, 3):
        due_on = timezone.localdate() + timedelta(days=days) if days else None
        assigned(a_certification(course), user, due_on=due_on)
    done = assigned(a_certification(an_elearning()), user)
    done_by(user, done.version.requirements.get().course)
    cards = client.get("/my-learning/").context["cards"].sections
    (rows,) = [card.context["certifications"] for card in cards if "certifications" in card.context]
    shown = [cycle for cycle, _expected in rows]
    assert shown == list(my_certifications.listed(user, {}))


def test_a_course_that_was_archived_still_counts_for_its_programme(client, user):
    course = an_online_course()
    done = with_status(an_enrolment(course, user), StudyStatus.COMPLETED)
    done.archived_at = timezone.now()
    done.save()
    programme = a_programme(course, an_online_course())
    enrol_in_programme(learner=user, programme=programme, by=user, actor=Actor.LEARNER)
    assert "1 of 2 courses done" in client.get("/my-learning/").text


def on_a_run(user, run):
    new = NewEnrolment(learner=user, course=run.course, run=run)
    return enrol_many(news=[new], by=None, actor=Actor.SYSTEM)[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_as_for_three(client, user, rows, django_assert_num_queries):
    for _row in range(rows):
        an_enrolment(CourseFactory(kind=CourseKind.ELEARNING), user)
        assigned(a_certification(an_elearning()), user)
    with django_assert_num_queries(MY_LEARNING_QUERIES):
        client.get("/my-learning/")


@pytest.mark.parametrize("rows", [1, 3])
def test_runs_take_one_query_more_and_programmes_another(
    client, user, rows, django_assert_num_queries
):
    for _row in range(rows):
        on_a_run(user, a_run(4))
        programme = a_programme(an_online_course())
        enrol_in_programme(learner=user, programme=programme, by=user, actor=Actor.LEARNER)
    with django_assert_num_queries(MY_LEARNING_QUERIES + 1 + 1):
        client.get("/my-learning/")


# Session, user with bell, institutions; what is followed, its places, programmes with assignments;
# certifications, certificates.
MY_LEARNING_QUERIES = 8
