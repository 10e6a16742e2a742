"""Closing a register by hand, and opening one again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from attendance import teaching
from attendance.marking import registers
from attendance.offered import home
from attendance.register import closing
from attendance.register.savings import RegisterRefused
from attendance.tests.factories import a_class, mark, save, typed
from learners.models import AuditEntry, Notification, Run
from learners.telling import notify
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def address(name: str, run: Run) -> str:
    return reverse(f"attendance:{name}", args=[run.pk])


def closed(run: Run, by) -> Run:
    return closing.close_register(run=run, by=by)


def test_a_closed_register_is_read_and_no_longer_written_by_its_teacher():
    run, teacher, people = a_class(-7)
    closed(run, teacher)
    with pytest.raises(RegisterRefused):
        save(run, teacher, typed(run, {people[0]: {"effort": "good"}}))
    assert save(run, an_administrator(), typed(run, {people[0]: {"effort": "good"}}))


def test_closed_twice_it_is_closed_once_and_audited():
    run, teacher, _people = a_class(-7)
    first = closed(run, teacher)
    assert closed(run, an_administrator()).register_closed_at == first.register_closed_at
    (entry,) = AuditEntry.objects.filter(action="attendance.register_closed")
    assert (entry.by, entry.object_id) == (teacher, run.pk)


def test_a_run_with_meetings_to_come_is_not_closed(client):
    run, teacher, _people = a_class(-7, 7)
    with pytest.raises(closing.ClosingRefused, match="nog bijeenkomsten"):
        closed(run, teacher)
    client.force_login(teacher)
    assert "/close/" not in client.get(address("run_register", run)).content.decode()
    client.post(address("register_close", run))
    run.refresh_from_db()
    assert run.register_closed_at is None


def test_who_closed_it_is_never_without_when():
    run, teacher, _people = a_class(-7)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(register_closed_by=teacher)


def test_before_closing_the_page_says_what_is_unrecorded_and_undecided(client):
    run, teacher, people = a_class(-14, -7)
    mark(run, teacher, run.meetings.first(), present=people)
    save(run, teacher, typed(run, {people[0]: {"status": "absent"}}))
    client.force_login(teacher)
    page = client.get(address("register_close", run))
    still = page.context["open"]
    assert [column.unrecorded for column in still.unrecorded] == [3]
    assert list(still.undecided) == people[1:]
    html = page.content.decode()
    assert "3 aanwezigheden ontbreken" in html
    assert "2 deelnemers hebben nog geen eindstatus" in html


def test_a_teacher_closes_it_and_the_page_says_who_when_and_whom_to_ask(client):
    run, teacher, _people = a_class(-7)
    office = an_administrator(name="Annelies Claes")
    client.force_login(teacher)
    html = client.get(address("run_register", run)).content.decode()
    assert address("register_close", run) in html
    html = client.post(address("register_close", run), follow=True).content.decode()
    assert "Deze aanwezigheidslijst is gesloten" in html
    assert f"{teacher.name} heeft ze afgesloten op" in html
    assert f'<a href="mailto:{office.email}">Annelies Claes</a>' in html
    assert address("register_reopen", run) not in html


def test_one_that_closed_by_itself_says_after_which_day(client):
    run, teacher, _people = a_class(-7)
    Run.objects.update(register_open_until=today() - timedelta(days=1))
    client.force_login(teacher)
    html = client.get(address("run_register", run)).content.decode()
    assert "Ze is vanzelf gesloten na" in html


def test_an_administrator_opens_it_with_a_reason_and_a_last_day_and_teachers_are_told(client):
    run, teacher, people = a_class(-7)
    closed(run, teacher)
    client.force_login(an_administrator())
    until = today() + timedelta(days=3)
    page = client.get(address("register_reopen", run)).content.decode()
    assert f"{teacher.name} heeft ze afgesloten op" in page
    client.post(address("register_reopen", run), {"until": until, "reason": "Een handtekening"})
    run.refresh_from_db()
    assert (run.register_closed_at, run.register_open_until) == (None, until)
    assert save(run, teacher, typed(run, {people[0]: {"effort": "good"}}))
    entry = AuditEntry.objects.get(action="attendance.register_reopened")
    assert entry.reason == "Een handtekening"
    assert entry.changes["register_open_until"][1] == until.isoformat()
    told = Notification.objects.get(kind="attendance/register_reopened", user=teacher)
    words = notify.words(told, "nl")
    assert "is weer open" in words.subject
    assert "Een handtekening" in words.body
    assert told.url == address("run_register", run)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "Een handtekening"}, "until"),
        ({"until": "2020-01-01", "reason": "Een handtekening"}, "until"),
        ({"until": "2099-01-01", "reason": "  "}, "reason"),
    ],
)
def test_without_a_reason_or_a_day_it_stays_closed_and_nothing_typed_is_lost(client, said, field):
    run, teacher, _people = a_class(-7)
    closed(run, teacher)
    client.force_login(an_administrator())
    page = client.post(address("register_reopen", run), said)
    assert list(page.context["form"].errors) == [field]
    assert said["reason"] in page.content.decode()
    run.refresh_from_db()
    assert run.register_closed_at


def test_only_an_administrator_opens_it(client):
    run, teacher, _people = a_class(-7)
    closed(run, teacher)
    with pytest.raises(PermissionDenied):
        closing.reopen_register(run=run, until=today(), reason="Toch", by=teacher)
    client.force_login(teacher)
    said = {"until": today(), "reason": "Toch"}
    assert client.post(address("register_reopen", run), said).status_code == 403


def test_what_is_closed_by_hand_waits_nowhere_any_more():
    run, teacher, _people = a_class(-7)
    assert home.waiting_for(teacher)
    closed(run, teacher)
    assert home.waiting_for(teacher) == []
    runs = teaching.list_runs(teacher, now=timezone.now())
    (taught,) = teaching.with_unrecorded(list(runs), now=timezone.now())
    assert (taught.is_open, taught.first) == (False, None)


def test_a_closed_register_takes_no_more_queries_than_an_open_one_may(
    client, django_assert_max_num_queries
):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), present=people)
    closed(run, teacher)
    client.force_login(teacher)
    with django_assert_max_num_queries(10):
        client.get(address("run_register", run))


def test_in_the_administration_many_are_opened_after_a_preview(client):
    run, teacher, _people = a_class(-7)
    closed(run, teacher)
    client.force_login(an_administrator())
    listed = reverse("admin:attendance_register_changelist")
    asked = {"action": "reopen_register", "_selected_action": [run.pk], "index": 0}
    preview = client.post(listed, asked)
    assert f"afgesloten door {teacher.name}" in preview.content.decode()
    until = today() + timedelta(days=2)
    client.post(listed, {**asked, "confirmed": "1", "until": until, "reason": "Inspectie"})
    run.refresh_from_db()
    assert registers.may_write(registers.runs_for(teacher).get(pk=run.pk), teacher)
    assert "open tot en met" in client.get(listed).content.decode()


def test_in_the_administration_a_register_with_meetings_to_come_is_not_closed(client):
    over, _teacher, _people = a_class(-7)
    going_on, _teacher, _people = a_class(-7, 7)
    client.force_login(an_administrator())
    client.post(
        reverse("admin:attendance_register_changelist"),
        {
            "action": "close_register",
            "_selected_action": [over.pk, going_on.pk],
            "index": 0,
            "confirmed": "1",
            "reason": "",
        },
    )
    assert list(Run.objects.exclude(register_closed_at=None)) == [over]
