"""'My learners': whom a coach sees, how far they are, and what comes next."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learners.enrolling import entering
from learners.models import (
    Actor,
    Coaching,
    CourseKind,
    Enrolment,
    ImportState,
    Membership,
    Role,
    StudyStatus,
)
from learners.offered.home import nav, tiles
from learners.studying.study_status import change_status
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    a_run,
    an_administrator,
    with_status,
)
from learners.tests.importing.lists import a_csv, checked

S = StudyStatus
pytestmark = pytest.mark.django_db
LIST = "/my-learners/"


@pytest.fixture
def coach(client):
    coach = a_member(Role.COACH, OrganisationFactory(), name="Karel Coach", language="en")
    client.force_login(coach)
    return coach


def coached(coach, *courses, name="Lotte Aerts", stands_in=False, **fields):
    whole = entering.enrol_in_programme(
        learner=UserFactory(name=name),
        programme=a_programme(*(courses or [CourseFactory()]), **fields),
        by=None,
        actor=Actor.SYSTEM,
    )
    here = {"organisation": whole.organisation, "role": Role.COACH}
    Membership.objects.get_or_create(user=coach, **here)
    Coaching.objects.create(enrolment=whole, coach=coach, stands_in=stands_in)
    return whole


def names(page):
    return [row[0].learner.name for row in page.context["rows"]]


def said(page):
    return [said for _row, *_progress, said, _more in page.context["rows"]]


def test_a_coach_sees_whom_they_coach_or_stand_in_for_and_nobody_else(client, coach):
    coached(coach, name="Lotte Aerts")
    coached(coach, name="Bram Kuipers", stands_in=True)
    coached(UserFactory(), name="Noor Peeters")
    page = client.get(LIST)
    assert names(page) == ["Lotte Aerts", "Bram Kuipers"]


def test_who_is_under_way_comes_before_who_is_done(client, coach):
    with_status(coached(coach, name="Lotte Aerts"), S.COMPLETED)
    coached(coach, name="Bram Kuipers")
    assert names(client.get(LIST)) == ["Bram Kuipers", "Lotte Aerts"]


def test_the_list_finds_people_by_a_part_of_their_name(client, coach):
    coached(coach, name="Lotte Aerts")
    coached(coach, name="Zoë Kuipers")
    assert names(client.get(LIST, {"text": "zoe"})) == ["Zoë Kuipers"]
    assert "Nobody of this name" in client.get(LIST, {"text": "zzz"}).text


def test_a_page_shows_25_people(client, coach):
    for _person in range(26):
        coached(coach)
    page = client.get(LIST)
    assert len(page.context["rows"]) == 25
    assert "26 results" in page.text
    assert len(client.get(LIST, {"page": 2}).context["rows"]) == 1


def test_each_row_says_how_far_somebody_is_and_until_when(client, coach):
    first, second = CourseFactory(kind=CourseKind.ELEARNING), CourseFactory()
    whole = coached(coach, first, second, term_days=100)
    change_status(
        enrolment=whole.parts.get(course=first), to=S.COMPLETED, by=None, actor=Actor.SYSTEM
    )
    page = client.get(LIST).text
    assert "1 of 2 courses done" in page
    assert "study term until" in page


def test_each_row_says_what_comes_next(client, coach):
    planned, online = CourseFactory(), CourseFactory(kind=CourseKind.ELEARNING)
    whole = coached(coach, planned, online, CourseFactory())
    entering.choose_run(
        enrolment=whole.parts.get(course=planned), run=a_run(3, course=planned), by=whole.learner
    )
    (words,) = said(client.get(LIST))
    assert words.startswith("Next meeting ")
    assert words.endswith(", has to choose a run, has e-learning to do")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (S.TERM_LAPSED, "The study term has lapsed; only an extension opens it again"),
        (S.COMPLETED, ""),
    ],
)
def test_what_no_longer_runs_says_so(client, coach, status, words):
    with_status(coached(coach), status)
    assert said(client.get(LIST)) == [words]


def test_a_meeting_of_another_person_is_not_what_comes_next(client, coach):
    course = CourseFactory()
    coached(coach, course)
    other = coached(UserFactory(), course)
    part = other.parts.get()
    entering.choose_run(enrolment=part, run=a_run(3, course=course), by=other.learner)
    assert said(client.get(LIST)) == ["Has to choose a run"]


def test_who_coaches_nobody_yet_reads_what_will_be_here(client, coach):
    assert "You coach nobody yet" in client.get(LIST).text


def test_the_page_of_a_learner_has_their_courses_in_order_with_words_for_the_coach(client, coach):
    courses = [
        CourseFactory(title_en="Planned"),
        CourseFactory(title_en="Online", kind=CourseKind.ELEARNING),
        CourseFactory(title_en="Open"),
        CourseFactory(title_en="Done", kind=CourseKind.ELEARNING),
    ]
    whole = coached(coach, *courses)
    planned, _online, _open, done = (whole.parts.get(course=course) for course in courses)
    run = a_run(3, course=planned.course, place="Gent")
    entering.choose_run(enrolment=planned, run=run, by=whole.learner)
    change_status(enrolment=done, to=S.COMPLETED, by=None, actor=Actor.SYSTEM)
    page = client.get(f"{LIST}{whole.pk}/")
    assert [line.course for line, _said, _facts in page.context["rows"]] == courses
    first, *others = said(page)
    assert first.startswith("Next meeting ")
    assert first.endswith(", Gent")
    assert others == ["Has not opened it yet", "Has to choose a run", ""]
    assert "1 of 4 courses done" in page.text


def test_a_past_run_waits_for_the_teacher(client, coach):
    course = CourseFactory()
    whole = coached(coach, course)
    run = a_run(1, course=course)
    entering.choose_run(enrolment=whole.parts.get(), run=run, by=whole.learner)
    past = timezone.now() - timedelta(days=2)
    run.meetings.update(begins_at=past, ends_at=past + timedelta(hours=1))
    page = client.get(f"{LIST}{whole.pk}/")
    assert said(page) == ["Waits for the teacher, who records how it ended"]


def test_a_remark_for_staff_is_not_for_the_coach(client, coach):
    whole = coached(coach)
    whole.parts.update(remark="Slaapt in de les")
    assert "Slaapt" not in client.get(f"{LIST}{whole.pk}/").text


def test_the_learner_of_another_coach_is_not_there(client, coach):
    whole = coached(UserFactory())
    assert client.get(f"{LIST}{whole.pk}/").status_code == 404


def test_a_part_of_a_programme_is_no_programme_to_coach(client, coach):
    part = coached(coach).parts.get()
    assert client.get(f"{LIST}{part.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_much_for_one_as_for_three(client, coach, rows, django_assert_num_queries):
    wholes = [coached(coach, *CourseFactory.create_batch(rows)) for _row in range(rows)]
    for part in wholes[0].parts.all():
        run = a_run(3, course=part.course)
        entering.choose_run(enrolment=part, run=run, by=wholes[0].learner)
    with django_assert_num_queries(7):  # with what waits
        client.get(LIST)
    with django_assert_num_queries(13):  # with those of whether there are assignments
        client.get(f"{LIST}{wholes[0].pk}/")


def test_a_coach_sees_who_is_not_at_work_and_whose_term_ends(client, coach):
    whole = coached(coach, CourseFactory())
    assert "Not at work" not in client.get(LIST).text
    today = timezone.localdate()
    Enrolment.objects.filter(pk=whole.pk).update(
        registered_on=today - timedelta(days=45), term_ends_on=today + timedelta(days=10)
    )
    for page in (client.get(LIST).text, client.get(f"{LIST}{whole.pk}/").text):
        assert "Not at work for 45 days" in page
        assert "Study term ends in 10 days" in page
    Enrolment.objects.filter(part_of=whole).update(last_attended_on=today)
    assert "Not at work" not in client.get(LIST).text


def titles(offered):
    return [str(item.title) for item in offered]


def test_only_who_coaches_is_offered_my_learners(coach):
    coached(coach)
    (tile,) = tiles(coach)
    assert (tile.title, tile.text, tile.url) == ("My learners", "1 programme under way", LIST)
    assert "My learners" in titles(nav(coach))
    for other in (a_member(Role.TEACHER, OrganisationFactory()), an_administrator()):
        assert "My learners" not in titles([*nav(other), *tiles(other)])


def test_only_administrators_are_offered_the_administration():
    administrator = an_administrator()
    (tile,) = tiles(administrator)
    assert (tile.title, tile.url) == ("Administration", "/admin/")
    assert tile.text == "Enrolments · People · Courses"
    assert titles(nav(administrator))[-1] == "Administration"
    assert tiles(UserFactory()) == []


def test_an_import_that_waits_stands_on_the_tile_of_the_administration():
    course = CourseFactory()
    job = checked(course.organisation, a_csv(f"{course.code},,new@example.org,Noor Peeters,,,"))
    assert job.state == ImportState.READY
    (tile,) = tiles(an_administrator())
    assert tile.text == "1 import waits for your consent"


def test_who_is_no_coach_cannot_be_given_people_to_coach(coach):
    whole = coached(coach)
    Coaching(enrolment=coached(UserFactory()), coach=coach).full_clean()
    with pytest.raises(ValidationError, match="give them that role first"):
        Coaching(enrolment=whole, coach=UserFactory()).full_clean()
