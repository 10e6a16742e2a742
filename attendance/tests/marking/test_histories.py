"""Every cell shows who set what and when."""

import pytest
from django.urls import reverse

from attendance.marking import histories, registers
from attendance.register import undoing
from attendance.tests.factories import a_class, a_teacher, mark, save, typed
from learners.models import Actor
from learners.studying.study_status import change_status
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


def history_of(run, enrolment) -> histories.History:
    return histories.read(run, registers.participants_of(run).get(pk=enrolment.pk))


def test_each_meeting_has_its_steps_with_who_and_when_the_newest_first():
    run, teacher, people = a_class(-14, -7)
    first, _last = run.meetings.all()
    other = a_teacher(run, name="Tom Claes")
    mark(run, teacher, first, present=people[:1])
    save(run, other, typed(run, {people[0]: {"late": "10"}}, first))
    of_first, of_last = history_of(run, people[0]).meetings
    said = [(s.before.words, s.after.words, s.by) for s in of_first.steps]
    assert said == [
        ("Aanwezig", "Aanwezig, 10 minuten te laat", "Tom Claes"),
        ("niet geregistreerd", "Aanwezig", teacher.name),
    ]
    assert of_first.now.words == "Aanwezig, 10 minuten te laat"
    assert (of_last.steps, of_last.now.words) == ([], "niet geregistreerd")


def test_what_was_undone_says_so_and_the_undoing_is_a_step_of_its_own():
    run, teacher, people = a_class(-7)
    saving = mark(run, teacher, run.meetings.get(), present=people[:1])
    undoing.undo_saving(saving=saving, by=teacher)
    (meeting,) = history_of(run, people[0]).meetings
    assert [(step.is_undoing, step.was_undone) for step in meeting.steps] == [
        (True, False),
        (False, True),
    ]


def test_statuses_with_their_reasons_and_notes_are_there_too(client):
    run, teacher, people = a_class(-7)
    office = an_administrator()
    change_status(
        enrolment=people[0],
        to="not_passed",
        by=office,
        actor=Actor.ADMINISTRATOR,
        reason="Herkansing",
    )
    save(run, teacher, typed(run, {people[0]: {"effort": "good", "remark": "Belde om 13:50"}}))
    history = history_of(run, people[0])
    assert [change.to_status for change in history.statuses] == ["not_passed", "enrolled"]
    assert {(one.before, one.after, one.by) for one in history.notes} == {
        ("–", "Goed", teacher.name),
        ("–", "Belde om 13:50", teacher.name),
    }
    client.force_login(teacher)
    html = client.get(reverse("attendance:participant_detail", args=[run.pk, people[0].pk]))
    assert "“Herkansing”" in html.content.decode()


def test_the_page_is_one_click_from_the_row(client):
    run, teacher, people = a_class(-7)
    client.force_login(teacher)
    html = client.get(reverse("attendance:run_register", args=[run.pk])).content.decode()
    assert f'href="/teaching/{run.pk}/participants/{people[0].pk}/"' in html


def test_somebody_who_is_not_in_this_run_is_not_there(client):
    run, teacher, _people = a_class(-7)
    _other_run, _other, strangers = a_class(-7)
    client.force_login(teacher)
    page = client.get(reverse("attendance:participant_detail", args=[run.pk, strangers[0].pk]))
    assert page.status_code == 404


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_takes_the_same_queries_however_long_the_history(
    client, times, django_assert_num_queries
):
    run, teacher, people = a_class(*range(-21, -21 + 7 * times, 7))
    for _ in range(times):
        for presence in ("present", "absent"):
            for meeting in run.meetings.all():
                mark(run, teacher, meeting, **{presence: people[:1]})
        rows = {people[0]: {"effort": "good", "remark": str(_)}}
        undoing.undo_saving(saving=save(run, teacher, typed(run, rows)), by=teacher)
    client.force_login(teacher)
    with django_assert_num_queries(10):
        client.get(reverse("attendance:participant_detail", args=[run.pk, people[0].pk]))
