"""Certificates for tests, made the way that the product makes them."""

from datetime import timedelta

from certifications import awarding
from certifications.models import Certificate
from learners import study_status
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.tests import factories


def an_elearning(**fields: object) -> Course:
    """Make a course without meetings."""
    return factories.CourseFactory(kind=CourseKind.ELEARNING, **fields)


def completed(enrolment: Enrolment, by: User | None = None) -> Enrolment:
    """Complete it as the system does at once, or as this administrator does, to be undone yet."""
    study_status.change_status(
        enrolment=enrolment,
        to=StudyStatus.COMPLETED,
        by=by,
        actor=Actor.ADMINISTRATOR if by else Actor.SYSTEM,
    )
    return enrolment


def undo_time_is_over() -> None:
    """Let everything that waits for the undo time be due."""
    for change in StudyStatusChange.objects.waiting().exclude(due_at=None):
        change.due_at -= timedelta(days=1)
        change.save(update_fields=["due_at"])


def a_certificate(course: Course | None = None, **learner: object) -> Certificate:
    """Issue a certificate for an e-learning course that was completed just now."""
    enrolment = factories.an_enrolment(course or an_elearning(), factories.UserFactory(**learner))
    completed(enrolment)
    awarding.drain()
    return Certificate.objects.get(enrolment=enrolment)
