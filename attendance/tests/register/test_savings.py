from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.marking import registers
from attendance.models import Attendance, AttendanceChange, RegisterSaving
from attendance.register import savings
from attendance.register.answers import Answers
from attendance.register.drafts import Typed
from attendance.tests.factories import a_class, a_crowd, a_teacher, mark, save, typed
from learners.meetings import planning
from learners.models import (
    AuditEntry,
    Enrolment,
    Place,
    PointsOn,
    StudyPointAccount,
    StudyStatus,
    StudyStatusChange,
)
from learners.tests.factories import CourseFactory, a_programme, an_administrator, with_status

pytestmark = pytest.mark.django_db


def marks() -> dict[tuple[int, int], str]:
    rows = Attendance.objects.values_list("enrolment_id", "meeting_id", "presence")
    return {(enrolment, meeting): presence for enrolment, meeting, presence in rows}


def problems(run, by, form) -> list[str]:
    with pytest.raises(savings.RegisterRefused) as refused:
        save(run, by, form)
    return [problem.where for problem in refused.value.problems]


def test_a_tick_is_written_for_the_meetings_that_were_chosen_and_no_other():
    run, teacher, people = a_class(-14, -7, -2)
    first, second, _third = run.meetings.all()
    save(run, teacher, typed(run, {people[0]: {"mark": "present"}}, first, second))
    assert marks() == {
        (people[0].pk, first.pk): "present",
        (people[0].pk, second.pk): "present",
    }


def test_when_no_presence_was_touched_none_is_written_however_many_meetings_are_chosen():
    run, teacher, people = a_class(-14, -7)
    form = typed(run, {people[0]: {"effort": "good"}}, *run.meetings.all(), shown=people[1:])
    save(run, teacher, form, Answers(left_open_are_absent=True))
    assert marks() == {}
    assert Enrolment.objects.get(pk=people[0].pk).effort == "good"


def test_who_was_left_open_becomes_absent_only_when_the_teacher_says_so():
    run, teacher, people = a_class(-7)
    meeting = run.meetings.get()
    form = typed(run, {people[0]: {"mark": "present"}}, meeting, shown=people[1:])
    save(run, teacher, form)
    assert marks() == {(people[0].pk, meeting.pk): "present"}
    form = typed(run, {people[1]: {"mark": "present"}}, meeting, shown=people[2:])
    save(run, teacher, form, Answers(left_open_are_absent=True))
    assert marks() == {
        (people[0].pk, meeting.pk): "present",
        (people[1].pk, meeting.pk): "present",
        (people[2].pk, meeting.pk): "absent",
    }


def test_who_withdraws_in_the_same_form_is_not_left_open():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "present"}, people[1]: {"status": "withdrawn_valid"}}
    save(run, teacher, typed(run, rows, run.meetings.get()), Answers(left_open_are_absent=True))
    assert set(marks()) == {(people[0].pk, run.meetings.get().pk)}


def test_all_present_fills_the_whole_run_and_never_wipes_a_mark():
    run, teacher, people = a_class(-7, people=5)
    meeting = run.meetings.get()
    mark(run, teacher, meeting, absent=people[:1])
    save(run, teacher, typed(run, {}, meeting, shown=people[:2], all_present=True))
    expected = {(one.pk, meeting.pk): "present" for one in people[1:]}
    assert marks() == {(people[0].pk, meeting.pk): "absent", **expected}


def test_future_and_cancelled_meetings_are_passed_over_and_named():
    run, teacher, people = a_class(-14, -7, 7)
    past, cancelled, future = run.meetings.all()
    planning.cancel_meeting(meeting=cancelled, by=teacher)
    form = typed(run, {people[0]: {"mark": "present"}}, all_meetings=True, seen_meetings=())
    saving = save(run, teacher, form)
    assert marks() == {(people[0].pk, past.pk): "present"}
    assert saving.summary["passed_over"] == [[cancelled.pk, "cancelled"], [future.pk, "future"]]


def test_marks_without_a_meeting_are_refused_beside_the_meetings():
    run, teacher, people = a_class(-7)
    assert problems(run, teacher, typed(run, {people[0]: {"mark": "present"}})) == ["meetings"]


def test_marks_for_nothing_but_a_future_meeting_are_refused():
    run, teacher, people = a_class(7)
    form = typed(run, {people[0]: {"mark": "present"}}, run.meetings.get())
    assert problems(run, teacher, form) == ["meetings"]
    assert marks() == {}


def test_a_status_is_saved_without_a_meeting():
    run, teacher, people = a_class(-7)
    saving = save(run, teacher, typed(run, {people[0]: {"status": "not_passed"}}))
    assert Enrolment.objects.get(pk=people[0].pk).status == StudyStatus.NOT_PASSED
    assert [change.by for change in saving.status_changes.all()] == [teacher]
    assert marks() == {}


def test_invalid_input_saves_nothing_and_names_every_cell():
    run, teacher, people = a_class(-7)
    rows = {
        people[0]: {"mark": "present", "effort": "splendid"},
        people[1]: {"status": "exempt"},
        people[2]: {"remark": "x" * 501},
    }
    form = typed(run, rows, run.meetings.get())
    assert sorted(problems(run, teacher, form)) == ["effort", "remark", "status"]
    assert marks() == {}
    assert not RegisterSaving.objects.exists()


def test_a_status_that_the_table_forbids_saves_nothing():
    run, teacher, people = a_class(-7)
    with_status(people[0], StudyStatus.EXEMPT)
    rows = {people[0]: {"status": "completed"}, people[1]: {"mark": "present"}}
    assert problems(run, teacher, typed(run, rows, run.meetings.get())) == ["status"]
    assert marks() == {}


def test_a_place_that_was_given_away_refuses_and_saves_nothing():
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {people[0]: {"status": "withdrawn_invalid"}}))
    run.capacity = 2
    run.save()
    rows = {people[0]: {"status": "completed"}, people[1]: {"mark": "present"}}
    assert problems(run, teacher, typed(run, rows, run.meetings.get())) == ["status"]
    assert marks() == {}
    assert Place.objects.booked().filter(run=run).count() == 2


def test_a_closed_register_is_written_by_administrators_only():
    run, teacher, people = a_class(-7)
    run.register_open_until = timezone.localdate() - timedelta(days=1)
    run.save()
    form = typed(run, {people[0]: {"mark": "present"}}, run.meetings.get())
    assert problems(run, teacher, form) == ["form"]
    assert save(run, an_administrator(), form)
    assert len(marks()) == 1


def test_a_double_click_is_one_saving():
    run, teacher, people = a_class(-7)
    form = typed(run, {people[0]: {"mark": "present"}}, run.meetings.get())
    assert save(run, teacher, form) == save(run, teacher, form)
    assert AttendanceChange.objects.count() == 1


def test_a_form_that_was_changed_after_it_was_saved_is_another_saving():
    run, teacher, people = a_class(-7)
    form = typed(run, {people[0]: {"mark": "present"}}, run.meetings.get())
    first = save(run, teacher, form)
    more = typed(run, {people[1]: {"mark": "present"}}, run.meetings.get(), token=form.token)
    assert save(run, teacher, more) != first
    assert len(marks()) == 2


def test_what_stands_there_already_is_no_event():
    run, teacher, people = a_class(-7)
    form = typed(run, {people[0]: {"mark": "present"}}, run.meetings.get())
    save(run, teacher, form)
    assert save(run, a_teacher(run), Typed(**{**vars(form), "token": Typed().token})) is None
    assert AttendanceChange.objects.count() == 1


def test_two_teachers_in_different_cells_merge():
    run, teacher, people = a_class(-7)
    other = a_teacher(run)
    meeting = run.meetings.get()
    mine = typed(run, {people[0]: {"mark": "present"}}, meeting)
    theirs = typed(run, {people[1]: {"mark": "absent"}, people[0]: {"effort": "good"}}, meeting)
    save(run, other, theirs)
    saving = save(run, teacher, mine)
    assert saving.summary["differences"] == []
    assert marks() == {
        (people[0].pk, meeting.pk): "present",
        (people[1].pk, meeting.pk): "absent",
    }


def test_the_same_cell_with_another_value_saves_the_rest_and_says_who_and_when():
    run, teacher, people = a_class(-7)
    other = a_teacher(run, name="Tom Claes")
    meeting = run.meetings.get()
    rows = {
        people[0]: {"mark": "present", "status": "not_passed", "effort": "good", "remark": "ja"},
        people[1]: {"mark": "present"},
    }
    mine = typed(run, rows, meeting)
    cells = {"mark": "absent", "status": "absent", "effort": "sufficient", "remark": "nee"}
    save(run, other, typed(run, {people[0]: cells}, meeting))
    saving = save(run, teacher, mine)
    assert marks() == {
        (people[0].pk, meeting.pk): "absent",
        (people[1].pk, meeting.pk): "present",
    }
    found = [(d["cell"], d["mine"], d["theirs"], d["by"]) for d in saving.summary["differences"]]
    assert found == [
        ("mark", "p", "a", "Tom Claes"),
        ("status", "not_passed", "absent", "Tom Claes"),
        ("effort", "good", "sufficient", "Tom Claes"),
        ("remark", "ja", "nee", "Tom Claes"),
    ]
    assert all(d["at"] for d in saving.summary["differences"])


def test_every_step_of_a_mark_is_kept_with_who_and_when():
    run, teacher, people = a_class(-7)
    other = a_teacher(run)
    mark(run, teacher, run.meetings.get(), present=people[:1])
    mark(run, other, run.meetings.get(), absent=people[:1])
    steps = AttendanceChange.objects.order_by("pk").values_list(
        "from_presence", "to_presence", "by"
    )
    assert list(steps) == [("", "present", teacher.pk), ("present", "absent", other.pk)]
    assert Attendance.objects.get().version == AttendanceChange.objects.latest("pk").pk


def test_the_day_last_attended_follows_the_marks():
    run, teacher, people = a_class(-14, -7)
    first, second = run.meetings.all()
    mark(run, teacher, first, present=people[:1])
    mark(run, teacher, second, present=people[:1])
    people[0].refresh_from_db()
    assert people[0].last_attended_on == run.last_day(run.course.organisation)
    mark(run, teacher, second, absent=people[:1])
    people[0].refresh_from_db()
    assert people[0].last_attended_on == run.first_day(run.course.organisation)


def test_efforts_and_remarks_are_audited_with_what_they_were():
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {people[0]: {"effort": "good"}, people[1]: {"effort": "good"}}))
    save(run, teacher, typed(run, {people[0]: {"effort": "", "remark": "Belde"}}))
    found = AuditEntry.objects.filter(object_id=people[0].pk, action="attendance.noted")
    assert [entry.changes for entry in found.order_by("pk")] == [
        {"effort": ["", "good"]},
        {"effort": ["good", ""]},
        {"remark": ["", "Belde"]},
    ]


def test_completed_before_the_last_meeting_waits_for_its_end():
    run, teacher, people = a_class(-7, 7)
    save(run, teacher, typed(run, {people[0]: {"status": "completed"}}))
    assert StudyStatusChange.objects.waiting().get(enrolment=people[0]).due_at == run.ends_at


def test_absent_at_a_later_meeting_keeps_the_certificate_back_until_the_mark_is_mended(
    time_machine,
):
    run, teacher, people = a_class(-7, 2)
    save(run, teacher, typed(run, {people[0]: {"status": "completed"}}))
    time_machine.move_to(run.meetings.last().begins_at + timedelta(hours=1))
    mark(run, teacher, run.meetings.last(), absent=people[:1])
    waiting = StudyStatusChange.objects.waiting().filter(enrolment=people[0])
    assert waiting.get().due_at is None
    mark(run, teacher, run.meetings.last(), present=people[:1])
    assert waiting.get().due_at == run.ends_at


def test_absent_at_an_earlier_meeting_does_not_keep_it_back():
    run, teacher, people = a_class(-7, 7)
    save(run, teacher, typed(run, {people[0]: {"status": "completed"}}))
    mark(run, teacher, run.meetings.first(), absent=people[:1])
    assert StudyStatusChange.objects.waiting().get(enrolment=people[0]).due_at == run.ends_at


def test_points_per_meeting_come_and_go_with_the_mark():
    course = CourseFactory(study_points=4, points_on=PointsOn.MEETING, maximum_study_points=6)
    run, teacher, people = a_class(-14, -7, course=course)
    first, second = run.meetings.all()
    mark(run, teacher, first, present=people[:1])
    account = StudyPointAccount.objects.get(learner=people[0].learner)
    assert account.total == 4
    mark(run, teacher, second, present=people[:1])
    account.refresh_from_db()
    assert account.total == 6
    mark(run, teacher, first, absent=people[:1])
    account.refresh_from_db()
    assert account.total == 4


def test_the_maximum_is_ignored_with_permission_and_a_reason_only():
    course = CourseFactory(study_points=4, maximum_study_points=3)
    run, teacher, people = a_class(-7, course=course)
    rows = {people[0]: {"status": "completed"}}
    with_reason = {"ignore_maximum": True, "reason": "Inhaalcursus"}
    assert problems(run, teacher, typed(run, rows, **with_reason)) == ["ignore_maximum"]
    teacher.user_permissions.add(Permission.objects.get(codename="ignore_maximum"))
    teacher = type(teacher).objects.get(pk=teacher.pk)
    assert problems(run, teacher, typed(run, rows, ignore_maximum=True)) == ["reason"]
    save(run, teacher, typed(run, rows, **with_reason))
    assert StudyPointAccount.objects.get(learner=people[0].learner).total == 4


def statements(run, by, form) -> int:
    """Save a form, and count what is sent to the database but for the savepoints."""
    found = registers.runs_for(by).get(pk=run.pk)
    with CaptureQueriesContext(connection) as captured:
        savings.save_register(run=found, typed=form, by=by)
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_500_participants_over_8_meetings_take_few_queries():
    course = CourseFactory(study_points=1)
    run, teacher, _nobody = a_class(*range(-24, 0, 3), people=0, course=course)
    people, chosen = a_crowd(run, 500), run.meetings.all()
    form = typed(run, {}, *chosen, shown=people, all_present=True)
    assert statements(run, teacher, form) == 10
    assert Attendance.objects.filter(presence="present").count() == 4000
    notes = {"effort": "good", "remark": "Belde om 13:50"}
    came = notes | {"late": "10", "early": "5", "status": "not_passed"}
    excused = {"mark": "absent", "excused": True, "excuse": "Ziek gemeld", "status": "absent"}
    rows = dict.fromkeys(people[:250], came) | dict.fromkeys(people[250:], notes | excused)
    assert statements(run, teacher, typed(run, rows, *chosen)) == 16
    marks = Attendance.objects.all()
    assert marks.filter(minutes_late=10, minutes_early=5).count() == 2000
    assert marks.filter(is_excused=True, excuse="Ziek gemeld").count() == 2000
    ended = Enrolment.objects.filter(effort="good", remark="Belde om 13:50")
    assert ended.filter(status="not_passed").count() == ended.filter(status="absent").count() == 250


@pytest.mark.parametrize("number", [1, 500])
@pytest.mark.parametrize("points_on", PointsOn)
def test_completing_500_with_points_efforts_and_remarks_takes_no_more_queries(points_on, number):
    course = CourseFactory(study_points=1, points_on=points_on, maximum_study_points=5)
    run, teacher, _nobody = a_class(*range(-24, 0, 3), people=0, course=course)
    people = a_crowd(run, number)
    said = {"mark": "present", "late": "10", "effort": "good", "remark": "Sterk"}
    form = typed(run, dict.fromkeys(people, said | {"status": "completed"}), *run.meetings.all())
    assert statements(run, teacher, form) == 20
    assert Enrolment.objects.filter(status="completed", remark="Sterk").count() == number
    earned = {PointsOn.COMPLETION: 1, PointsOn.MEETING: 5}[points_on]
    assert StudyPointAccount.objects.filter(total=earned).count() == number


@pytest.mark.parametrize(("others", "becomes"), [(0, "completed"), (1, "started")])
def test_completing_500_who_follow_a_programme_takes_six_queries_more(others, becomes):
    course = CourseFactory(study_points=1)
    other = [CourseFactory(organisation=course.organisation) for _other in range(others)]
    programme = a_programme(course, *other, organisation=course.organisation)
    run, teacher, _nobody = a_class(*range(-24, 0, 3), people=0, course=course)
    people = a_crowd(run, 500)
    wholes = Enrolment.objects.bulk_create(
        Enrolment(learner_id=one.learner_id, programme=programme, status="enrolled")
        for one in people
    )
    said = {"mark": "present", "late": "10", "effort": "good", "remark": "Sterk"}
    form = typed(run, dict.fromkeys(people, said | {"status": "completed"}), *run.meetings.all())
    assert statements(run, teacher, form) == 25
    steps = StudyStatusChange.objects.filter(to_status=becomes)
    assert steps.filter(enrolment__in=wholes).count() == 500
    assert steps.order_by().values("due_at").distinct().count() == 1  # with its course


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "mark": st.sampled_from(["present", "absent"]),
        "effort": st.sampled_from(["", "good", "very_good"]),
        "remark": st.sampled_from(["", "Belde om 13:50"]),
        "status": st.sampled_from(["not_passed", "absent"]),
    },
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS, min_size=3, max_size=3), chosen=st.sets(st.integers(0, 2)))
def test_whatever_is_posted_only_touched_cells_are_written(cells, chosen):
    run, teacher, people = a_class(-14, -7, -2)
    meetings = [run.meetings.all()[number] for number in sorted(chosen)]
    mark(run, teacher, run.meetings.first(), present=people)
    before = {one.pk: (one.status, one.effort, one.remark) for one in people}
    marks_before = marks()
    rows = {one: touched for one, touched in zip(people, cells, strict=True) if touched}
    form = typed(run, rows, *meetings, shown=people)
    try:
        save(run, teacher, form)
    except savings.RegisterRefused:
        rows = {}
    mine = {one.pk for one in people}
    expected = {cell: presence for cell, presence in marks_before.items() if cell[0] in mine}
    after = dict(before)
    for one, touched in rows.items():
        status, effort, remark = before[one.pk]
        after[one.pk] = (
            touched.get("status", status),
            touched.get("effort", effort),
            touched.get("remark", remark),
        )
        for meeting in meetings:
            if "mark" in touched:
                expected[one.pk, meeting.pk] = touched["mark"]
    found = Enrolment.objects.in_bulk([one.pk for one in people])
    assert {cell: to for cell, to in marks().items() if cell[0] in mine} == expected
    assert {pk: (e.status, e.effort, e.remark) for pk, e in found.items()} == after
