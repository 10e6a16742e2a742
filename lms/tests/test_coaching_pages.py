"""What a coach sees of somebody: gathered from every app."""

import pytest
from django.test import Client
from django.utils import timezone

from attendance.models import Attendance
from learners import enrolling
from learners.models import Actor, Coaching, Enrolment, Role
from learners.tests.factories import (
    CourseFactory,
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
    whole = enrolling.enrol_in_programme(
        learner=UserFactory(),
        programme=a_programme(course, organisation=organisation),
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    Coaching.objects.create(enrolment=whole, coach=coach)
    part = whole.parts.get()
    run = a_run(2, 9, course=course)
    enrolling.choose_run(enrolment=part, run=run, by=whole.learner)
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
