from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.marking import registers
from attendance.marking.values import in_hundredths
from attendance.tests.factories import a_class, mark
from learners.meetings import planning
from learners.models import Actor, StudyStatus
from learners.studying import status_rules, study_status
from learners.tests.factories import a_participant, a_run, an_administrator

pytestmark = pytest.mark.django_db


def columns(run, teacher, *, is_locked=False):
    found = registers.runs_for(teacher).get(pk=run.pk)
    now = timezone.now()
    return registers.meetings_of(found, now=now, booked=found.booked, is_locked=is_locked)


def test_a_meeting_stands_where_its_time_and_its_marks_put_it():
    run, teacher, people = a_class(-14, -7, -0.05, 7)
    planning.cancel_meeting(meeting=run.meetings.last(), by=teacher)
    mark(run, teacher, run.meetings.first(), present=people)
    assert [column.state for column in columns(run, teacher)] == [
        "done",
        "open",
        "now",
        "cancelled",
    ]
    assert [column.unrecorded for column in columns(run, teacher)] == [0, 3, 3, 0]


def test_a_closed_register_locks_what_was_and_not_what_comes():
    run, teacher, _people = a_class(-7, 7)
    assert [c.state for c in columns(run, teacher, is_locked=True)] == ["locked", "future"]


def test_the_meeting_that_is_on_is_chosen_beforehand():
    run, teacher, _people = a_class(-7, -0.05, 7)
    assert registers.chosen_beforehand(columns(run, teacher)).meeting == run.meetings.all()[1]


def test_else_the_last_past_one_that_is_not_complete():
    run, teacher, people = a_class(-14, -7, -2, 7)
    mark(run, teacher, run.meetings.all()[2], absent=people)
    assert registers.chosen_beforehand(columns(run, teacher)).meeting == run.meetings.all()[1]


def test_else_the_last_past_one_and_before_the_first_none():
    run, teacher, people = a_class(-7, 7)
    mark(run, teacher, run.meetings.first(), present=people)
    assert registers.chosen_beforehand(columns(run, teacher)).meeting == run.meetings.first()
    run, teacher, _people = a_class(7)
    assert registers.chosen_beforehand(columns(run, teacher)) is None


def test_who_withdrew_is_on_the_register_and_not_expected():
    run, teacher, people = a_class()
    study_status.change_status(
        enrolment=people[0], to=StudyStatus.WITHDRAWN_VALID, by=teacher, actor=Actor.TEACHER
    )
    found = registers.runs_for(teacher).get(pk=run.pk)
    assert (found.booked, found.participants) == (2, 3)
    rows = registers.read_participants(
        list(registers.participants_of(found)), run=found, actor=Actor.TEACHER
    )
    assert {row.pk: row.is_expected for row in rows} == {
        people[0].pk: False,
        people[1].pk: True,
        people[2].pk: True,
    }


def test_not_recorded_is_never_counted_as_absent():
    run, teacher, people = a_class(-21, -14, -7, -2)
    first, second, third, _last = run.meetings.all()
    mark(run, teacher, first, present=people[:2])
    mark(run, teacher, second, present=people[:1], absent=people[1:2])
    mark(run, teacher, third, present=people[:1])
    rows = registers.read_participants(
        list(registers.participants_of(run)), run=run, actor=Actor.TEACHER
    )
    assert {row.pk: row.percentage for row in rows} == {
        people[0].pk: 100,
        people[1].pk: 50,
        people[2].pk: None,
    }


def test_several_meetings_show_what_they_have_in_common():
    run, teacher, people = a_class(-14, -7)
    first, second = run.meetings.all()
    mark(run, teacher, first, present=people[:2])
    mark(run, teacher, second, present=people[:1])
    rows = registers.read_participants(
        list(registers.participants_of(run)), run=run, actor=Actor.TEACHER
    )
    both = [first.pk, second.pk]
    assert {row.pk: row.seen_in(both) for row in rows} == {
        people[0].pk: "present",
        people[1].pk: "mixed",
        people[2].pk: "",
    }


def test_a_teacher_chooses_from_the_five_and_never_the_one_that_stands():
    _run, _teacher, people = a_class()
    choices = registers.choices(people[0], Actor.TEACHER)
    assert choices == status_rules.THE_FIVE
    people[0].status = StudyStatus.COMPLETED
    choices = registers.choices(people[0], Actor.TEACHER)
    assert choices == status_rules.THE_FIVE - {StudyStatus.COMPLETED}


def test_names_stand_in_the_order_of_family_names():
    run = a_run(-1)
    names = ["Zoë Aerts", "Anna van den Berg", "Bo Çelik"]
    for name in names:
        a_participant(run, name=name)
    found = [one.learner.name for one in registers.participants_of(run)]
    assert found == ["Zoë Aerts", "Bo Çelik", "Anna van den Berg"]


def test_only_an_administrator_writes_in_a_closed_register():
    run, teacher, _people = a_class(-7)
    assert registers.may_write(run, teacher)
    run.register_open_until = timezone.localdate() - timedelta(days=1)
    assert not registers.may_write(run, teacher)
    assert registers.may_write(run, an_administrator())


@pytest.mark.parametrize(("part", "whole", "n"), [(2, 3, 67), (1, 3, 33), (1, 8, 13), (0, 1, 0)])
def test_a_percentage_is_rounded_to_the_nearest_and_half_of_one_upwards(part, whole, n):
    assert in_hundredths(part, whole) == n
