"""Meetings: they keep the run's start and end, and people hear of what changes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learners.enrolling import cancelling, entering
from learners.meetings import planning
from learners.models import Actor, AuditEntry, Notification, PlaceState, StudyStatus
from learners.studying.study_status import change_status
from learners.tests.factories import (
    CourseFactory,
    RunFactory,
    UserFactory,
    a_meeting,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def moved(meeting, days):
    begins_at = NOW + timedelta(days=days)
    return planning.move_meeting(
        meeting=meeting, begins_at=begins_at, ends_at=begins_at + timedelta(hours=2),
        by=an_administrator(),
    )  # fmt: skip


def test_a_run_starts_and_ends_with_its_meetings():
    run = RunFactory()
    for days in (9, 2, 5):
        a_meeting(run, NOW + timedelta(days=days), hours=3)
    run.refresh_from_db()
    assert run.starts_at == NOW + timedelta(days=2)
    assert run.ends_at == NOW + timedelta(days=9, hours=3)


def test_a_cancelled_meeting_does_not_count_and_cancelling_twice_is_once():
    run = RunFactory()
    first, last = (a_meeting(run, NOW + timedelta(days=days), hours=3) for days in (2, 9))
    participant = a_participant(run)
    for _twice in range(2):
        planning.cancel_meeting(meeting=last, by=an_administrator(), reason="ill")
    run.refresh_from_db()
    assert run.ends_at == first.ends_at
    (told,) = Notification.objects.all()
    assert (told.user, told.kind) == (participant.learner, "learners/meeting_cancelled")
    assert AuditEntry.objects.get(action="learners.meeting_cancelled").reason == "ill"


def test_without_meetings_a_run_has_no_days():
    run = a_run(3)
    planning.cancel_meeting(meeting=run.meetings.get(), by=an_administrator())
    run.refresh_from_db()
    assert (run.starts_at, run.ends_at, run.register_open_until) == (None, None, None)


def test_who_is_booked_is_told_once_and_who_left_is_not():
    run = a_run(7)
    stays, leaves = a_participant(run), a_participant(run)
    change_status(enrolment=leaves, to=S.WITHDRAWN_INVALID, by=leaves.learner, actor=Actor.LEARNER)
    meeting = moved(run.meetings.get(), 8)
    moved(meeting, 8)
    (told,) = Notification.objects.all()
    assert told.user == stays.learner
    assert told.params["begins_at"] == (NOW + timedelta(days=8)).isoformat()
    assert told.url == f"/my-learning/courses/{stays.pk}/"


def test_a_second_move_is_told_again():
    run = a_run(7)
    a_participant(run)
    meeting = moved(run.meetings.get(), 8)
    moved(meeting, 9)
    assert Notification.objects.count() == 2


def test_a_meeting_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValidationError, match=r"ends after"):
        planning.plan_meeting(run=RunFactory(), begins_at=NOW, ends_at=NOW, by=None)


def test_the_register_closes_after_the_last_meeting_and_follows_it():
    run = RunFactory(course=CourseFactory(organisation__register_open_days=10))
    meeting = a_meeting(run, NOW)
    run.refresh_from_db()
    last_day = timezone.localdate(meeting.ends_at, run.course.organisation.tz)
    assert run.register_open_until == last_day + timedelta(days=10)
    moved(meeting, 30)
    run.refresh_from_db()
    assert run.register_open_until == run.last_day(run.course.organisation) + timedelta(days=10)


def test_a_register_that_was_given_another_day_keeps_it():
    run = a_run(7)
    run.register_open_until = date(2040, 1, 1)
    run.save()
    moved(run.meetings.get(), 30)
    run.refresh_from_db()
    assert run.register_open_until == date(2040, 1, 1)


class TestCancellingARun:
    def test_who_came_by_a_programme_chooses_another_and_others_are_cancelled(self):
        course = CourseFactory()
        run, learner = a_run(7, course=course), UserFactory()
        whole = entering.enrol_in_programme(
            learner=learner, programme=a_programme(course), by=learner, actor=Actor.LEARNER
        )
        chooser = entering.choose_run(enrolment=whole.parts.get(), run=run, by=learner)
        single = a_participant(run)
        for _twice in range(2):
            cancelling.cancel_run(run=run, by=an_administrator(), reason="too few")
        for enrolment, status in ((chooser, S.RUN_CHOICE_REQUIRED), (single, S.CANCELLED)):
            enrolment.refresh_from_db()
            assert enrolment.status == status
            assert enrolment.places.get().state == PlaceState.RELEASED
            assert enrolment.status_changes.first().reason == "too few"
        told = dict(Notification.objects.values_list("user", "params__chooses"))
        assert told == {learner.pk: True, single.learner_id: False}

    def test_who_is_done_stays_done(self):
        run = a_run(7)
        done = with_status(a_participant(run), S.COMPLETED)
        cancelling.cancel_run(run=run, by=an_administrator())
        done.refresh_from_db()
        assert done.status == S.COMPLETED
        assert not Notification.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_cancelling_asks_as_much_for_one_as_for_three(rows, django_assert_num_queries):
    run = a_run(7)
    for _row in range(rows):
        a_participant(run)
    by = an_administrator()
    with django_assert_num_queries(18):
        cancelling.cancel_run(run=run, by=by)
