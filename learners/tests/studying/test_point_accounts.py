"""Somebody's study points, as they read them."""

import pytest

from learners.models import Actor, PointsOn, StudyPointAccount, StudyStatus
from learners.studying import point_accounts, points
from learners.studying.study_status import change_status
from learners.tests.factories import CourseFactory, a_participant, a_run, an_administrator

pytestmark = pytest.mark.django_db
DONE, NOT = StudyStatus.COMPLETED, StudyStatus.NOT_PASSED


def a_course(**fields):
    return CourseFactory(study_points=10, title_en="First aid", **fields)


def completed(course, **changed):
    enrolment = a_participant(a_run(-3, course=course), language="en")
    change(enrolment, DONE, **changed)
    return enrolment


def change(enrolment, to, **changed):
    return change_status(
        enrolment=enrolment, to=to, by=an_administrator(), actor=Actor.ADMINISTRATOR, **changed
    )


def read(enrolment):
    return point_accounts.read(StudyPointAccount.objects.get(learner=enrolment.learner))


def test_an_entry_says_what_it_was_for():
    (line,) = read(completed(a_course())).lines
    assert (line.cause, line.entry.points, line.counts) == ("The course was completed", 10, 10)


def test_what_is_taken_back_says_so():
    enrolment = completed(a_course())
    change(enrolment, NOT)
    newest, _first = read(enrolment).lines
    assert newest.cause == "taken back: the course was completed"
    assert newest.counts == -10


def test_what_the_maximum_cut_is_said_at_its_entry():
    account = read(completed(a_course(maximum_study_points=4)))
    assert account.cut == 6
    assert account.lines[0].said.startswith("6 points of it do not count")


def test_taking_back_says_what_had_not_counted():
    enrolment = completed(a_course(maximum_study_points=4))
    change(enrolment, NOT)
    newest = read(enrolment).lines[0]
    assert newest.counts == -4
    assert newest.said == "6 points of it had not counted, because of the maximum"


def test_over_the_maximum_all_of_it_counts_and_the_reason_is_read(client):
    ignored = points.MaximumIgnored(reason="A double course")
    enrolment = completed(a_course(maximum_study_points=4), ignoring_maximum=ignored)
    account = read(enrolment)
    assert (account.cut, account.account.total) == (0, 10)
    client.force_login(enrolment.learner)
    assert "A double course" in client.get("/my-learning/points/").text


def test_the_lines_add_up_to_the_total():
    course = a_course(maximum_study_points=15)
    enrolment = completed(course)
    for to in (NOT, DONE, NOT, DONE):
        change(enrolment, to)
    account = read(enrolment)
    assert sum(line.counts for line in account.lines) == account.account.total


def test_the_page_shows_each_course_and_the_total(client):
    enrolment = completed(a_course())
    client.force_login(enrolment.learner)
    page = client.get("/my-learning/points/").text
    assert "You have 10 study points." in page
    assert "The course was completed" in page
    assert "/my-learning/points/" in client.get("/my-learning/").text
    assert "/my-learning/points/" in client.get("/profile/").text
    assert "/my-learning/points/" in client.get(enrolment.get_absolute_url()).text


def test_without_points_the_page_says_how_they_come(client):
    enrolment = a_participant(a_run(3), language="en")
    client.force_login(enrolment.learner)
    assert "No study points yet" in client.get("/my-learning/points/").text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_three_as_for_one(
    client, number, django_assert_num_queries
):
    learner = completed(a_course()).learner
    for _ in range(number):
        account = StudyPointAccount.objects.create(
            learner=learner, course=a_course(points_on=PointsOn.MEETING)
        )
        account.entries.create(points=3, cause=f"mark:{account.pk}")
    client.force_login(learner)
    client.get("/my-learning/points/")
    with django_assert_num_queries(6):
        client.get("/my-learning/points/")


def test_an_administrator_reads_the_account_of_somebody(client):
    enrolment = completed(a_course(maximum_study_points=4))
    client.force_login(an_administrator(language="en"))
    person = client.get(f"/admin/learners/user/{enrolment.learner.pk}/change/").text
    address = f"/admin/learners/studypointaccount/?learner__id__exact={enrolment.learner.pk}"
    assert address in person
    assert client.get(address).status_code == 200
    account = StudyPointAccount.objects.get()
    page = client.get(f"/admin/learners/studypointaccount/{account.pk}/change/").text
    assert "The course was completed" in page
    assert "6 points: the course gives at most 4" in page
