"""Two teachers and two clicks at the very same time, on a database that lets them."""

import pytest
from django.db import connection

from attendance.models import Attendance, AttendanceChange, RegisterSaving
from attendance.tests.factories import a_class, a_teacher, save, typed
from learners.enrolling.entering import choose_run, enrol_in_programme
from learners.models import Actor, StudyStatus
from learners.tests.at_once import at_once
from learners.tests.factories import UserFactory, a_programme, an_administrator

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'",
        reason="SQLite's own database for tests is of one connection; it lets one write at a time",
    ),
]


def test_the_same_form_sent_many_times_at_once_is_one_saving():
    assert connection.vendor != "sqlite"
    run, teacher, people = a_class(-7, people=10)
    form = typed(run, {one: {"mark": "present"} for one in people}, run.meetings.get())
    savings = at_once(*[lambda: save(run, teacher, form)] * 6)
    assert savings == [RegisterSaving.objects.get()] * 6
    assert AttendanceChange.objects.count() == 10


def test_two_teachers_in_the_same_cells_lose_nothing():
    run, teacher, people = a_class(-7, people=10)
    other = a_teacher(run)
    mine = typed(run, {one: {"mark": "present"} for one in people[:6]}, run.meetings.get())
    theirs = typed(run, {one: {"mark": "absent"} for one in people[4:]}, run.meetings.get())
    first, second = at_once(lambda: save(run, teacher, mine), lambda: save(run, other, theirs))
    differing = [len(saving.summary["differences"]) for saving in (first, second)]
    assert sorted(differing) == [0, 2]
    assert Attendance.objects.count() == 10


def test_two_courses_of_a_programme_that_are_completed_at_once_complete_it():
    run, teacher, _nobody = a_class(-7, people=0)
    other_run, other, _nobody = a_class(-7, people=0)
    whole = enrol_in_programme(
        learner=UserFactory(),
        programme=a_programme(run.course, other_run.course),
        by=None,
        actor=Actor.SYSTEM,
    )
    first, second = [
        choose_run(enrolment=whole.parts.get(course=one.course), run=one, by=an_administrator())
        for one in (run, other_run)
    ]
    forms = [
        (run, teacher, typed(run, {first: {"status": "completed"}})),
        (other_run, other, typed(other_run, {second: {"status": "completed"}})),
    ]
    at_once(*[lambda form=form: save(*form) for form in forms])
    whole.refresh_from_db()
    assert whole.status == StudyStatus.COMPLETED
