"""What a coach sees of somebody: gathered from every app."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from attendance.models import Attendance
from certifications.models import Cycle
from certifications.offered import coached
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    completed,
    done_by,
    reloaded,
)
from learners.enrolling import entering
from learners.models import Actor, Coaching, Course, Enrolment, Organisation, Role, User
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_lesson,
    a_member,
    a_programme,
    a_run,
    an_administrator,
)

pytestmark = pytest.mark.django_db


def test_a_coach_sees_lessons_meetings_and_what_was_missed(client: Client) -> None:
    course = CourseFactory()
    a_lesson(course)
    organisation = course.organisation
    coach = a_member(Role.COACH, organisation, language="en")
    whole = entering.enrol_in_programme(
        learner=UserFactory(),
        programme=a_programme(course, organisation=organisation),
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    Coaching.objects.create(enrolment=whole, coach=coach)
    part = whole.parts.get()
    run = a_run(2, 9, course=course)
    entering.choose_run(enrolment=part, run=run, by=whole.learner)
    for version, meeting in enumerate(run.meetings.order_by("begins_at"), 1):
        presence = "absent" if version == 2 else "present"
        Attendance.objects.create(
            meeting=meeting, enrolment=part, presence=presence, version=version, by=coach
        )
    Enrolment.objects.filter(pk=part.pk).update(last_attended_on=timezone.localdate())
    client.force_login(coach)
    page = client.get(f"/my-learners/{whole.pk}/").text
    for words in ("0 of 1 lesson", "last present today", "missed 1 meeting"):
        assert words in page


def test_of_what_was_completed_without_lessons_none_are_counted(client: Client) -> None:
    course = an_elearning()
    a_lesson(course)
    coach = a_member(Role.COACH, course.organisation, language="en")
    whole = coached_by(coach, UserFactory(), course.organisation, course)
    client.force_login(coach)
    assert "0 of 1 lesson" in client.get(f"/my-learners/{whole.pk}/").text
    completed(whole.parts.get())
    assert "0 of 1 lesson" not in client.get(f"/my-learners/{whole.pk}/").text


def coached_by(
    coach: User, learner: User, organisation: Organisation, course: Course | None = None
) -> Enrolment:
    """Enrol somebody in a programme in which they are coached."""
    course = course or CourseFactory(organisation=organisation)
    whole = entering.enrol_in_programme(
        learner=learner,
        programme=a_programme(course, organisation=organisation),
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    Coaching.objects.create(enrolment=whole, coach=coach)
    return whole


def test_a_coach_sees_the_certifications_of_which_they_are_reminded(client: Client) -> None:
    organisation = OrganisationFactory()
    coach = a_member(Role.COACH, organisation, language="en")
    course, learner = an_elearning(organisation=organisation), UserFactory()
    whole = coached_by(coach, learner, organisation)
    yearly = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
    told = a_certification(course, title_en="Lifting", reminds_coach=True, **yearly)
    private = a_certification(course, title_en="Diving")
    nominated = a_certification(course, title_en="Climbing", reminds_coach=True)
    assigned(told, learner)
    assigned(private, learner)
    assigned(nominated, learner, mode="nominated")
    done_by(learner, course)
    client.force_login(coach)
    page = client.get(f"/my-learners/{whole.pk}/").text
    until = reloaded(Cycle.objects.get(assignment__certification=told)).valid_until
    assert "Lifting" in page
    assert f"valid until {until.day} {until:%B %Y}" in page
    assert "Diving" not in page
    assert "Climbing" not in page


def test_once_the_programme_is_over_a_coach_sees_no_certification(client: Client) -> None:
    organisation = OrganisationFactory()
    coach = a_member(Role.COACH, organisation, language="en")
    whole = coached_by(coach, UserFactory(), organisation)
    course = an_elearning(organisation=organisation)
    made = a_certification(course, title_en="Lifting", reminds_coach=True)
    assigned(made, whole.learner, due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(coach)
    page = client.get(f"/my-learners/{whole.pk}/").text
    assert "Lifting" in page
    assert "Late" in page
    Enrolment.objects.filter(pk=whole.pk).update(status="completed")
    assert "Lifting" not in client.get(f"/my-learners/{whole.pk}/").text


@pytest.mark.parametrize("number", [1, 3])
def test_certifications_are_one_query_however_many(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = OrganisationFactory()
    whole = coached_by(a_member(Role.COACH, organisation), UserFactory(), organisation)
    for _number in range(number):
        made = a_certification(an_elearning(organisation=organisation), reminds_coach=True)
        assigned(made, whole.learner)
    with django_assert_num_queries(1):
        assert len(coached.certifications_of(whole)) == number
