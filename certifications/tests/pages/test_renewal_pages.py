"""What people see of renewing: the history of cycles, until when, the grace, and why."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from certifications.assigning import taking_back
from certifications.cycles import renewing
from certifications.defining import publication
from certifications.models import Certificate, Cycle
from certifications.pages.time_line import WIDTH, time_line
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.models import Role
from learners.tests.factories import CourseFactory, OrganisationFactory, a_member, an_administrator

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN, OPENS, UNTIL = date(2027, 1, 31), date(2027, 12, 1), date(2028, 1, 30)


def on(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def course():
    return an_elearning(organisation=OrganisationFactory(), title_en="Resuscitation")


@pytest.fixture
def learner(course):
    return a_member(Role.LEARNER, course.organisation, language="en")


@pytest.fixture
def certified(course, learner):
    with on(BEGIN):
        first = assigned(a_certification(course, **YEARLY), learner)
        done_by(learner, course)
    return first.assignment


def page_on(client, assignment, day):
    with on(day):
        client.force_login(assignment.learner)
        return client.get(assignment.certification.get_absolute_url()).text


def test_before_the_window_it_says_from_when_one_renews_and_what_the_grace_is(client, certified):
    page = page_on(client, certified, BEGIN)
    assert "renew from 1 December 2027 until 30 January 2028" in page
    assert "renewing is still enough until 29 February 2028" in page
    assert "loses no day" in page


def test_in_the_grace_it_says_until_when_renewing_is_enough(client, certified):
    page = page_on(client, certified, date(2028, 2, 10))
    assert "not been certified since the end of 30 January 2028" in page
    assert "renewing is still enough until 29 February 2028" in page
    assert "if you miss" not in page


def test_after_the_grace_it_says_that_it_is_too_late_to_renew(client, certified):
    page = page_on(client, certified, date(2028, 3, 1))
    assert "it is too late to renew: everything has to be done anew" in page
    assert "still enough" not in page
    assert "Round 2: to be done anew" in page


@pytest.mark.parametrize("how", ["taken away", "retired"])
def test_of_what_is_not_asked_again_nothing_is_said_of_renewing(client, certified, how):
    with on(BEGIN):
        if how == "retired":
            publication.retire(certifications=[certified.certification], by=an_administrator())
        else:
            taking_back.withdraw(assignments=[certified], by=an_administrator(), reason="left")
    page = page_on(client, certified, OPENS)
    for words in ("Can be renewed from", 'id="renewal"', "Round 2"):
        assert words not in page
    assert "30 January 2028" in page


def test_what_was_taken_away_waits_for_nothing_and_has_no_deadline(client, learner, course):
    made = a_certification(CourseFactory(organisation=course.organisation), due_days=30)
    assignment = assigned(made, learner).assignment
    waiting = page_on(client, assignment, timezone.localdate())
    assert "no run is planned yet" in waiting
    taking_back.withdraw(assignments=[assignment], by=an_administrator(), reason="left")
    page = page_on(client, assignment, timezone.localdate())
    assert "no run is planned yet" not in page
    assert "no later than" not in page


def test_the_page_begins_the_cycle_that_is_due_though_no_job_ran(client, certified):
    page = page_on(client, certified, OPENS)
    assert "Round 2: to be renewed" in page
    assert "Valid until 30 January 2028, renew by that day: 0 of 1 done" in page
    assert "Start" in page


def test_the_history_says_what_fulfilled_each_cycle_and_when(client, certified, course):
    with on(OPENS):
        renewing.begin_due()
        done_by(certified.learner, course)
    page = page_on(client, certified, OPENS)
    assert "Round 1: renewed" in page
    assert "Completed on 1 December 2027, valid from 31 January 2028 until 30 January 2029" in page
    assert "Resuscitation</a>, 31 January 2027" in page
    assert "superseded" in page


def test_cycles_are_explained_in_words_that_agree_and_not_shown_where_nothing_recurs(
    client, course, learner
):
    with on(BEGIN):
        recurring = assigned(a_certification(course, **YEARLY), learner).assignment
        once = assigned(a_certification(course), learner).assignment
    page = page_on(client, recurring, BEGIN)
    assert "A round goes from the day on which it is asked of you" in page
    assert "Round 1: not begun" in page
    assert "Asked of you since 31 January 2027" in page
    assert "Begun on" not in page
    assert "Your rounds" not in page_on(client, once, BEGIN)


def test_why_names_the_rule_the_results_and_the_days(client, certified, course):
    with on(UNTIL + timedelta(days=9)):
        renewing.begin_due()
        done_by(certified.learner, course)
    page = page_on(client, certified, UNTIL + timedelta(days=9))
    for words in (
        "The rule is version 1, published on 31 January 2027.",
        "“Resuscitation”: completed on 8 February 2028.",
        "It renews what was valid until 30 January 2028",
        "It was late: a gap of 8 days, from 31 January 2028 until 7 February 2028.",
        "12 months from 8 February 2028: valid until 7 February 2029.",
        "So today, 8 February 2028: certified.",
    ):
        assert words in page


def test_why_says_the_day_of_the_institution(client):
    """At half past eleven in the evening in London it is tomorrow in Auckland."""
    here = OrganisationFactory(time_zone="Pacific/Auckland")
    learner = a_member(Role.LEARNER, here, language="en")
    with time_machine.travel(datetime(2027, 1, 30, 23, 30, tzinfo=UTC), tick=False):
        cycle = assigned(a_certification(an_elearning(organisation=here), **YEARLY), learner)
        client.force_login(learner)
        page = client.get(cycle.certification.get_absolute_url()).text
    assert "version 1, published on 31 January 2027." in page


def test_administrators_read_why_as_well(client, certified):
    client.force_login(an_administrator(language="en"))
    name = "admin:certifications_certificationassignment_change"
    page = client.get(reverse(name, args=[certified.pk])).text
    assert "“Resuscitation”: completed on 31 January 2027." in page


def test_the_public_page_of_an_expired_one_says_how_to_get_a_valid_one(client, certified):
    certificate = Certificate.objects.get(cycle__assignment=certified)
    with on(UNTIL + timedelta(days=1)):
        client.force_login(certified.learner)
        assert "renew the certification" in client.get(certificate.owner_url).text
        client.logout()
        page = client.get(certificate.get_absolute_url(), headers={"accept-language": "en"}).text
        assert "This certificate has expired" in page


@pytest.mark.parametrize(
    ("day", "before"), [(BEGIN, "valid"), (OPENS, "window"), (UNTIL + timedelta(days=1), "grace")]
)
def test_the_line_is_whole_and_today_lies_in_its_stretch(certified, day, before):
    cycle = Cycle.objects.get(assignment=certified)
    line = time_line(cycle, day)
    assert [one.kind for one in line.stretches] == ["valid", "window", "grace"]
    ends = [one.x + one.width for one in line.stretches]
    assert [one.x for one in line.stretches] == [0, *ends[:-1]]
    assert ends[-1] <= WIDTH
    stretch = next(one for one in line.stretches if one.kind == before)
    assert stretch.x <= line.today_x <= stretch.x + stretch.width
    assert time_line(cycle, UNTIL + timedelta(days=400)).today_x is None
