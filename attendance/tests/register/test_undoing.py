from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.models import Attendance, AttendanceChange
from attendance.register import undoing
from attendance.register.answers import Answers
from attendance.tests.factories import a_class, a_teacher, mark, save, typed
from learners.models import Enrolment, PointsOn, StudyPointAccount
from learners.tests.factories import CourseFactory, an_enrolment

pytestmark = pytest.mark.django_db


def saved(run, teacher, people):
    rows = {
        people[0]: {"mark": "present", "status": "completed", "effort": "good"},
        people[1]: {"status": "withdrawn_valid", "remark": "Belde"},
    }
    form = typed(run, rows, run.meetings.first(), shown=people)
    return save(run, teacher, form, Answers(left_open_are_absent=True))


def test_everything_becomes_what_it_was():
    run, teacher, people = a_class(-7)
    before = list(Enrolment.objects.order_by("pk").values())
    undone = undoing.undo_saving(saving=saved(run, teacher, people), by=teacher)
    assert (undone.marks, undone.statuses, undone.notes, undone.left) == (2, 2, 2, 0)
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert not Attendance.objects.exists()
    assert AttendanceChange.objects.count() == 4


def test_undone_twice_it_is_undone_once():
    run, teacher, people = a_class(-7)
    saving = saved(run, teacher, people)
    undoing.undo_saving(saving=saving, by=teacher)
    undoing.undo_saving(saving=saving, by=teacher)
    assert AttendanceChange.objects.count() == 4


def test_what_somebody_changed_since_stays():
    run, teacher, people = a_class(-7)
    saving = saved(run, teacher, people)
    mark(run, a_teacher(run), run.meetings.first(), absent=people[:1])
    undone = undoing.undo_saving(saving=saving, by=teacher)
    assert undone.left == 1
    assert Attendance.objects.get().presence == "absent"


def test_a_mark_that_went_and_came_back_has_another_version():
    run, teacher, people = a_class(-7)
    stale = typed(run, {people[0]: {"mark": "absent"}}, run.meetings.first())
    saving = mark(run, teacher, run.meetings.first(), present=people[:1])
    seen = typed(run, {people[0]: {"mark": "absent"}}, run.meetings.first())
    undoing.undo_saving(saving=saving, by=teacher)
    mark(run, a_teacher(run), run.meetings.first(), present=people[:1])
    assert len(save(run, teacher, seen).summary["differences"]) == 1
    assert len(save(run, teacher, stale).summary["differences"]) == 1


def test_points_per_meeting_are_taken_back():
    course = CourseFactory(study_points=4, points_on=PointsOn.MEETING)
    run, teacher, people = a_class(-7, course=course)
    saving = mark(run, teacher, run.meetings.first(), present=people[:1])
    undoing.undo_saving(saving=saving, by=teacher)
    assert StudyPointAccount.objects.get().total == 0
    mark(run, teacher, run.meetings.first(), present=people[:1])
    assert StudyPointAccount.objects.get().total == 4


def test_it_is_refused_where_the_learner_was_enrolled_anew():
    run, teacher, people = a_class(-7)
    saving = saved(run, teacher, people)
    an_enrolment(run.course, people[1].learner)
    with pytest.raises(undoing.UndoRefused):
        undoing.undo_saving(saving=saving, by=teacher)
    assert Attendance.objects.count() == 2


def test_a_closed_register_is_not_undone_by_a_teacher():
    run, teacher, people = a_class(-7)
    saving = saved(run, teacher, people)
    run.register_open_until = timezone.localdate() - timedelta(days=1)
    run.save()
    with pytest.raises(undoing.UndoRefused):
        undoing.undo_saving(saving=saving, by=teacher)
