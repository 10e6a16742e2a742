"""The home page, the frame around every page, and my learning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from certifications.tests.factories import a_certification, assigned
from exams.releasing.way import Step
from exams.tests.factories import a_coach, a_follower, an_exam_programme
from exams.tests.walking import walk_to
from learners.enrolling import entering
from learners.hooks.pages import CalendarEntry, Turn, Waiting
from learners.models import Actor, CourseKind, Membership, Role, StudyStatus
from learners.studying import new_enrolments
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_lesson,
    a_member,
    a_programme,
    a_run,
    an_enrolment,
    an_online_course,
    with_status,
)
from lms.frame import home
from lms.tests.factories import certified

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = a_member(
        Role.LEARNER, OrganisationFactory(name="Rode Draad"), name="Sanne Verhoeven", language="en"
    )
    client.force_login(user)
    return user


def enrolled(user, *days: float):
    run = a_run(*days)
    new = new_enrolments.NewEnrolment(learner=user, course=run.course, run=run)
    (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    return enrolment


@pytest.mark.parametrize(
    ("hour", "words"),
    [(7, "Good morning, Sanne"), (11, "Good afternoon, Sanne"), (17, "Good evening, Sanne")],
)
def test_the_greeting_follows_the_clock_of_the_reader(user, hour, words):
    moment = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)  # an hour later in Amsterdam
    with time_machine.travel(moment), translation.override("en"):
        assert home.greeting(user) == words


def test_the_page_greets_and_names_the_institution(client, user):
    page = client.get("/").text
    assert "Sanne</h1>" in page
    assert '<span class="brand-name">Rode Draad</span>' in page


def test_who_belongs_to_two_institutions_sees_the_name_of_the_product(client, user):
    Membership.objects.create(user=user, organisation=OrganisationFactory(), role=Role.TEACHER)
    assert '<span class="brand-name">Mijlpaal</span>' in client.get("/").text


def test_with_nothing_to_do_the_page_says_so(client, user):
    page = client.get("/").text
    assert "You are all caught up." in page
    assert "Nothing is waiting" in page
    assert "No meetings ahead" in page
    assert "Find a course" in page


def test_e_learning_that_was_never_opened_waits_for_me(client, user):
    an_enrolment(an_online_course(title_en="Hygiene"), user)
    page = client.get("/").text
    assert "1 thing waits for you." in page
    assert "Start when it suits you" in page


def test_a_classroom_course_waits_in_the_calendar_only(client, user):
    enrolled(user, 2)
    page = client.get("/").text
    assert "Nothing is waiting" in page
    assert "No meetings ahead" not in page
    assert "Find a course" not in page


def test_a_term_that_lapsed_waits_for_the_institution(user):
    enrolment = an_enrolment(CourseFactory(kind=CourseKind.ELEARNING), user)
    with_status(enrolment, StudyStatus.TERM_LAPSED)
    with translation.override("en"):
        (waiting,) = home.waiting_for(user)
        assert (waiting.turn.is_of(user), waiting.turn.words) == (False, "your institution")


def test_a_programme_says_how_many_courses_are_done(user):
    courses = CourseFactory.create_batch(2)
    enrolment = an_enrolment(CourseFactory(), user)
    enrolment.course, enrolment.programme = None, a_programme(*courses)
    enrolment.save()
    part = an_enrolment(courses[0], user)
    part.part_of = enrolment
    part.save()
    with_status(part, StudyStatus.COMPLETED)
    (waiting,) = [item for item in home.waiting_for(user) if item.progress]
    assert waiting.progress == (1, 2)


def test_a_course_of_a_programme_without_its_subscription_leads_to_one(user):
    course = CourseFactory(kind=CourseKind.ELEARNING)
    whole = an_enrolment(CourseFactory(), user)
    whole.course, whole.programme = None, a_programme(course)
    whole.save()
    a_lesson(course)
    part = an_enrolment(course, user)
    part.part_of = whole
    part.save()
    with translation.override("en"):
        assert "Start learning" in [item.action for item in home.waiting_for(user)]
        whole.organisation.programmes_need_subscription = True
        whole.organisation.save()
        rows = {item.action: item.url for item in home.waiting_for(user)}
    assert rows["To the subscription"] == f"{whole.get_absolute_url()}#subscription"
    assert "Start learning" not in rows


def test_the_meeting_that_is_on_now_still_counts_and_a_past_one_does_not(user):
    enrolled(user, -0.05, -2, 3)
    began = [entry.begins_at < timezone.now() for entry in home.calendar(user)]
    assert began == [True, False]


def test_another_persons_meetings_are_not_in_my_calendar(user):
    enrolled(UserFactory(), 2)
    assert home.calendar(user) == []


def test_what_is_urgent_and_mine_comes_first(user):
    def waiting(what: str, turn: Turn, is_urgent: bool) -> Waiting:
        return Waiting(what, "", "/", turn, None, "", is_urgent=is_urgent)

    mine = Turn.of(user)
    coach = Turn.at(OrganisationFactory(), Role.COACH)
    items = [
        waiting("theirs", coach, False),
        waiting("mine", mine, False),
        waiting("urgent", mine, True),
    ]
    ordered = [item.what for item in home.by_urgency(items, user)]
    assert ordered == ["urgent", "mine", "theirs"]


def test_the_summary_counts_what_is_on_today(user):
    now = timezone.now()
    entry = CalendarEntry("", now, now + timedelta(hours=1), "", "/")
    with translation.override("en"):
        assert home.summary(user, [], [entry], []) == (
            "Today you have 1 meeting. For the rest you are all caught up."
        )


@pytest.mark.parametrize(("days", "is_shown"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_certificate_is_named_for_two_months_before_it_ends(user, days, is_shown):
    certificate = certified(user, days)
    shown = [certificate.owner_url] if is_shown else []
    assert [ending.url for ending in home.expiring(user)] == shown


def test_a_certificate_that_ends_is_in_the_summary_and_on_the_page(client, user):
    certified(user, 23)
    page = client.get("/").text
    assert "One certificate expires soon. For the rest you are all caught up." in page
    assert "Expires soon" in page


def test_the_left_pane_says_where_i_am(client, user):
    page = client.get("/my-learning/").text
    assert 'href="/my-learning/" aria-current="page"' in page
    assert page.count('aria-current="page"') == 1


def test_my_learning_shows_courses_with_their_state(client, user):
    enrolled(user, 2)
    page = client.get("/my-learning/").text
    assert "First aid" in page
    assert "Enrolled" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_much_of_who_has_one_of_everything_as_of_who_has_three(
    client, user, rows, django_assert_num_queries
):
    for row in range(rows):
        enrolled(user, 1 + row)
        certified(user, 23)
        assigned(a_certification(CourseFactory()), user)
        programme = a_programme(CourseFactory())
        entering.enrol_in_programme(learner=user, programme=programme, by=user, actor=Actor.LEARNER)
    with django_assert_num_queries(11):
        client.get("/")


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_much_for_one_as_for_three(client, user, rows, django_assert_max_num_queries):
    for row in range(rows):
        enrolled(user, 1 + row)
        an_enrolment(CourseFactory(kind=CourseKind.ELEARNING), user)
    with django_assert_max_num_queries(12) as asked:
        client.get("/")
    assert len(asked) == HOME_QUERIES


# Session, user with bell, courses, programmes, those with assignments, certifications,
# certificates, calendar; institutions.
HOME_QUERIES = 9


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_much_of_who_is_on_the_way_to_one_exam_as_to_three(
    client, rows, django_assert_num_queries
):
    programmes = [an_exam_programme(3) for _row in range(rows)]
    learner = a_member(Role.LEARNER, programmes[0].organisation, language="en")
    for programme in programmes:
        coach = a_coach(programme)
        walk_to(Step.REFUSED, a_follower(programme, coach, learner=learner), coach)
    client.force_login(learner)
    with django_assert_num_queries(WAY_QUERIES):
        page = client.get("/").text
    assert (
        page.count("Your application for the exam was refused; improve what was sent back") == rows
    )


# Those of home; the courses of programmes; assignments, works.
WAY_QUERIES = HOME_QUERIES + 1 + 2


def test_a_row_that_says_more_of_something_stands_in_its_place(user):
    one = Waiting("Walking", "1 of 2", "/walking/", Turn.of(user), None, "Go on")
    more = replace(one, text="Next: “Bruges”", url="/walking/bruges/", instead_of="/walking/")
    other = replace(one, what="Swimming", url="/swimming/")
    assert home.by_urgency([one, other, more], user) == [other, more]


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
