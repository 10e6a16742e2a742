"""'Who was certified on 14 March?': the state of everybody on any day, as a list and a workbook."""

from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.contrib.admin import site
from django.urls import reverse

from certifications import releasing_and_revoking
from certifications.assigning import taking_back
from certifications.cycles import renewing, states
from certifications.defining import publication
from certifications.models import Certificate, Cycle, CycleState, Standing, cycle_states
from certifications.pages import on_a_day
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.tests.factories import OrganisationFactory, UserFactory, an_administrator

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN = date(2027, 1, 31)
OPENS, UNTIL, GRACE = date(2027, 12, 1), date(2028, 1, 30), date(2028, 2, 29)
DAY = timedelta(days=1)
LIST = reverse("admin:certifications_standing_changelist")
EXPORT = reverse("admin:certifications_standing_export")


def on(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def course():
    return an_elearning(organisation=OrganisationFactory())


@pytest.fixture
def certified(course):
    """Somebody who was certified for a year, left a gap of nine days, and renewed in the grace."""
    with on(BEGIN - 10 * DAY):
        first = assigned(a_certification(course, **YEARLY), UserFactory(name="Ines Peeters"))
    with on(BEGIN):
        done_by(first.assignment.learner, course)
    with on(date(2028, 2, 9)):
        renewing.begin_due()
        done_by(first.assignment.learner, course)
    return first.assignment


def state_on(day):
    return [row.state for row in on_a_day.decided(day)]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (BEGIN - 11 * DAY, None),
        (BEGIN - DAY, CycleState.ASSIGNED),
        (BEGIN, CycleState.CERTIFIED),
        (date(2027, 3, 14), CycleState.CERTIFIED),
        (OPENS, CycleState.RENEWABLE),
        (UNTIL, CycleState.RENEWABLE),
        (UNTIL + DAY, CycleState.IN_GRACE),
        (date(2028, 2, 8), CycleState.IN_GRACE),
        (date(2028, 2, 9), CycleState.CERTIFIED),
        (date(2029, 2, 8), CycleState.RENEWABLE),
        (date(2029, 3, 11), CycleState.EXPIRED),
    ],
)
def test_every_day_has_its_state_whenever_one_looks(certified, day, state):
    assert state_on(day) == ([state] if state else [])


def test_of_today_it_says_what_the_cycle_says(certified):
    for day in (OPENS, UNTIL, UNTIL + DAY, GRACE + DAY):
        with on(day):
            first = Cycle.objects.get(assignment=certified, number=1)
            second = Cycle.objects.get(assignment=certified, number=2)
            if day < second.valid_from:
                assert state_on(day) == [states.state_on(first, day)]
            else:
                assert state_on(day) == [states.state_on(second, day)]


def test_who_renewed_early_is_certified_and_not_to_be_renewed(course):
    with on(BEGIN):
        first = assigned(a_certification(course, **YEARLY))
        done_by(first.assignment.learner, course)
    with on(OPENS + DAY):
        renewing.begin_due()
        done_by(first.assignment.learner, course)
    assert state_on(OPENS) == [CycleState.RENEWABLE]
    assert state_on(OPENS + DAY) == [CycleState.CERTIFIED]
    assert state_on(UNTIL + DAY) == [CycleState.CERTIFIED]


def test_a_withdrawn_certificate_counts_until_the_day_on_which_it_was(certified):
    with on(date(2028, 6, 1)):
        last = Certificate.objects.active().get(cycle__number=2)
        releasing_and_revoking.revoke(certificate=last, by=an_administrator(), reason="Fraud")
    assert state_on(date(2028, 5, 31)) == [CycleState.CERTIFIED]
    assert state_on(date(2028, 6, 1)) == [CycleState.EXPIRED]


@pytest.mark.parametrize("how", ["taken away", "retired"])
def test_what_ends_later_changes_nothing_about_a_day_before(course, how):
    with on(BEGIN):
        first = assigned(a_certification(course, **YEARLY))
        done_by(first.assignment.learner, course)
    by = an_administrator()
    with on(UNTIL + 5 * DAY):
        if how == "taken away":
            taking_back.withdraw(assignments=[first.assignment], by=by, reason="Left")
        else:
            publication.retire(certifications=[first.certification], by=by)
    assert state_on(OPENS) == [CycleState.RENEWABLE]
    assert state_on(UNTIL + 4 * DAY) == [CycleState.IN_GRACE]
    assert state_on(UNTIL + 5 * DAY) == [CycleState.EXPIRED]


def test_who_never_completed_what_was_taken_away_is_so_from_that_day(course):
    with on(BEGIN):
        cycle = assigned(a_certification(course))
    with on(BEGIN + 9 * DAY):
        by = an_administrator()
        taking_back.withdraw(assignments=[cycle.assignment], by=by, reason="Left")
    assert state_on(BEGIN + 8 * DAY) == [CycleState.ASSIGNED]
    assert state_on(BEGIN + 9 * DAY) == [CycleState.WITHDRAWN]


def test_how_everybody_stood_is_one_query(certified, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(on_a_day.decided(UNTIL).filter(state=CycleState.RENEWABLE))


@pytest.fixture
def administrator(client):
    user = an_administrator(language="en")
    client.force_login(user)
    return user


def test_the_list_of_administrators_shows_the_day_and_the_gap(client, administrator, certified):
    page = client.get(LIST, {"on": "2028-02-20"}).text
    assert "Ines Peeters" in page
    assert "31-01-2028 … 08-02-2028" in page
    assert "How everybody will stand on 20 February 2028" in page
    filtered = client.get(LIST, {"on": "2028-02-20", "state": CycleState.EXPIRED}).text
    assert "Ines Peeters" not in filtered
    assert 'value="2028-02-20"' in filtered


def test_the_filter_keeps_who_the_list_says_was_in_that_state(certified, course):
    with on(BEGIN):
        assigned(a_certification(course, title_nl="Begonnen"))
    for day in (BEGIN - DAY, BEGIN, OPENS, UNTIL + DAY, UNTIL + 40 * DAY):
        everybody = Cycle.objects.all()
        stood = list(on_a_day.decided(day))
        for state in on_a_day.OFFERED:
            kept = set(on_a_day.in_state(state, day, everybody))
            assert kept == {row for row in stood if row.state == state}


def test_who_was_certified_is_one_choice_whether_or_not_they_could_renew(
    client, administrator, certified
):
    for day in (BEGIN - DAY, BEGIN, OPENS, UNTIL + DAY):
        everybody = Cycle.objects.all()
        stood = {row.pk for row in on_a_day.decided(day) if row.state in cycle_states.VALID}
        assert {row.pk for row in on_a_day.valid_on(day, everybody)} == stood
        page = client.get(LIST, {"on": day.isoformat(), "state": "valid"}).text
        assert ("Ines Peeters" in page) == bool(stood)


def test_all_at_once_is_shown_page_by_page(client, administrator, certified, course, monkeypatch):
    monkeypatch.setattr(site.get_model_admin(Standing), "list_per_page", 1)
    assigned(a_certification(course), UserFactory())
    page = client.get(f"{LIST}?all=")
    assert page.status_code == 200
    assert len(page.context["cl"].result_list) == 1
    assert 'class="showall"' not in page.text


def test_nonsense_for_a_day_is_today(client, administrator, certified):
    assert client.get(LIST, {"on": "2028-02-31"}).status_code == 200


def test_the_workbook_has_what_the_list_has(client, administrator, certified, tmp_path):
    response = client.get(EXPORT, {"on": "2028-02-01"})
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"".join(response.streaming_content))
    rows = list(openpyxl.load_workbook(file).active.values)
    said = dict(zip(*rows, strict=True))
    assert said["learner"] == "Ines Peeters"
    assert said["state on 2028-02-01"] == "expired, renewing is still possible"
    assert said["certified that day"] == "no"
    assert said["valid until"].date() == UNTIL


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("state", "queries"), [("", 6), (CycleState.RENEWABLE, 7)])
def test_the_list_asks_as_much_for_one_as_for_three(
    client, administrator, course, people, state, queries, django_assert_num_queries
):
    with on(BEGIN):
        certification = a_certification(course, **YEARLY)
        for _person in range(people):
            done_by(assigned(certification).assignment.learner, course)
    with django_assert_num_queries(queries):
        page = client.get(LIST, {"on": "2028-01-12", "state": state})
    assert len(page.context["cl"].result_list) == people


def test_a_day_to_come_is_spoken_of_in_the_future(client, certified):
    with on(date(2028, 2, 9)):
        client.force_login(an_administrator(language="en"))
        assert (
            "How everybody will stand on 1 March 2028"
            in client.get(LIST, {"on": "2028-03-01"}).text
        )
        assert "How everybody stood on 1 March 2027" in client.get(LIST, {"on": "2027-03-01"}).text
