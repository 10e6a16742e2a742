"""Minutes late, minutes early and excuses: what may be said, what is written, who sees it."""

import pytest
from django.db import IntegrityError, transaction

from attendance.marking import registers
from attendance.marking.confirmations import read
from attendance.marking.values import MarkValue, in_common
from attendance.models import Attendance, AttendanceChange
from attendance.offered import home, personal
from attendance.register import undoing
from attendance.register.savings import RegisterRefused
from attendance.tests.factories import Browser, a_class, a_teacher, mark, save, typed
from learners.models import PointsOn, StudyPointAccount, StudyPointEntry
from learners.tests.factories import CourseFactory, as_on_its_page

pytestmark = pytest.mark.django_db

LATE, EXCUSED = {"late": "10"}, {"excused": True, "excuse": "Ziek gemeld"}


def said(enrolment) -> MarkValue:
    return MarkValue.of(Attendance.objects.get(enrolment=enrolment))


def problems(run, by, form) -> list[tuple[str, int | None]]:
    with pytest.raises(RegisterRefused) as refused:
        save(run, by, form)
    return [(one.where, one.enrolment_id) for one in refused.value.problems]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"presence": "absent", "minutes_late": 5},
        {"presence": "absent", "minutes_early": 5},
        {"presence": "present", "is_excused": True},
        {"presence": "absent", "excuse": "ziek"},
        {"presence": "present", "minutes_late": 1441},
    ],
)
def test_the_database_refuses_details_that_contradict_the_presence(nonsense):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), present=people[:1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.update(**nonsense)


@pytest.mark.parametrize(
    "value",
    [
        MarkValue(),
        MarkValue("present"),
        MarkValue("present", 10, 0),
        MarkValue("present", 0, 15),
        MarkValue("absent", 0, 0, True, ""),
        MarkValue("absent", 0, 0, True, "ziek, 38,5 °C = koorts"),
    ],
)
def test_what_a_mark_says_comes_back_from_its_code(value):
    assert MarkValue.read(value.code) == value
    assert " " not in value.code


def test_details_that_differ_between_meetings_are_shown_as_nothing():
    shared = in_common([MarkValue("present", 10, 5), MarkValue("present", 20, 5)])
    assert (shared.minutes_late, shared.minutes_early) == (0, 5)


def test_who_is_said_to_be_late_was_present_and_who_is_excused_was_absent():
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {people[0]: LATE, people[1]: EXCUSED}, run.meetings.get()))
    assert said(people[0]) == MarkValue("present", 10)
    assert said(people[1]) == MarkValue("absent", is_excused=True, excuse="Ziek gemeld")


def test_a_presence_that_changes_takes_its_details_along():
    run, teacher, people = a_class(-7)
    meeting = run.meetings.get()
    save(run, teacher, typed(run, {people[0]: LATE, people[1]: EXCUSED}, meeting))
    rows = {people[0]: {"mark": "absent"}, people[1]: {"mark": "present"}}
    save(run, teacher, typed(run, rows, meeting))
    assert [said(one) for one in people[:2]] == [MarkValue("absent"), MarkValue("present")]


def test_details_alone_leave_the_presence_and_write_one_step():
    run, teacher, people = a_class(-7)
    meeting = run.meetings.get()
    mark(run, teacher, meeting, present=people)
    save(run, teacher, typed(run, {people[0]: LATE}, meeting))
    step = AttendanceChange.objects.first()
    assert MarkValue.of(step, "from_") == MarkValue("present")
    assert MarkValue.of(step, "to_") == MarkValue("present", 10)
    assert AttendanceChange.objects.count() == len(people) + 1


@pytest.mark.parametrize(
    ("shown", "cells", "where"),
    [
        ("", {"late": "ten"}, "late"),
        ("", {"late": "-5"}, "late"),
        ("", {"early": "1.5"}, "early"),
        ("", {"late": "180"}, "late"),
        ("", {"late": "100", "early": "80"}, "late"),
        ("", {"early": "180"}, "early"),
        ("", {"mark": "absent", "late": "10"}, "late"),
        ("absent", {"late": "10"}, "late"),
        ("", {"mark": "present", "excused": True}, "excused"),
        ("present", {"excused": True}, "excused"),
        ("", {"late": "10", "excused": True}, "excused"),
        ("", {"excuse": "x" * 121}, "excuse"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_nothing_is_saved(shown, cells, where):
    run, teacher, people = a_class(-7)  # meetings last three hours
    meeting = run.meetings.get()
    if shown:
        mark(run, teacher, meeting, **{shown: people[:1]})
    before = Attendance.objects.count()
    form = typed(run, {people[0]: cells, people[1]: {"effort": "good"}}, meeting)
    assert problems(run, teacher, form) == [(where, people[0].pk)]
    assert Attendance.objects.count() == before


def test_minutes_of_nearly_the_whole_meeting_are_fine():
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {people[0]: {"late": "179"}}, run.meetings.get()))
    assert said(people[0]).minutes_late == 179


def test_undoing_restores_minutes_and_excuses():
    run, teacher, people = a_class(-7)
    meeting = run.meetings.get()
    save(run, teacher, typed(run, {people[0]: LATE, people[1]: EXCUSED}, meeting))
    rows = {people[0]: {"late": "20"}, people[1]: {"mark": "present"}}
    undoing.undo_saving(saving=save(run, teacher, typed(run, rows, meeting)), by=teacher)
    assert said(people[0]) == MarkValue("present", 10)
    assert said(people[1]) == MarkValue("absent", is_excused=True, excuse="Ziek gemeld")


def test_different_details_of_two_teachers_go_together():
    run, teacher, people = a_class(-7)
    meeting, other = run.meetings.get(), a_teacher(run)
    mine = typed(run, {people[0]: {"late": "10"}}, meeting)
    theirs = typed(run, {people[0]: {"mark": "present"}, people[1]: {"early": "5"}}, meeting)
    save(run, other, theirs)
    assert save(run, teacher, mine).summary["differences"] == []
    assert said(people[0]) == MarkValue("present", 10)


def test_the_same_minutes_with_another_number_show_both_and_who():
    run, teacher, people = a_class(-7)
    meeting, other = run.meetings.get(), a_teacher(run, name="Tom Claes")
    mark(run, teacher, meeting, present=people)
    mine = typed(run, {people[0]: {"late": "10"}}, meeting)
    save(run, other, typed(run, {people[0]: {"late": "30"}}, meeting))
    saving = save(run, teacher, mine)
    (difference,) = read(saving).differences
    assert difference.mine == "Aanwezig, 10 minuten te laat"
    assert difference.theirs == "Aanwezig, 30 minuten te laat"
    assert difference.by == "Tom Claes"
    assert said(people[0]).minutes_late == 30


def test_my_answer_to_a_difference_is_saved_with_its_details(client):
    run, teacher, people = a_class(-7)
    meeting, other = run.meetings.get(), a_teacher(run)
    mine = typed(run, {people[0]: EXCUSED}, meeting)
    save(run, other, typed(run, {people[0]: LATE}, meeting))
    saving = save(run, teacher, mine)
    client.force_login(teacher)
    client.post(f"/teaching/savings/{saving.pk}/differences/", {"difference-0": "mine"})
    assert said(people[0]) == MarkValue("absent", is_excused=True, excuse="Ziek gemeld")


def test_points_of_a_meeting_do_not_move_with_the_minutes():
    course = CourseFactory(study_points=4, points_on=PointsOn.MEETING)
    run, teacher, people = a_class(-7, course=course)
    meeting = run.meetings.get()
    mark(run, teacher, meeting, present=people[:1])
    save(run, teacher, typed(run, {people[0]: LATE}, meeting))
    assert (StudyPointEntry.objects.count(), StudyPointAccount.objects.get().total) == (1, 4)
    mark(run, teacher, meeting, absent=people[:1])
    assert StudyPointAccount.objects.get().total == 0
    mark(run, teacher, meeting, present=people[:1])
    assert StudyPointAccount.objects.get().total == 4


def test_excused_counts_as_not_there_and_is_counted_beside_it():
    run, teacher, people = a_class(-21, -14, -7, -2)
    first, second, third, last = run.meetings.all()
    save(run, teacher, typed(run, {people[0]: LATE}, first))
    mark(run, teacher, second, present=people[:1])
    save(run, teacher, typed(run, {people[0]: EXCUSED}, third))
    mark(run, teacher, last, absent=people[:1])
    rows = registers.read_participants(
        list(registers.participants_of(run)), run=run, actor=registers.Actor.TEACHER
    )
    one = next(row for row in rows if row.pk == people[0].pk)
    assert (one.percentage, one.excused) == (50, 1)


def test_the_learner_reads_their_own_details_but_not_why_staff_excused_them(client):
    run, teacher, people = a_class(-14, -7)
    first, last = run.meetings.all()
    save(run, teacher, typed(run, {people[0]: LATE}, first))
    save(run, teacher, typed(run, {people[0]: EXCUSED}, last))
    client.force_login(people[0].learner)
    html = client.get(people[0].get_absolute_url()).content.decode()
    assert "10 minuten te laat" in html
    assert "verontschuldigd" in html
    assert "Aanwezig op 1 van de 2 geregistreerde bijeenkomsten: 50%." in html
    assert "Ziek gemeld" not in html
    (section,) = home.course_sections(people[0].learner, as_on_its_page(people[0]))
    assert section.context["counted"].excused == 1


def test_a_form_that_comes_back_as_it_was_shown_touches_no_details(client):
    run, teacher, people = a_class(-7)
    rows = {people[0]: LATE, people[1]: EXCUSED, people[2]: {"mark": "present"}}
    save(run, teacher, typed(run, rows, run.meetings.get()))
    browser = Browser(client, run, teacher).open()
    response = browser.press("continue")
    assert "Je hebt nog niets gewijzigd" in response.content.decode()
    browser.press("continue", **{f"late-{people[0].pk}": "15"})
    assert said(people[0]).minutes_late == 15


def test_an_excuse_is_taken_away_and_the_absence_stays(client):
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {people[1]: EXCUSED}, run.meetings.get(), shown=people))
    mark(run, teacher, run.meetings.get(), present=[people[0], people[2]])
    Browser(client, run, teacher).open().press("continue", excused=[])
    assert said(people[1]) == MarkValue("absent")


def test_what_was_typed_wrong_is_kept_and_open(client):
    run, teacher, people = a_class(-7)
    response = (
        Browser(client, run, teacher).open().press("continue", **{f"late-{people[0].pk}": "tien"})
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="tien"' in html
    assert 'class="register-details" open' in html


def test_the_words_of_an_excuse_are_forgotten_with_the_person():
    run, teacher, people = a_class(-7)
    meeting = run.meetings.get()
    save(run, teacher, typed(run, {people[0]: EXCUSED}, meeting))
    save(run, teacher, typed(run, {people[0]: {"excuse": "Begrafenis"}}, meeting))
    personal.pseudonymise([people[0].learner_id], at=meeting.ends_at)
    assert said(people[0]) == MarkValue("absent", is_excused=True)
    (step,) = AttendanceChange.objects.all()
    assert (step.from_excuse, step.to_excuse) == ("", "")


def test_people_get_their_details_with_their_data():
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {people[0]: LATE}, run.meetings.get()))
    (row,) = personal.export(people[0].learner)["attendance"]
    assert (row["presence"], row["minutes_late"]) == ("present", 10)
    assert "excuse" not in row
