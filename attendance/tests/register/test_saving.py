from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from attendance.marking import what_follows
from attendance.tests.factories import a_class, mark, save, typed
from certifications import awarding
from certifications.certificates import rendering
from certifications.models import Certificate
from learners.models import Enrolment, StudyStatusChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def completed(client):
    """A saving that completed two people after the last meeting, and a signed-in teacher."""
    run, teacher, people = a_class(-7)
    rows = {one: {"status": "completed", "mark": "present"} for one in people[:2]}
    saving = save(run, teacher, typed(run, rows, run.meetings.get()))
    client.force_login(teacher)
    return saving, run, teacher, people


def address(saving, name="") -> str:
    return f"/teaching/savings/{saving.pk}/{name}"


def test_the_page_says_what_was_saved_for_whom_and_which_meetings(client, completed):
    saving, _run, _teacher, people = completed
    page = client.get(address(saving))
    confirmation = page.context["confirmation"]
    (present,) = confirmation.presences
    assert (len(present.names), len(present.meetings)) == (2, 1)
    html = page.content.decode()
    assert all(one.learner.name in html for one in people[:2])
    assert people[2].learner.name not in html


def test_the_mark_absent_and_the_status_absent_are_told_apart(client):
    run, teacher, people = a_class(-14, -7)
    rows = {
        people[0]: {"mark": "present"},
        people[1]: {"mark": "absent", "status": "absent"},
        people[2]: {"remark": "Belde om 13:50"},
    }
    saving = save(run, teacher, typed(run, rows, *run.meetings.all()))
    client.force_login(teacher)
    page = client.get(address(saving))
    confirmation = page.context["confirmation"]
    assert [(one.presence, one.names, len(one.meetings)) for one in confirmation.presences] == [
        ("present", [people[0].learner.name], 2),
        ("absent", [people[1].learner.name], 2),
    ]
    html = page.content.decode()
    assert "Aanwezigheid: 1 deelnemer afwezig" in html
    assert "Studiestatus: 1 deelnemer op ‘afwezig’ gezet" in html
    assert people[2].learner.name in html


def test_certificates_come_after_the_undo_time_and_the_page_counts_down(client, completed):
    saving, *_rest = completed
    found = what_follows.of_saving(saving)
    assert (len(found.coming), len(found.held), found.making, len(found.ready)) == (2, 0, 0, 0)
    assert found.comes_in == "over 15 minuten"
    assert "hx-get" in client.get(address(saving)).content.decode()


def test_the_page_turns_into_ready_by_itself(client, completed, time_machine):
    saving, *_rest = completed
    time_machine.move_to(timezone.now() + settings.UNDO_TIME + timedelta(seconds=1))
    awarding.drain()
    found = what_follows.of_saving(saving)
    assert (found.making, len(found.ready), found.seconds_to_next_look) == (2, 0, 3)
    rendering.render_waiting(seconds=60)
    part = client.get(address(saving, "progress/"), headers={"HX-Request": "true"})
    found = part.context["progress"]
    assert (found.making, len(found.ready), found.seconds_to_next_look) == (0, 2, 0)
    html = part.content.decode()
    assert "<html" not in html
    assert "hx-get" not in html
    assert all(one.get_absolute_url() in html for one in found.ready)


def test_without_a_script_progress_is_the_whole_page(client, completed):
    saving, *_rest = completed
    assert client.get(address(saving, "progress/")).url == address(saving)


def test_before_the_last_meeting_they_are_held_and_can_be_issued_after_a_question(client):
    run, teacher, people = a_class(-7, 7)
    saving = save(run, teacher, typed(run, {people[0]: {"status": "completed"}}))
    client.force_login(teacher)
    assert len(what_follows.of_saving(saving).held) == 1
    assert people[0].learner.name in client.get(address(saving, "issue/")).content.decode()
    change = StudyStatusChange.objects.waiting().get(enrolment=people[0])
    assert (change.due_at, change.released_by) == (run.ends_at, None)
    assert client.post(address(saving, "issue/")).url == address(saving)
    change.refresh_from_db()
    assert change.due_at <= timezone.now()
    assert change.released_by == teacher


def test_undo_puts_back_what_was(client, completed):
    saving, _run, _teacher, _people = completed
    client.post(address(saving, "undo/"))
    assert set(Enrolment.objects.values_list("status", flat=True)) == {"enrolled"}
    html = client.get(address(saving)).content.decode()
    assert "undo/" not in html
    assert "hx-get" not in html


def test_undo_after_certificates_went_out_is_asked_first(client, completed, time_machine):
    saving, *_rest = completed
    time_machine.move_to(timezone.now() + settings.UNDO_TIME + timedelta(seconds=1))
    awarding.drain()
    page = client.post(address(saving, "undo/"))
    assert page.status_code == 200
    assert Certificate.objects.first().number in page.content.decode()
    assert Enrolment.objects.filter(status="completed").count() == 2
    client.post(address(saving, "undo/"), {"confirmed": "1"})
    assert not Enrolment.objects.filter(status="completed").exists()


def test_absent_later_asks_the_teacher_on_the_register_and_on_the_home_page(client, time_machine):
    run, teacher, people = a_class(-7, 2)
    save(run, teacher, typed(run, {people[0]: {"status": "completed"}}))
    time_machine.move_to(run.meetings.last().begins_at + timedelta(hours=1))
    mark(run, teacher, run.meetings.last(), absent=people[:1])
    client.force_login(teacher)
    issue = f"/teaching/{run.pk}/participants/{people[0].pk}/issue/"
    assert issue in client.get(f"/teaching/{run.pk}/participants/").content.decode()
    assert issue in client.get("/").content.decode()
    assert client.post(issue).url == f"/teaching/{run.pk}/participants/"
    assert StudyStatusChange.objects.waiting().get().released_by == teacher
    assert issue not in client.get("/").content.decode()


def test_who_has_nothing_held_has_nothing_to_issue(client, completed):
    _saving, run, _teacher, people = completed
    issue = f"/teaching/{run.pk}/participants/{people[2].pk}/issue/"
    assert client.get(issue).status_code == 302
    client.post(issue)
    assert not StudyStatusChange.objects.filter(released_by__isnull=False).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_it_is_about(
    client, count, django_assert_num_queries
):
    run, teacher, people = a_class(-7)
    cells = {"status": "completed", "mark": "present", "effort": "good"}
    rows = dict.fromkeys(people[:count], cells)
    saving = save(run, teacher, typed(run, rows, run.meetings.get()))
    client.force_login(teacher)
    with django_assert_num_queries(10):
        client.get(address(saving))


def test_a_correction_says_that_a_certificate_is_withdrawn_and_then_that_it_was(
    client, completed, time_machine
):
    _saving, run, teacher, people = completed
    time_machine.move_to(timezone.now() + settings.UNDO_TIME + timedelta(seconds=1))
    awarding.drain()
    correction = save(run, teacher, typed(run, {people[0]: {"status": "not_passed"}}))
    certificate = Certificate.objects.get(enrolment=people[0])

    found = what_follows.of_saving(correction)
    assert (found.leaving, found.withdrawn, found.leaves_in) == (
        [certificate],
        [],
        "over 15 minuten",
    )
    assert certificate.get_absolute_url() in client.get(address(correction)).content.decode()

    time_machine.move_to(timezone.now() + settings.UNDO_TIME + timedelta(seconds=1))
    awarding.drain()
    found = what_follows.of_saving(correction)
    assert (found.leaving, found.withdrawn) == ([], [certificate])
    assert found.seconds_to_next_look == 0
    assert certificate.get_absolute_url() in client.get(address(correction)).content.decode()
