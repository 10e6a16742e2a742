"""Calendars: a file of a run, and an address of one's own; both follow what is changed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from learners.enrolling import cancelling
from learners.meetings import calendars, planning
from learners.models import Run, User
from learners.tests.admin.test_acts import meeting_form, save_run
from learners.tests.factories import UserFactory, a_participant, a_run, an_administrator, teaches

pytestmark = pytest.mark.django_db


def events(content: bytes) -> list[tuple[str, str, int, str]]:
    """Return of each event its name, whether it goes on, its number and where it is."""
    found = Calendar.from_ical(content).walk("VEVENT")
    return [
        (str(e["uid"]).split("@")[0], str(e["status"]), int(e["sequence"]), str(e["location"]))
        for e in found
    ]


@pytest.fixture
def run():
    return a_run(7, 14, place="Gent")


def test_a_run_has_its_meetings_and_a_cancelled_one_says_so(run):
    first, second = run.meetings.all()
    planning.cancel_meeting(meeting=second, by=an_administrator())
    written = events(calendars.of_run(run))
    assert [(uid, status, place) for uid, status, _number, place in written] == [
        (f"meeting-{first.pk}", "CONFIRMED", "Gent"),
        (f"meeting-{second.pk}", "CANCELLED", "Gent"),
    ]


def test_a_meeting_that_moves_keeps_its_name_and_gets_a_higher_number(run):
    meeting = run.meetings.first()
    ((uid, _status, before, _place), _other) = events(calendars.of_run(run))
    begins_at = meeting.begins_at + timedelta(days=1)
    ends_at = meeting.ends_at + timedelta(days=1)
    planning.move_meeting(
        meeting=meeting, begins_at=begins_at, ends_at=ends_at, by=an_administrator()
    )
    ((same, _status, after, _place), _other) = events(calendars.of_run(run))
    assert (same, after) == (uid, before + 1)
    moved = Calendar.from_ical(calendars.of_run(run)).walk("VEVENT")[0]
    assert moved.decoded("dtstart") == begins_at.replace(microsecond=0)


def test_another_place_of_the_run_gives_its_meetings_a_higher_number(client, run):
    before = events(calendars.of_run(run))
    client.force_login(an_administrator())
    save_run(client, run, meeting_form(run, place="Aalst"))
    assert events(calendars.of_run(Run.objects.get(pk=run.pk))) == [
        (uid, status, number + 1, "Aalst") for uid, status, number, _place in before
    ]


def test_a_person_has_what_they_go_to_and_what_they_give_and_nothing_else(run):
    learner = a_participant(run).learner
    teacher = teaches(UserFactory(), a_run(9))
    a_run(10)
    assert len(events(calendars.of_person(learner))) == 2
    assert len(events(calendars.of_person(teacher))) == 1
    assert events(calendars.of_person(UserFactory())) == []


def test_who_loses_a_place_because_the_run_is_cancelled_sees_that_in_their_calendar(run):
    learner = a_participant(run).learner
    before = events(calendars.of_person(learner))
    cancelling.cancel_run(run=run, by=an_administrator(), reason="Ziek")
    assert events(calendars.of_person(learner)) == [
        (uid, "CANCELLED", number + 1, place) for uid, _status, number, place in before
    ]


def test_what_is_long_over_is_left_out(run):
    learner = a_participant(a_run(-400, -5)).learner
    assert len(events(calendars.of_person(learner))) == 1


def test_the_address_needs_no_signing_in_and_a_new_one_ends_the_old_one(client, run):
    learner = a_participant(run).learner
    client.force_login(learner)
    assert client.post("/profile/calendar/").url == "/profile/"
    old = User.objects.get(pk=learner.pk).calendar_key
    assert f"/calendar/{old}/" in client.get("/profile/").text
    client.logout()
    page = client.get(f"/calendar/{old}/")
    assert (page.status_code, page["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert len(events(page.content)) == 2
    new = calendars.renew_key(person=learner, by=learner)
    assert client.get(f"/calendar/{old}/").status_code == 404
    assert client.get(f"/calendar/{new}/").status_code == 200


def test_who_may_no_longer_sign_in_has_no_calendar(client, run):
    learner = a_participant(run).learner
    key = calendars.renew_key(person=learner, by=learner)
    User.objects.filter(pk=learner.pk).update(is_active=False)
    assert client.get(f"/calendar/{key}/").status_code == 404


def test_the_file_of_a_run_is_of_who_goes_to_it_or_gives_it(client, run):
    address = f"/runs/{run.pk}/calendar/"
    learner = a_participant(run).learner
    for user, status in ((learner, 200), (an_administrator(), 200), (UserFactory(), 404)):
        client.force_login(user)
        assert client.get(address).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_a_calendar_takes_the_same_queries_however_much_is_in_it(django_assert_num_queries, count):
    run = a_run(*range(5, 5 + count))
    learner = a_participant(run).learner
    with django_assert_num_queries(2):
        assert len(events(calendars.of_person(learner))) == count
    with django_assert_num_queries(2):
        assert len(events(calendars.of_run(run))) == count
    assert run.meetings.filter(ends_at__gt=timezone.now()).count() == count
