from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.offered import home
from attendance.tests.factories import a_class, a_teacher, mark
from learners.meetings import planning
from learners.models import Role
from learners.tests.factories import (
    CourseFactory,
    a_lesson,
    a_member,
    a_participant,
    a_run,
    an_administrator,
    teaches,
)

pytestmark = pytest.mark.django_db


def listed(client, query="") -> list:
    return [taught.run for taught in client.get(f"/teaching/{query}").context["runs"]]


def test_the_list_begins_with_the_next_meeting_and_ends_with_the_past(client):
    course = CourseFactory()
    past, later, soon = (
        a_run(-7, course=course),
        a_run(9, course=course),
        a_run(-3, 2, course=course),
    )
    teacher = a_teacher(past)
    later.teachers.add(teacher)
    soon.teachers.add(teacher)
    client.force_login(teacher)
    assert listed(client) == [soon, later, past]


def test_who_teaches_a_course_finds_its_lessons_as_learners_see_them(client):
    with_lessons, without = CourseFactory(), CourseFactory()
    first = a_lesson(with_lessons)
    a_lesson(with_lessons)
    run = a_run(3, course=with_lessons)
    teacher = a_teacher(run)
    teaches(teacher, a_run(4, course=without))
    client.force_login(teacher)
    page = client.get("/teaching/").text
    assert page.count("/lessons/") == 1
    assert first.get_absolute_url() in page
    assert client.get(first.get_absolute_url()).status_code == 200


def a_taught_run(teacher, course, *days, people=1):
    run = a_run(*days, course=course)
    run.teachers.add(teacher)
    for _ in range(people):
        a_participant(run)
    return run


def test_what_waits_for_marks_stands_on_top_the_longest_first_then_what_is_on(client):
    complete, teacher, people = a_class(-3)
    mark(complete, teacher, complete.meetings.get(), present=people)
    course = complete.course
    coming = a_taught_run(teacher, course, 1)
    on = a_taught_run(teacher, course, -0.01)
    recent = a_taught_run(teacher, course, -2, 9)
    old = a_taught_run(teacher, course, -9, -8)
    client.force_login(teacher)
    assert listed(client) == [old, recent, on, coming, complete]
    assert listed(client, "?when=past") == [old, complete]
    html = client.get("/teaching/").content.decode()
    assert (html.count("taught-waits"), html.count("taught-now")) == (2, 1)
    assert f"/teaching/{recent.pk}/participants/?meeting={recent.meetings.first().pk}" in html


def test_a_register_that_is_closed_waits_for_nobody(client):
    closed, teacher, _people = a_class(-9)
    closed.register_open_until = timezone.localdate() - timedelta(days=1)
    closed.save()
    coming = a_taught_run(teacher, closed.course, 1)
    client.force_login(teacher)
    assert listed(client) == [coming, closed]
    html = client.get("/teaching/").content.decode()
    assert "gesloten" in html
    assert "taught-waits" not in html


def test_what_waits_stands_on_the_first_page(client):
    waits, teacher, _people = a_class(-9)
    for _ in range(25):
        a_taught_run(teacher, waits.course, 1, people=0)
    client.force_login(teacher)
    assert listed(client)[0] == waits
    assert len(listed(client, "?page=2")) == 1


def test_the_list_can_be_filtered_by_moment_and_words(client):
    course = CourseFactory(title_nl="Tiltechnieken", title_en="Lifting")
    past, today, coming = a_run(-7), a_run(-0.01, 3), a_run(9, course=course, place="Utrecht")
    teacher = a_teacher(past)
    teaches(teacher, today, coming)
    client.force_login(teacher)
    assert listed(client, "?when=past") == [past]
    assert listed(client, "?when=today") == [today]
    assert listed(client, "?when=coming") == [coming]
    assert listed(client, "?q=tilt+utrecht") == [coming]
    assert listed(client, "?q=nothing") == []


def test_it_says_what_is_still_unrecorded(client):
    run, teacher, people = a_class(-14, -7, -0.01, 7)
    mark(run, teacher, run.meetings.first(), present=people)
    client.force_login(teacher)
    (taught,) = client.get("/teaching/").context["runs"]
    assert (taught.meetings, len(taught.past), taught.unrecorded) == (4, 1, 3)
    assert taught.first == run.meetings.all()[1]


def test_the_gear_shows_the_participants(client):
    run, teacher, _people = a_class()
    client.force_login(teacher)
    html = client.get("/teaching/").content.decode()
    assert "Mijn te geven opleidingen" in html
    assert "Deelnemers tonen" in html
    assert f'href="/teaching/{run.pk}/participants/"' in html


def test_today_goes_to_the_register_of_the_meeting_that_is_on(client):
    run, teacher, _people = a_class(-7, -0.05, 7)
    client.force_login(teacher)
    on = run.meetings.all()[1]
    assert client.get("/teaching/today/").url == f"/teaching/{run.pk}/participants/?meeting={on.pk}"
    planning.cancel_meeting(meeting=on, by=teacher)
    assert client.get("/teaching/today/").context["meetings"] == []


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_takes_the_same_queries_however_long_it_is(
    client, count, django_assert_num_queries
):
    course = CourseFactory()
    runs = [a_run(-7, course=course) for _ in range(count)]
    teacher = a_teacher(runs[0])
    for run in runs:
        run.teachers.add(teacher)
        a_participant(run)
    client.force_login(teacher)
    with django_assert_num_queries(7):
        client.get("/teaching/")


def test_home_offers_the_blue_tile_with_the_next_meeting():
    run, teacher, _people = a_class(-7, -0.05)
    (tile,) = home.tiles(teacher)
    assert tile.is_primary
    assert str(run.course) in str(tile.text)
    (item,) = home.nav(teacher)
    assert [child.url for child in item.children] == ["/teaching/today/"]


def test_home_says_which_past_meetings_miss_marks_while_the_register_is_open():
    run, teacher, people = a_class(-14, -7, 7)
    mark(run, teacher, run.meetings.first(), present=people)
    mark(run, teacher, run.meetings.all()[1], present=people[:1])
    (waiting,) = home.waiting_for(teacher)
    assert waiting.turn.is_of(teacher)
    assert waiting.progress == (1, 3)
    assert waiting.url.endswith(f"?meeting={run.meetings.all()[1].pk}")
    run.register_open_until = timezone.localdate() - timedelta(days=1)
    run.save()
    assert home.waiting_for(teacher) == []


def test_home_lists_the_meetings_that_i_teach():
    run, teacher, _people = a_class(-7, -0.05, 7)
    planning.cancel_meeting(meeting=run.meetings.last(), by=teacher)
    assert [entry.begins_at for entry in home.calendar(teacher)] == [
        run.meetings.all()[1].begins_at
    ]


def test_who_teaches_nothing_is_offered_nothing():
    learner = a_member(Role.LEARNER, CourseFactory().organisation)
    offers = (home.tiles, home.nav, home.calendar, home.waiting_for)
    assert [offer(learner) for offer in offers] == [[], [], [], []]


def test_an_administrator_has_the_blue_tile_only_where_they_teach():
    run, _teacher, _people = a_class(-7)
    head_office = an_administrator()
    assert home.tiles(head_office) == []
    run.teachers.add(head_office)
    assert [tile.url for tile in home.tiles(head_office)] == ["/teaching/"]


def test_an_administrator_who_teaches_nothing_is_offered_all_registers_by_that_name(client):
    _run, teacher, _people = a_class(-7)
    head_office = an_administrator()
    client.force_login(head_office)
    assert "Alle aanwezigheidslijsten" in client.get("/teaching/").text
    client.force_login(teacher)
    assert "Alle aanwezigheidslijsten" not in client.get("/teaching/").text
    assert [str(item.title) for item in home.nav(teacher)] == ["Mijn te geven opleidingen"]


def test_a_learner_sees_their_marks_and_effort_and_never_a_remark(client):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), present=people[:1])
    people[0].effort, people[0].remark = "very_good", "Belde om 13:50"
    people[0].save()
    client.force_login(people[0].learner)
    html = client.get(f"/my-learning/courses/{people[0].pk}/").content.decode()
    assert "aanwezig" in html
    assert "zeer goed" in html
    assert "Belde" not in html


def test_a_meeting_that_is_on_now_is_not_called_the_next_one(client):
    _run, teacher, _people = a_class(-0.01, 7)
    client.force_login(teacher)
    html = client.get("/teaching/").content.decode()
    assert '<span class="fine">nu bezig</span>' in html
    assert "volgende:" not in html
