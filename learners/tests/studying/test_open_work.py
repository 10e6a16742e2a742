"""What is open is named before it is closed, at every door, by whoever knows of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from learners.catalogue import putting_aside
from learners.enrolling import entering, waiting_lists
from learners.hooks.questions import Closing
from learners.models import Actor, Enrolment, ImportKind, StudyStatus
from learners.studying import open_work
from learners.tests.admin.test_acts import act, head_office
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_online_course,
    with_status,
)
from learners.tests.importing.lists import a_csv, checked
from learners.tests.offering import Opened, silent

__all__ = ["head_office"]
EXAM, PRACTICE = "Exam first aid", "Practice film"
GOES_ON = "Exam first aid</strong> goes on: you hear the result"
IS_CLOSED = "Practice film</strong> is closed: its work is kept"
DAY = timedelta(days=1)
S = StudyStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    made = Opened()
    with made.offered():
        yield made


@pytest.fixture
def whole(opened):
    """A programme whose exam is being assessed, and in a course of which something is open."""
    course = an_online_course()
    made = entering.enrol_in_programme(
        learner=UserFactory(language="en", name="Noor Janssens"),
        programme=a_programme(course, organisation=course.organisation),
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    opened.add(made, EXAM, "you hear the result", goes_on=True)
    opened.add(made.parts.get(), PRACTICE)
    return made


@pytest.fixture
def booked(opened):
    """Somebody with a place in a run, in whose course something is open."""
    made = a_participant(a_run(20), language="en")
    opened.add(made, PRACTICE)
    return made


def both_in(page):
    return GOES_ON in page.text and IS_CLOSED in page.text


def test_a_learner_who_withdraws_is_told_first(client, opened, whole):
    client.force_login(whole.learner)
    page = client.get(reverse("learners:withdraw", args=[whole.pk]))
    assert both_in(page)
    assert opened.asked == [Closing.WITHDRAWING]


def test_whoever_withdraws_somebody_else_is_told_first(head_office, whole):
    assert both_in(head_office.get(reverse("learners:withdraw_for", args=[whole.pk])))


def test_who_leaves_a_waiting_list_is_told_what_withdrawing_closes(client, opened):
    run, learner = a_run(20, capacity=0), UserFactory(language="en")
    waiting = waiting_lists.enter(
        learner=learner, run=run, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    opened.add(waiting, PRACTICE)
    client.force_login(learner)
    assert IS_CLOSED in client.get(reverse("learners:waiting_leave", args=[waiting.pk])).text


@pytest.mark.parametrize(
    ("name", "closing"),
    [
        ("exempt", Closing.EXEMPTING),
        ("cancel", Closing.CANCELLING),
        ("archive", Closing.ARCHIVING),
    ],
)
def test_an_administrator_is_told_first_of_whom_it_is(head_office, opened, whole, name, closing):
    page = act(head_office, [whole], name)
    assert both_in(page)
    assert "Noor Janssens: <strong>Exam first aid" in page.text
    assert opened.asked == [closing]
    whole.refresh_from_db()
    assert (whole.status, whole.archived_at) == (S.ENROLLED, None)


def test_other_acts_close_nothing(head_office, whole):
    assert "Still open" not in act(head_office, [whole], "extend_term").text


def test_cancelling_a_run_names_what_is_closed_with_it(head_office, opened, booked):
    chooses = entering.enrol_in_programme(
        learner=UserFactory(),
        programme=a_programme(booked.course, organisation=booked.course.organisation),
        by=None,
        actor=Actor.SYSTEM,
    ).parts.get()
    run = booked.places.get().run
    entering.choose_run(enrolment=chooses, run=run, by=an_administrator())
    opened.add(chooses, EXAM)
    page = act(head_office, [run], "cancel_run")
    assert IS_CLOSED in page.text
    assert EXAM not in page.text  # chooses another run, and keeps all of it


def test_archiving_a_course_or_a_programme_names_what_would_go_along(head_office, whole):
    page = act(head_office, [whole.programme], "archive")
    assert both_in(page)
    assert "where you archive them along" in page.text
    assert IS_CLOSED in act(head_office, [whole.parts.get().course], "archive").text


def test_what_may_go_along_is_what_goes_along(whole):
    other = a_programme(an_online_course())
    goes = putting_aside.may_go_along([whole.programme, other])
    along = putting_aside.going_along(whole.programme, putting_aside.Along.NOT_DONE)
    assert set(goes) == set(along) == {whole, whole.parts.get()}
    course = whole.parts.get().course
    assert set(putting_aside.may_go_along([course])) == {whole.parts.get()}


FOUND = "Still open here: Practice film is closed: its work is kept"


def said_of(job):
    """Return what a preview says of what is open."""
    (finding,) = job.findings.filter(kind="still_open")
    return finding.line, finding.severity, finding.message


def test_the_preview_of_an_exemption_file_names_it(booked, opened):
    course = booked.course
    file = a_csv(
        f"{booked.learner.email},,{course.code},Nurse", headings="learner,name,course,ground"
    )
    job = checked(course.organisation, file, kind=ImportKind.EXEMPTIONS)
    assert said_of(job) == (2, "notice", FOUND)
    assert Closing.EXEMPTING in opened.asked


def test_the_preview_of_a_file_of_enrolments_names_it_for_who_withdraws(booked, opened):
    run = booked.places.get().run
    day = booked.organisation.today().isoformat()
    line = f"{booked.learner.email},,{booked.course.code},{run.code},,{day},"
    headings = "learner,name,course,run,registered_on,withdrawn_on,result"
    job = checked(booked.organisation, a_csv(line, headings=headings))
    assert said_of(job) == (2, "notice", FOUND)


def lapsed(whole, days=1):
    ends_on = whole.organisation.today() - days * DAY
    Enrolment.objects.filter(pk=whole.pk).update(term_ends_on=ends_on)
    return with_status(whole, S.TERM_LAPSED) if days > 0 else whole


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (1, "What was open when your study term lapsed"),
        (-14, "What is open when your study term ends"),
        (-15, ""),
    ],
)
def test_the_page_of_a_programme_says_what_goes_on_when_its_term_is_over(
    client, whole, days, title
):
    lapsed(whole, days)
    client.force_login(whole.learner)
    page = client.get(whole.get_absolute_url())
    assert both_in(page) == bool(title)
    assert title in page.text


def test_so_does_the_page_of_a_course(client, opened, booked):
    lapsed(booked)
    client.force_login(booked.learner)
    assert IS_CLOSED in client.get(booked.get_absolute_url()).text


@pytest.mark.parametrize("page", ["/", "/my-learning/"])
def test_home_and_my_learning_say_what_goes_on_in_a_programme_that_lapsed(client, whole, page):
    lapsed(whole)
    client.force_login(whole.learner)
    said = "Exam first aid goes on: you hear the result; Practice film is closed: its work is kept"
    assert said in client.get(page).text


def test_where_no_app_answers_nothing_is_asked_of_the_database(django_assert_num_queries):
    rows = Enrolment.objects.all()
    with silent("what_is_open"), django_assert_num_queries(0):
        assert open_work.of(rows, Closing.ARCHIVING) == []
        assert open_work.with_courses(rows, Closing.CANCELLING) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_naming_asks_as_much_for_one_as_for_three(opened, rows, django_assert_num_queries):
    for _row in range(rows):
        entering.enrol_in_programme(
            learner=UserFactory(), programme=a_programme(CourseFactory()), by=None,
            actor=Actor.SYSTEM,
        )  # fmt: skip
    wholes = Enrolment.objects.filter(programme__isnull=False).select_related(*open_work.RELATED)
    for whole in wholes:
        opened.add(whole, EXAM)
        opened.add(whole.parts.get(), PRACTICE)
    with django_assert_num_queries(1):
        lines = open_work.with_courses(wholes, Closing.CANCELLING)
        assert len([line.enrolment.learner.name for line in lines]) == 2 * rows
