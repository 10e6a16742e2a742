"""The reminders of a certification, explained by an example on its form."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from certifications.defining import explaining
from certifications.models import CertificationVersion
from certifications.tests.factories import a_certification, an_elearning
from learners.tests.factories import OrganisationFactory, an_administrator

pytestmark = pytest.mark.django_db
COACH = "Who coaches the learner in a programme hears of it on the same days."


def form_of(client, **fields):
    course = an_elearning(organisation=OrganisationFactory())
    made = a_certification(course, **fields)
    client.force_login(an_administrator(language="en"))
    return client.get(reverse("admin:certifications_certification_change", args=[made.pk])).text


@time_machine.travel("2027-04-01")
def test_the_form_says_on_which_days_of_a_deadline_people_hear(client):
    page = form_of(client, due_days=30, remind_due_days="14, 3")
    assert "Who has until 1 May 2027 hears of it on 17 April 2027, 28 April 2027" in page
    assert "and 2 May 2027, as long as it is not completed." in page


@time_machine.travel("2027-04-01")
@pytest.mark.parametrize(
    ("grace", "said"),
    [
        (30, "31 January 2029, 22 February 2029 and 2 March 2029"),
        (5, "23 January 2029, 31 January 2029 and 5 February 2029"),
        (0, "23 January 2029 and 31 January 2029"),
    ],
)
def test_the_form_says_on_which_days_after_an_end_people_hear(client, grace, said):
    yearly = {"validity": "recurring", "period_months": 12, "window_days": 60}
    page = form_of(client, **yearly, grace_days=grace, remind_days="30, 7")
    assert f"{said}, as long as it is not renewed." in page


def test_what_recurs_without_months_is_not_said_to_stay_valid():
    version = CertificationVersion(validity="recurring", period_months=None)
    with translation.override("en"):
        said = [one.text for one in explaining.examples(version, date(2027, 4, 1))]
    assert said[-1] == "Say for how many months it is valid, and this counts the days out."


@pytest.mark.parametrize(
    ("said", "is_named"),
    [
        ({"reminds_coach": True, "remind_due_days": "14, 3"}, True),
        ({"reminds_coach": True, "remind_due_days": "", "validity": "recurring"}, True),
        ({"reminds_coach": True, "remind_due_days": ""}, False),
        ({"reminds_coach": False, "remind_due_days": "14, 3"}, False),
    ],
)
def test_the_form_names_the_coach_where_they_are_told_and_only_there(client, said, is_named):
    if said.get("validity"):
        said = {**said, "period_months": 12, "window_days": 60, "grace_days": 30}
    assert (COACH in form_of(client, **said)) == is_named
