"""Every address of teaching, asked for by everybody who has no business there."""

import pytest
from django.urls import get_resolver, reverse

from attendance.tests.factories import a_class, save, typed
from learners.models import Role
from learners.tests.factories import a_member, an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses():
    """Each address with something real behind it, and whose it is."""
    run, teacher, people = a_class(-7, 7)
    saving = save(run, teacher, typed(run, {people[0]: {"status": "completed"}}))
    on_run = {
        name: reverse(f"attendance:{name}", args=[run.pk])
        for name in (
            "run_register",
            "register_keep",
            "register_forget",
            "register_continue",
            "register_question",
            "register_save",
            "register_close",
        )
    }
    on_saving = {
        name: reverse(f"attendance:{name}", args=[saving.pk])
        for name in (
            "saving_detail",
            "saving_progress",
            "saving_undo",
            "saving_issue",
            "saving_settle",
        )
    }
    planning = {"run_meetings": [], "run_waiting": [], "meeting_plan": []}
    meeting = run.meetings.last().pk
    planning |= {"meeting_change": [meeting], "meeting_cancel": [meeting]}
    on_run |= {
        name: reverse(f"attendance:{name}", args=[run.pk, *more]) for name, more in planning.items()
    }
    issue = reverse("attendance:participant_issue", args=[run.pk, people[0].pk])
    history = reverse("attendance:participant_detail", args=[run.pk, people[0].pk])
    reopen = reverse("attendance:register_reopen", args=[run.pk])
    of_one = {"participant_issue": issue, "participant_detail": history}
    return {**on_run, **on_saving, **of_one, "register_reopen": reopen}, run, teacher, people


def statuses(client, found) -> set[int]:
    return {
        status
        for address in found.values()
        for status in (client.get(address).status_code, client.post(address).status_code)
    }


def test_no_address_is_forgotten_here(addresses):
    found, *_rest = addresses
    named = {name for name in get_resolver("attendance.urls").reverse_dict if isinstance(name, str)}
    assert named == {*found, "teaching", "today"}


def test_without_signing_in_everything_leads_to_the_door(client, addresses):
    found, *_rest = addresses
    for address in (*found.values(), "/teaching/", "/teaching/today/"):
        assert client.get(address).url.startswith("/accounts/login/")


def test_a_teacher_of_another_run_finds_nothing(client, addresses):
    found, *_rest = addresses
    _run, other, _people = a_class()
    client.force_login(other)
    assert statuses(client, {"reopen": found.pop("register_reopen")}) == {403}
    assert statuses(client, found) <= {404, 405}


def test_a_learner_is_told_that_it_is_not_for_them(client, addresses):
    found, _run, _teacher, people = addresses
    client.force_login(people[0].learner)
    assert statuses(client, {**found, "list": "/teaching/"}) <= {403, 405}


def test_a_member_with_another_role_is_told_so_too(client, addresses):
    found, run, _teacher, _people = addresses
    client.force_login(a_member(Role.COACH, run.course.organisation))
    assert statuses(client, found) <= {403, 405}


def test_its_teacher_and_an_administrator_get_in(client, addresses):
    found, _run, teacher, _people = addresses
    for user in (teacher, an_administrator()):
        client.force_login(user)
        assert client.get(found["run_register"]).status_code == 200
        assert client.get(found["saving_detail"]).status_code == 200


def test_somebody_of_another_run_cannot_be_issued_or_marked(client, addresses):
    found, run, teacher, _people = addresses
    _other_run, _other, strangers = a_class(-7)
    client.force_login(teacher)
    issue = reverse("attendance:participant_issue", args=[run.pk, strangers[0].pk])
    assert client.post(issue).status_code == 404
    form = {
        "row": strangers[0].pk,
        "present": strangers[0].pk,
        f"status-{strangers[0].pk}": "completed",
        "meeting": run.meetings.first().pk,
        "seen": str(run.meetings.first().pk),
    }
    client.post(found["register_continue"], form)
    strangers[0].refresh_from_db()
    assert strangers[0].status == "enrolled"
    assert not strangers[0].marks.exists()
