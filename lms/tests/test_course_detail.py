"""The page of one course gathers what every app knows about it."""

import pytest

from attendance import savings
from attendance.drafts import Typed, TypedRow
from attendance.models import Presence
from certifications.tests.factories import a_certificate
from learners.models import CourseKind, Effort, StudyStatus
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
