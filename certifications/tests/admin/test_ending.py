"""'Who must renew next year?': assigned certifications by the day on which they end."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from certifications.assigning import taking_back
from certifications.cycles import renewing
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.tests.factories import OrganisationFactory, UserFactory, an_administrator

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
LIST = reverse("admin:certifications_certificationassignment_changelist")
EXPORT = reverse("admin:certifications_certificationassignment_export")
NEXT_YEAR = {"ends_from": "2027-01-01", "ends_until": "2027-12-31", "renewed": "1"}


def on(*day):
    return time_machine.travel(datetime(*day, 12, tzinfo=UTC), tick=False)


@pytest.fixture(autouse=True)
def administrator(client):
    user = an_administrator(language="en")
    with on(2026, 11, 22):
        client.force_login(user)
    return user


@pytest.fixture
def course():
    return an_elearning(organisation=OrganisationFactory())


def certified(course, name, *day):
    with on(*day):
        cycle = assigned(a_certification(course, **YEARLY), UserFactory(name=name))
        done_by(cycle.assignment.learner, course)
    return cycle.assignment


@pytest.fixture
def people(course):
    """One who must renew next year, one this year, and one from whom it was taken away."""
    certified(course, "Noor Next", 2026, 3, 1)
    certified(course, "Tim This", 2025, 12, 12)
    gone = certified(course, "Guy Gone", 2026, 4, 1)
    taking_back.withdraw(assignments=[gone], by=an_administrator(), reason="Left")


def test_who_must_renew_next_year_is_a_list_and_a_workbook(client, people):
    with on(2026, 11, 22):
        page = client.get(LIST, NEXT_YEAR).text
        book = openpyxl.load_workbook(BytesIO(b"".join(client.get(EXPORT, NEXT_YEAR))))
    said = "1 certification will have to be renewed from 1 January 2027 until 31 December 2027."
    assert said in page
    assert "Noor Next" in page
    assert "Tim This" not in page
    assert "Guy Gone" not in page
    rows = list(book.active.values)[1:]
    assert [row[0] for row in rows] == ["Noor Next"]
    assert rows[0][7].date().isoformat() == "2027-02-28"


def test_what_ends_first_comes_first_in_the_list_in_a_search_and_in_the_workbook(client, course):
    for name, month in (("Ann Aug", 8), ("Mia Mar", 3), ("Mo May", 5)):
        certified(course, name, 2026, month, 1)
    names = ["Mia Mar", "Mo May", "Ann Aug"]
    with on(2026, 11, 22):
        page = client.get(LIST, NEXT_YEAR).text
        found = client.get(LIST, {**NEXT_YEAR, "q": "m"}).text
        book = openpyxl.load_workbook(BytesIO(b"".join(client.get(EXPORT, NEXT_YEAR))))
    assert sorted(names, key=page.index) == names
    assert found.index("Mia Mar") < found.index("Mo May")
    assert [row[0] for row in book.active.values][1:] == names


def test_who_is_renewing_is_sorted_by_the_end_of_the_cycle_before(client, people, course):
    certified(course, "Early Eva", 2025, 12, 2)
    with on(2026, 11, 22):
        renewing.begin_due()
        page = client.get(LIST, {"ends_from": "2026-01-01", "renewed": "1"}).text
    names = ["Early Eva", "Tim This", "Noor Next"]
    assert sorted(names, key=page.index) == names


def test_what_stays_valid_for_ever_after_a_renewal_is_not_listed_by_the_end_before(client, course):
    assignment = certified(course, "Una Unlimited", 2026, 3, 1)
    with on(2027, 1, 15):
        renewing.begin_due()
        second = assignment.cycles.get(number=2)
        done_by(assignment.learner, course)
        assignment.cycles.filter(pk=second.pk).update(
            valid_until=None, window_opens_on=None, grace_until=None, next_round_on=None
        )
    with on(2027, 2, 1):
        assert "Una Unlimited" not in client.get(LIST, NEXT_YEAR).text


def test_who_was_withdrawn_exempted_or_taken_from_is_not_among_who_must_renew(client, course):
    names = ("Wim Withdrawn", "Els Exempt", "Ted Taken")
    revoked, exempt, taken = (certified(course, name, 2026, 3, 1) for name in names)
    certified(course, "Noor Next", 2026, 3, 1)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    revoked.cycles.get().revoke(moment)
    exempt.cycles.update(exempted_at=moment, exempted_on=moment.date())
    taking_back.withdraw(assignments=[taken], by=an_administrator(), reason="Left")
    with on(2026, 11, 22):
        page = client.get(LIST, NEXT_YEAR).text
    assert "Noor Next" in page
    assert not [name for name in names if name in page]


def test_the_days_are_spoken_of_in_their_own_tense(client, people):
    with on(2026, 11, 22):
        ends = {"ends_from": "2027-01-01", "ends_until": ""}
        assert "2 certifications will end from 1 January 2027 on." in client.get(LIST, ends).text
        ended = {"ends_until": "2026-11-01"}
        assert "0 certifications ended until 1 November 2026." in client.get(LIST, ended).text
        nonsense = client.get(LIST, {"ends_from": "2027-02-31"})
        assert nonsense.status_code == 200


def test_who_is_renewing_shows_until_when_the_cycle_before_is_valid(client, people):
    with on(2026, 11, 22):
        renewing.begin_due()
        page = client.get(LIST, {"ends_until": "2026-12-31", "renewed": "1"}).text
    assert "Tim This" in page
    assert "11 Dec 2026" in page, page[page.index("Tim This") :][:900]


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_of_next_year_asks_as_much_for_one_as_for_four(
    client, course, number, django_assert_max_num_queries
):
    for n in range(number):
        certified(course, f"Learner {n}", 2026, 3, 1)
    with on(2026, 11, 22):
        client.get(LIST)
        with django_assert_max_num_queries(10):
            assert f"{number} certification" in client.get(LIST, NEXT_YEAR).text
