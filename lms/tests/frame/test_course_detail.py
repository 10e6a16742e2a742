"""The page of one course gathers what every app knows about it."""

import pytest

from attendance.models import Presence
from attendance.register import savings
from attendance.register.drafts import Typed, TypedRow
from certifications import awarding
from certifications.tests.factories import (
    a_certificate,
    a_certification,
    assigned,
    completed,
    undo_time_is_over,
)
from learners.content import player
from learners.models import Course, CourseKind, Effort, Enrolment, Material, StudyStatus
from learners.tests import factories

pytestmark = pytest.mark.django_db


def test_it_shows_the_certificate(client):
    certificate = a_certificate()
    client.force_login(certificate.learner)

    assert certificate.number in client.get(certificate.enrolment.get_absolute_url()).text


def test_it_shows_attendance_and_effort(client):
    run = factories.a_run(-1)
    enrolment = factories.a_participant(run, language="en")
    teacher = factories.an_administrator()
    row = TypedRow(base="s=enrolled e=", mark=Presence.PRESENT, effort=Effort.VERY_GOOD)
    typed = Typed(rows={enrolment.pk: row}, meetings=(run.meetings.get().pk,))
    savings.save_register(run=run, typed=typed, by=teacher)
    client.force_login(enrolment.learner)

    page = client.get(enrolment.get_absolute_url()).text

    assert "very good" in page
    assert "Present" in page


@pytest.mark.parametrize(("days", "said"), [(-1, True), (1, False), (-0.01, False)])
def test_only_a_meeting_that_is_over_can_lack_its_mark(client, days, said):
    enrolment = factories.a_participant(factories.a_run(days, place="Gent"), language="en")
    client.force_login(enrolment.learner)

    page = client.get(enrolment.get_absolute_url()).text

    assert ("not recorded" in page) == said
    assert "Gent" in page


@pytest.mark.parametrize(
    ("status", "is_promised"),
    [(StudyStatus.RUN_CHOICE_REQUIRED, True), (StudyStatus.EXEMPT, False)],
)
def test_who_is_done_is_promised_neither_meetings_nor_points(client, status, is_promised):
    course = factories.CourseFactory(kind=CourseKind.CLASSROOM, study_points=4)
    enrolment = factories.an_enrolment(course, factories.UserFactory(language="en"))
    factories.with_status(enrolment, status)
    client.force_login(enrolment.learner)

    page = client.get(enrolment.get_absolute_url()).text

    assert ("No meetings yet" in page) == is_promised
    assert ("earns 4 points" in page) == is_promised


def full_page(course: Course, enrolment: Enrolment, number: int) -> str:
    """Return the address of a page on which everything stands so many times, but its lessons."""
    for n in range(number):
        Material.objects.create(course=course, title=f"Page {n}", link="https://example.org")
        asking = a_certification(course, factories.CourseFactory(organisation=course.organisation))
        assigned(asking, enrolment.learner)
    completed(enrolment)
    undo_time_is_over()
    awarding.drain()
    return enrolment.get_absolute_url()


@pytest.mark.parametrize("number", [1, 3])
def test_an_elearning_asks_as_much_for_three_of_everything(
    client, number, django_assert_num_queries
):
    course = factories.an_online_course(number, study_points=4)
    enrolment = factories.an_enrolment(course, factories.UserFactory(language="en"))
    client.force_login(enrolment.learner)
    address = full_page(course, enrolment, number)
    for lesson in course.lessons.all():
        player.open_lesson(enrolment=enrolment, lesson=lesson, by=enrolment.learner)
    client.get(address)

    with django_assert_num_queries(10):
        page = client.get(address).text

    for heading in ("Lessons", "Knowledge centre", "Certificate", "Counts for", "Study points"):
        assert heading in page


@pytest.mark.parametrize("number", [1, 3])
def test_a_course_with_meetings_asks_as_much_for_three_of_everything(
    client, number, django_assert_num_queries
):
    course = factories.CourseFactory(kind=CourseKind.BLENDED, study_points=4)
    for _n in range(number):
        factories.a_lesson(course)
    run = factories.a_run(*range(-number, 0), course=course)
    enrolment = factories.a_participant(run, language="en")
    teacher = factories.an_administrator()
    row = TypedRow(base="s=enrolled e=", mark=Presence.PRESENT)
    for meeting in run.meetings.all():
        typed = Typed(rows={enrolment.pk: row}, meetings=(meeting.pk,))
        savings.save_register(run=run, typed=typed, by=teacher)
    client.force_login(enrolment.learner)
    address = full_page(course, enrolment, number)
    client.get(address)

    with django_assert_num_queries(13):
        page = client.get(address).text

    for heading in ("Lessons", "Knowledge centre", "Meetings", "Certificate", "Counts for"):
        assert heading in page
    assert page.count(">Present<") == number


def test_a_course_without_its_own_page_is_not_found(client):
    client.force_login(factories.UserFactory())
    assert client.get("/my-learning/courses/999/").status_code == 404
