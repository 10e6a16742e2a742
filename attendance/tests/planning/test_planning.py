"""Planning meetings by who gives a run: seen before it is done, and told with numbers."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from attendance import teaching
from attendance.tests.factories import a_class, a_teacher
from learners.enrolling import waiting_lists
from learners.meetings import outlining, planning
from learners.meetings.outlining import Series
from learners.models import Actor, Meeting, Notification, Role, Run
from learners.tests.factories import (
    UserFactory,
    a_member,
    a_run,
    an_administrator,
    teaches,
)

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Amsterdam")
FAR = timezone.localdate() + timedelta(days=40)


def pages(run) -> str:
    return f"/teaching/{run.pk}/meetings/"


def form(**more) -> dict[str, object]:
    """Fill in the form of one meeting of two hours, forty days from now."""
    said = {"first_day": FAR.isoformat(), "begins": "19:00", "ends": "21:00", "weeks": "0"}
    return {**said, **more}


def proposed(client, run, **more):
    return client.get(f"{pages(run)}plan/", form(**more)).context["planned"]


def plan(client, run, **more):
    """Plan all that is proposed and ticked, as the page does."""
    chosen = [each.key for each in proposed(client, run, **more) if each.is_ticked]
    return client.post(f"{pages(run)}plan/", {**form(**more), "slot": chosen})


@pytest.fixture
def run_and_teacher(client):
    run, teacher, _people = a_class(7, people=2)
    client.force_login(teacher)
    return run, teacher


class TestASeries:
    def test_every_week_so_many_times(self):
        days = outlining.days_of(
            Series(first_day=date(2027, 3, 3), begins=time(19), ends=time(21), weeks=1, times=3)
        )
        assert days == [date(2027, 3, 3), date(2027, 3, 10), date(2027, 3, 17)]

    def test_every_two_weeks_on_chosen_weekdays_until_a_day(self):
        series = Series(
            first_day=date(2027, 3, 3), begins=time(19), ends=time(21), weeks=2,
            weekdays=frozenset({0, 2}), until=date(2027, 3, 31),
        )  # fmt: skip
        assert outlining.days_of(series) == [
            date(2027, 3, 3),
            date(2027, 3, 15),
            date(2027, 3, 17),
            date(2027, 3, 29),
            date(2027, 3, 31),
        ]

    def test_a_day_that_is_skipped_is_none_of_the_number(self):
        series = Series(
            first_day=date(2026, 12, 17), begins=time(19), ends=time(21), weeks=1, times=3,
            skipped=frozenset({date(2026, 12, 24), date(2026, 12, 31)}),
        )  # fmt: skip
        assert outlining.days_of(series) == [
            date(2026, 12, 17),
            date(2027, 1, 7),
            date(2027, 1, 14),
        ]

    def test_the_hour_stays_the_same_when_the_clock_changes(self):
        series = Series(
            first_day=date(2027, 3, 24), begins=time(19), ends=time(21), weeks=1, times=2
        )
        slots = outlining.slots_of(series, HERE)
        assert [slot.begins_at.astimezone(HERE).hour for slot in slots] == [19, 19]
        assert [slot.begins_at.hour for slot in slots] == [18, 17]

    def test_it_ends_somewhere_in_any_case(self):
        series = Series(
            first_day=date(2027, 3, 24), begins=time(19), ends=time(21), weeks=1,
            weekdays=frozenset(range(7)), until=date(9999, 1, 1),
        )  # fmt: skip
        assert len(outlining.days_of(series)) == outlining.MOST


def test_looking_plans_nothing_and_planning_is_done_once(client, run_and_teacher):
    run, _teacher = run_and_teacher
    repeat = {"weeks": "1", "times": "4"}
    assert len(proposed(client, run, **repeat)) == 4
    assert run.meetings.count() == 1
    for _twice in range(2):
        plan(client, run, **repeat)
    assert run.meetings.count() == 5
    run.refresh_from_db()
    assert timezone.localdate(run.ends_at, HERE) == FAR + timedelta(weeks=3)


def test_who_is_booked_is_told_once_of_a_whole_series(client, run_and_teacher):
    run, _teacher = run_and_teacher
    page = client.get(f"{pages(run)}plan/", form(weeks="1", times="4")).text
    assert "2 deelnemers krijgen één keer bericht" in page
    plan(client, run, weeks="1", times="4")
    told = Notification.objects.filter(kind="learners/meetings_planned")
    assert [n.params["number"] for n in told] == [4, 4]


def test_what_is_unticked_is_not_planned(client, run_and_teacher):
    run, _teacher = run_and_teacher
    _first, second, _third = proposed(client, run, weeks="1", times="3")
    client.post(f"{pages(run)}plan/", {**form(weeks="1", times="3"), "slot": [second.key, "x"]})
    assert run.meetings.last().begins_at == second.slot.begins_at
    assert run.meetings.count() == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ends": "18:00"}, "ends"),
        ({"weeks": "1"}, "times"),
        ({"weeks": "1", "until": "2020-01-01"}, "until"),
        ({"skipped": "kerst"}, "skipped"),
        ({"skipped": "31-02-2027"}, "skipped"),
        ({"first_day": ""}, "first_day"),
        ({"link": "no address"}, "link"),
    ],
)
def test_nonsense_is_said_beside_its_field_and_plans_nothing(client, run_and_teacher, typed, field):
    run, _teacher = run_and_teacher
    for ask in (client.get, client.post):
        answer = ask(f"{pages(run)}plan/", form(**typed))
        assert list(answer.context["form"].errors) == [field]
    assert run.meetings.count() == 1


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), HERE)


def elsewhere(run, teacher=None, hour=20, place="Brugge"):
    """Plan a meeting of another run on the day that the form names."""
    other = a_run(course=run.course, place=place)
    if teacher:
        teaches(teacher, other)
    planning.plan_meeting(run=other, begins_at=at(FAR, hour), ends_at=at(FAR, hour + 2), by=None)
    return other


def test_another_meeting_of_the_teacher_at_that_time_is_a_clash_and_not_ticked(
    client, run_and_teacher
):
    run, teacher = run_and_teacher
    other = elsewhere(run, teacher)
    (each,) = proposed(client, run)
    assert [(c.meeting.run, c.teachers, c.place) for c in each.clashes] == [(other, (teacher,), "")]
    assert not each.is_ticked
    plan(client, run)
    assert run.meetings.count() == 1
    client.post(f"{pages(run)}plan/", {**form(), "slot": [each.key]})
    assert run.meetings.count() == 2, "who insists may"


def test_the_room_of_another_run_at_that_time_is_a_clash(client, run_and_teacher):
    run, _teacher = run_and_teacher
    elsewhere(run, place="GENT")
    (each,) = proposed(client, run)
    assert [c.place for c in each.clashes] == ["GENT"]
    (online,) = proposed(client, run, link="https://meet.example.org")
    assert not online.clashes


@pytest.mark.parametrize("hour", [17, 21])
def test_what_only_touches_does_not_clash(client, run_and_teacher, hour):
    run, teacher = run_and_teacher
    elsewhere(run, teacher, hour=hour)
    (each,) = proposed(client, run)
    assert not each.clashes


@pytest.mark.parametrize("others", [1, 3])
def test_a_preview_takes_the_same_queries_however_much_clashes(
    client, run_and_teacher, others, django_assert_num_queries
):
    run, teacher = run_and_teacher
    for _ in range(others):
        elsewhere(run, teacher)
    with django_assert_num_queries(13):
        client.get(f"{pages(run)}plan/", form(weeks="1", times=str(others * 5)))


def typed_change(meeting, **more) -> dict[str, object]:
    begins, ends = (timezone.localtime(m, HERE) for m in (meeting.begins_at, meeting.ends_at))
    said = {"day": begins.date().isoformat(), "begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    return {**said, "place": meeting.place, "link": meeting.link, **more}


@pytest.fixture
def planned(client, run_and_teacher):
    """A meeting by the clock, whole minutes, of which two people are told."""
    run, _teacher = run_and_teacher
    plan(client, run)
    Notification.objects.all().delete()
    return run, run.meetings.last()


def test_moving_asks_first_with_the_number_and_then_tells_once(client, planned):
    run, meeting = planned
    address, day = f"{pages(run)}{meeting.pk}/", FAR + timedelta(days=1)
    moved = typed_change(meeting, day=day.isoformat(), place="Brugge")
    page = client.post(address, moved)
    assert "2 deelnemers krijgen meteen bericht" in page.text
    for name, value in moved.items():
        assert not value or f'<input type="hidden" name="{name}" value="{value}"' in page.text
    again = client.post(address, {**moved, "again": "1"}).text
    assert "krijgen meteen bericht" not in again
    assert 'value="Brugge"' in again
    assert not Notification.objects.exists()
    for _twice in range(2):
        client.post(address, {**moved, "confirmed": "1"})
    meeting.refresh_from_db()
    assert (timezone.localdate(meeting.begins_at, HERE), meeting.place) == (day, "Brugge")
    assert {n.kind for n in Notification.objects.all()} == {"learners/meeting_moved"}
    assert Notification.objects.count() == 2


def test_another_place_is_told_too(client, planned):
    run, meeting = planned
    changed = typed_change(meeting, place="Brugge", confirmed="1")
    client.post(f"{pages(run)}{meeting.pk}/", changed)
    kinds = list(Notification.objects.values_list("kind", "params__place"))
    assert kinds == [("learners/meeting_elsewhere", "Brugge")] * 2


def test_another_teacher_is_nobodys_news_and_opens_the_register(client, planned):
    run, meeting = planned
    stand_in = a_member(Role.TEACHER, run.course.organisation)
    changed = typed_change(meeting, colleague=stand_in.pk)
    assert client.post(f"{pages(run)}{meeting.pk}/", changed).status_code == 302
    assert list(meeting.teachers.all()) == [stand_in]
    assert not Notification.objects.exists()
    client.force_login(stand_in)
    assert client.get(f"/teaching/{run.pk}/participants/").status_code == 200
    assert client.get(pages(run)).status_code == 404, "planning is for teachers of the whole run"


def test_cancelling_says_how_many_are_told_and_tells_the_reason(client, planned):
    run, meeting = planned
    address = f"{pages(run)}{meeting.pk}/cancel/"
    assert "2 deelnemers krijgen meteen bericht" in client.get(address).text
    client.post(address, {"reason": "Docent ziek"})
    meeting.refresh_from_db()
    assert meeting.cancelled_at
    assert {n.params["reason"] for n in Notification.objects.all()} == {"Docent ziek"}
    assert client.get(address).status_code == 404


def test_what_began_is_changed_by_an_administrator_alone(client):
    run, teacher, _people = a_class(-1)
    address = f"{pages(run)}{run.meetings.get().pk}/"
    client.force_login(teacher)
    assert client.get(address).status_code == 404
    client.force_login(an_administrator())
    assert client.get(address).status_code == 200


def test_an_administrator_plans_every_week_from_the_page_of_the_run(client, run_and_teacher):
    run, _teacher = run_and_teacher
    client.force_login(an_administrator())
    assert f'href="{pages(run)}"' in client.get(f"/admin/learners/run/{run.pk}/change/").text
    assert f'href="{pages(run)}plan/"' in client.get(pages(run)).text
    plan(client, run, weeks="1", times="4")
    planned = run.meetings.filter(begins_at__date__gte=FAR)
    assert [timezone.localdate(one.begins_at, HERE) for one in planned] == [
        FAR + timedelta(weeks=week) for week in range(4)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long_it_is(
    client, count, django_assert_num_queries
):
    run, teacher, _people = a_class(*range(1, count + 1))
    client.force_login(teacher)
    with django_assert_num_queries(6):
        client.get(pages(run))


class TestATeacherOfOneMeeting:
    @pytest.fixture
    def named(self):
        """Somebody who gives one meeting, today, of a run that others teach."""
        run, teacher, _people = a_class(-0.01, 7)
        guest = a_member(Role.TEACHER, run.course.organisation)
        first = run.meetings.first()
        planning.name_teachers(meeting=first, teachers=[guest], by=teacher)
        return run, teacher, guest, first

    def test_has_the_register_of_that_run_and_no_planning(self, named):
        run, _teacher, guest, _first = named
        assert list(Run.objects.taught_by(guest)) == [run]
        assert not Run.objects.planned_by(guest).exists()

    def test_loses_it_with_the_meeting(self, named):
        _run, teacher, guest, first = named
        planning.cancel_meeting(meeting=first, by=teacher)
        assert not Run.objects.given_by(guest).exists()

    def test_loses_it_with_the_role(self, named):
        _run, _teacher, guest, _first = named
        guest.memberships.all().delete()
        assert not Run.objects.given_by(guest).exists()
        assert not Meeting.objects.given_by(guest).exists()

    def test_has_it_today_instead_of_the_teacher_of_the_run(self, named, client):
        run, teacher, guest, first = named
        now = timezone.now()
        assert teaching.meetings_now(guest, now=now) == [first]
        assert teaching.meetings_now(teacher, now=now) == []
        client.force_login(guest)
        assert client.get("/teaching/today/").url.endswith(
            f"/{run.pk}/participants/?meeting={first.pk}"
        )

    def test_the_teacher_of_the_run_gives_the_meetings_that_name_nobody(self, named):
        run, teacher, _guest, first = named
        assert list(Meeting.objects.given_by(teacher)) == list(run.meetings.exclude(pk=first.pk))


def test_today_lists_what_is_later_without_calling_it_now(client):
    run, teacher, _people = a_class(-7, 0.04)
    later = run.meetings.last()
    client.force_login(teacher)
    page = client.get("/teaching/today/")
    if timezone.localdate(later.begins_at) == timezone.localdate():
        assert page.context["meetings"] == [later]
        assert "Straks" in page.text
        assert "bezig" not in page.text


def test_the_gear_leads_to_planning_and_the_waiting_list(client, run_and_teacher):
    run, _teacher = run_and_teacher
    page = client.get("/teaching/").text
    assert f'href="{pages(run)}"' in page
    assert f'href="/teaching/{run.pk}/waiting/"' in page


def test_the_waiting_list_is_seen_in_its_order(client, run_and_teacher):
    run, teacher = run_and_teacher
    Run.objects.update(capacity=2)
    people = UserFactory.create_batch(3)
    for learner in people:
        waiting_lists.enter(learner=learner, run=run, by=teacher, actor=Actor.ADMINISTRATOR)
    shown = client.get(f"/teaching/{run.pk}/waiting/").context["waiting"]
    assert [place.enrolment.learner for place in shown] == people


def test_another_teacher_finds_none_of_it(client, run_and_teacher):
    run, _teacher = run_and_teacher
    other = a_teacher(a_run(3, course=run.course))
    client.force_login(other)
    meeting = run.meetings.get()
    for address in (
        pages(run),
        f"{pages(run)}plan/",
        f"{pages(run)}{meeting.pk}/",
        f"{pages(run)}{meeting.pk}/cancel/",
        f"/teaching/{run.pk}/waiting/",
    ):
        assert client.get(address).status_code == 404
