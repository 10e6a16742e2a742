"""The nightly settling of cycles that nobody looked at: few queries, however many cycles."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certifications.cycles import catching_up
from certifications.models import Certificate, CertificationAssignment, Cycle
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    completed,
    undo_time_is_over,
)
from learners.models import Actor, Enrolment, StudyStatus, StudyStatusChange, User
from learners.studying import study_status
from learners.tests.factories import UserFactory, an_administrator, an_enrolment

pytestmark = pytest.mark.django_db
S = StudyStatus


def handled_unseen(enrolment):
    """Let a completion be handled without anybody settling cycles, as an import may."""
    completed(enrolment)
    enrolment.status_changes.filter(handled_at=None).update(handled_at=timezone.now())


def test_a_result_that_nobody_looked_at_completes_its_cycle_once():
    course = an_elearning()
    cycle = assigned(a_certification(course))
    handled_unseen(an_enrolment(course, cycle.assignment.learner))
    assert [catching_up.settle_unseen() for _ in range(2)] == [1, 0]
    assert Certificate.objects.filter(cycle=cycle).count() == 1


def test_a_result_that_was_taken_back_unseen_no_longer_counts():
    by, courses = an_administrator(), [an_elearning(), an_elearning()]
    cycle = assigned(a_certification(*courses))
    enrolment = an_enrolment(courses[0], cycle.assignment.learner)
    study_status.change_status(enrolment=enrolment, to=S.EXEMPT, by=by, actor=Actor.ADMINISTRATOR)
    undo_time_is_over()
    catching_up.settle_unseen()
    assert cycle.fulfilments.count() == 1

    change = enrolment.status_changes.get(to_status=S.EXEMPT)
    study_status.undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)
    enrolment.refresh_from_db()
    assert enrolment.status == S.NOT_STARTED
    undo_time_is_over()
    enrolment.status_changes.update(handled_at=timezone.now())
    catching_up.settle_unseen()
    assert not cycle.fulfilments.exists()


def test_a_completed_cycle_opens_again_when_its_result_was_taken_back_unseen():
    by, course = an_administrator(), an_elearning()
    cycle = assigned(a_certification(course))
    enrolment = an_enrolment(course, cycle.assignment.learner)
    handled_unseen(enrolment)
    assert catching_up.settle_unseen() == 1

    study_status.change_status(
        enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.ADMINISTRATOR
    )
    undo_time_is_over()
    enrolment.status_changes.update(handled_at=timezone.now())
    assert [catching_up.settle_unseen() for _ in range(2)] == [1, 0]
    cycle.refresh_from_db()
    assert cycle.completed_on is None
    assert not Certificate.objects.active().filter(cycle=cycle).exists()


def test_who_was_nominated_and_did_not_answer_gets_nothing():
    course = an_elearning()
    cycle = assigned(a_certification(course), mode="nominated")
    handled_unseen(an_enrolment(course, cycle.assignment.learner))
    assert catching_up.settle_unseen() == 0


def test_it_goes_in_batches():
    course = an_elearning()
    certification = a_certification(course)
    for _ in range(5):
        handled_unseen(an_enrolment(course, assigned(certification).assignment.learner))
    assert catching_up.settle_unseen(batch=2) == 5


def test_ten_thousand_cycles_take_at_most_fifty_queries():
    """Two thousand people in five certifications each, of which one was completed unseen."""
    courses = [an_elearning()]
    courses += [an_elearning(organisation=courses[0].organisation) for _ in range(4)]
    certifications = [a_certification(course) for course in courses]
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", name="P", search_name="p") for n in range(2_000)
    )
    by, today = an_administrator(), timezone.localdate()
    for certification in certifications:
        version = certification.versions.get()
        given = CertificationAssignment.objects.bulk_create(
            CertificationAssignment(
                certification=certification, learner=person, mode="mandatory", by=by
            )
            for person in people
        )
        Cycle.objects.bulk_create(
            Cycle(assignment=one, version=version, begins_on=today) for one in given
        )
    rows = Enrolment.objects.bulk_create(
        Enrolment(learner=person, course=courses[0], status=S.COMPLETED) for person in people
    )
    at = timezone.now() - timedelta(minutes=1)
    StudyStatusChange.objects.bulk_create(
        StudyStatusChange(
            enrolment=row,
            from_status=S.STARTED,
            to_status=S.COMPLETED,
            actor=Actor.SYSTEM,
            at=at,
            due_at=at,
            handled_at=at,
        )
        for row in rows
    )
    assert Cycle.objects.pending().count() == 10_000
    with CaptureQueriesContext(connection) as asked:
        assert catching_up.settle_unseen() == 2_000
    assert len(asked) <= 50
    with CaptureQueriesContext(connection) as again:
        assert catching_up.settle_unseen() == 0
    assert len(again) <= 50


def test_nobody_who_did_nothing_is_looked_at():
    assigned(a_certification(an_elearning()), UserFactory())
    with CaptureQueriesContext(connection) as asked:
        assert catching_up.settle_unseen() == 0
    assert len(asked) == 2  # the open ones, and those of which a result was taken back
