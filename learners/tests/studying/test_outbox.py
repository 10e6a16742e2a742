"""When the consequences of a change may be seen by others."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learners.enrolling import entering
from learners.meetings import planning
from learners.models import Actor, CourseKind, StudyStatus, StudyStatusChange
from learners.studying import outbox
from learners.studying.study_status import change_status, undo_changes
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_meeting,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
)

S = StudyStatus
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def completed(enrolment, by=None):
    return change_status(
        enrolment=enrolment, to=S.COMPLETED, by=by or UserFactory(), actor=Actor.TEACHER
    )


@given(now=MOMENTS, ends=st.none() | MOMENTS, to=st.sampled_from(S), actor=st.sampled_from(Actor))
def test_consequences_never_come_too_early(now, ends, to, actor):
    at = outbox.consequences_at(to=to, actor=actor, now=now, run_ends_at=ends)
    if actor is Actor.SYSTEM:
        assert at == now
    elif to is S.COMPLETED and ends and ends > now + settings.UNDO_TIME:
        assert at == ends
    else:
        assert at == now + settings.UNDO_TIME


@pytest.mark.django_db
def test_who_is_completed_early_waits_for_the_end_of_the_last_meeting():
    run = a_run(-7, 7)
    change = completed(a_participant(run))
    assert change.due_at == run.ends_at


@pytest.mark.django_db
def test_after_the_last_meeting_only_the_undo_time_is_waited():
    with time_machine.travel("2026-11-24T12:00:00+00:00", tick=False):
        change = completed(a_participant(a_run(-7)))
        assert change.due_at == timezone.now() + timedelta(minutes=15)


@pytest.mark.django_db
def test_a_meeting_that_moves_takes_the_certificate_along():
    run = a_run(-7, 7)
    change = completed(a_participant(run))
    last = run.meetings.last()
    later = last.begins_at + timedelta(days=5)
    planning.move_meeting(
        meeting=last, begins_at=later, ends_at=later + timedelta(hours=3), by=UserFactory()
    )
    change.refresh_from_db()
    assert change.due_at == later + timedelta(hours=3)


@pytest.mark.django_db
def test_a_meeting_that_is_added_holds_back_what_was_almost_due():
    run = a_run(-7)
    change = completed(a_participant(run))
    extra = a_meeting(run, timezone.now() + timedelta(days=3))
    change.refresh_from_db()
    assert change.due_at == extra.ends_at


@pytest.mark.django_db
def test_a_cancelled_last_meeting_leaves_the_undo_time():
    run = a_run(-7, 7)
    change = completed(a_participant(run))
    planning.cancel_meeting(meeting=run.meetings.last(), by=UserFactory())
    change.refresh_from_db()
    assert change.due_at == change.at + settings.UNDO_TIME


@pytest.mark.django_db
def test_what_was_handled_does_not_move():
    run = a_run(-7, 7)
    change = completed(a_participant(run))
    StudyStatusChange.objects.filter(pk=change.pk).update(handled_at=timezone.now())
    planning.cancel_meeting(meeting=run.meetings.last(), by=UserFactory())
    before, _change = change.due_at, change.refresh_from_db()
    assert change.due_at == before


@pytest.mark.django_db
def test_a_run_that_somebody_left_holds_nothing_back():
    course = CourseFactory()
    left, kept = a_run(20, course=course), a_run(5, course=course)
    enrolment = a_participant(left)
    enrolment.places.update(state="released")
    entering.choose_run(enrolment=enrolment, run=kept, by=UserFactory())
    change = completed(enrolment)
    a_meeting(left, timezone.now() + timedelta(days=50))
    change.refresh_from_db()
    assert change.due_at == kept.ends_at


@pytest.mark.django_db
def test_issued_now_it_is_due_and_says_by_whom_and_stays_so():
    run = a_run(-7, 7)
    change = completed(a_participant(run))
    teacher = UserFactory()
    assert outbox.issue_now(changes=[change], by=teacher) == 1
    a_meeting(run, timezone.now() + timedelta(days=30))
    change.refresh_from_db()
    assert change.due_at <= timezone.now()
    assert change.released_by == teacher
    assert outbox.hold(enrolment_ids=[change.enrolment_id]) == 0


@pytest.mark.django_db
def test_only_completions_are_issued_now():
    change = change_status(
        enrolment=a_participant(a_run(7)), to=S.ABSENT, by=UserFactory(), actor=Actor.TEACHER
    )
    assert outbox.issue_now(changes=[change], by=UserFactory()) == 0


@pytest.mark.django_db
def test_what_is_held_waits_for_an_answer():
    run = a_run(-7, 7)
    change = completed(a_participant(run))
    assert outbox.hold(enrolment_ids=[change.enrolment_id]) == 1
    assert outbox.hold(enrolment_ids=[change.enrolment_id]) == 0
    a_meeting(run, timezone.now() + timedelta(days=30))
    change.refresh_from_db()
    assert change.due_at is None
    assert list(StudyStatusChange.objects.due(timezone.now() + timedelta(days=99))) == []


@pytest.mark.django_db
def test_the_newest_change_is_found_for_each():
    run = a_run(7)
    first, second = a_participant(run), a_participant(run)
    change = completed(first)
    newest = outbox.newest_changes([first.pk, second.pk])
    assert newest == {first.pk: change, second.pk: second.status_changes.get()}


def a_programme_of_two():
    """Somebody in a programme of a classroom course and an e-learning."""
    attended, online = CourseFactory(), CourseFactory(kind=CourseKind.ELEARNING)
    programme = a_programme(attended, online, learners_choose_run=False)
    learner = UserFactory()
    whole = entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )
    by_course = {part.course: part for part in whole.parts.all()}
    run = a_run(-7, 7, course=attended)
    entering.choose_run(enrolment=by_course[attended], run=run, by=an_administrator())
    return whole, by_course[attended], by_course[online], run


def by_system(enrolment, to=S.COMPLETED):
    return change_status(enrolment=enrolment, to=to, by=None, actor=Actor.SYSTEM)


@pytest.mark.django_db
def test_a_programme_waits_for_the_latest_of_its_courses():
    whole, attended, online, run = a_programme_of_two()
    completed(attended)
    by_system(online)
    (change,) = whole.status_changes.waiting().filter(to_status=S.COMPLETED)
    assert change.due_at == run.ends_at


@pytest.mark.django_db
def test_a_programme_is_held_from_the_start_while_one_of_its_courses_is():
    whole, attended, online, _run = a_programme_of_two()
    completed(attended)
    outbox.hold(enrolment_ids=[attended.pk])
    by_system(online)
    (change,) = whole.status_changes.waiting().filter(to_status=S.COMPLETED)
    assert change.due_at is None


@pytest.mark.django_db
def test_a_programme_follows_when_its_course_is_moved_held_and_issued():
    whole, attended, online, run = a_programme_of_two()
    change = completed(attended)
    by_system(online)

    def due_at():
        return whole.status_changes.waiting().get().due_at

    extra = a_meeting(run, timezone.now() + timedelta(days=30))
    assert due_at() == extra.ends_at
    outbox.hold(enrolment_ids=[attended.pk])
    assert due_at() is None
    change.refresh_from_db()
    outbox.issue_now(changes=[change], by=an_administrator())
    assert due_at() <= timezone.now()


@pytest.mark.django_db
def test_undoing_the_course_takes_the_programme_back():
    whole, attended, online, _run = a_programme_of_two()
    by_system(online)
    by = an_administrator()
    change = completed(attended, by)
    whole.refresh_from_db()
    assert whole.status == S.COMPLETED
    undo_changes(changes=[change], by=by, actor=Actor.TEACHER)
    whole.refresh_from_db()
    assert whole.status == S.STARTED


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_following_a_run_asks_as_much_for_one_as_for_three(rows, django_assert_num_queries):
    run = a_run(-7, 7)
    for _row in range(rows):
        completed(a_participant(run))
    with django_assert_num_queries(6):
        outbox.follow_run(run=run)
