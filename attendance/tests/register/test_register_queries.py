"""The register asks as many questions of the database for one participant as for thousands."""

import pytest

from attendance.models import Attendance
from attendance.tests.factories import Browser, a_class, a_crowd, mark

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("people", [1, 3, 25])
def test_the_register_takes_the_same_queries_however_many_stand_on_it(
    client, people, django_assert_num_queries
):
    run, teacher, enrolments = a_class(-14, -7, people=people)
    mark(run, teacher, run.meetings.first(), present=enrolments)
    client.force_login(teacher)
    with django_assert_num_queries(9):
        client.get(f"/teaching/{run.pk}/participants/")
    with django_assert_num_queries(10):
        client.get(f"/teaching/{run.pk}/participants/?q=noor")


@pytest.mark.parametrize("people", [1, 3])
def test_the_question_takes_the_same_queries_however_many_it_is_about(
    client, people, django_assert_num_queries
):
    run, teacher, enrolments = a_class(-14, -7, people=2 * people)
    browser = Browser(client, run, teacher).open().tick(*enrolments[:people])
    completed = {f"status-{one.pk}": "completed" for one in enrolments[:people]}
    notes = {f"remark-{one.pk}": "Belde" for one in enrolments[people:]}
    question = browser.press("continue", **completed, **notes).url
    with django_assert_num_queries(8):
        assert len(client.get(question).context["questions"].people_left_open) == people


def test_a_run_of_2498_opens_pages_filters_and_saves_with_as_many_queries(
    client, django_assert_num_queries
):
    run, teacher, _people = a_class(-14, -7, people=0)
    a_crowd(run, 2498)
    browser = Browser(client, run, teacher)
    browser.open()
    assert (len(browser.page.rows), browser.page.page.paginator.num_pages) == (100, 25)
    with django_assert_num_queries(9):
        browser.open("?page=25")
    assert len(browser.page.rows) == 98
    with django_assert_num_queries(10):
        browser.open("?q=aa0007")
    assert len(browser.page.rows) == 1
    response = browser.open().press("keep", command="all_present")
    browser.read(client.get(response.url).context["register"])
    browser.follow(browser.press("continue"))
    assert Attendance.objects.count() == 2498
