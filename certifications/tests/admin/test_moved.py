"""Addresses of the administration that were given out before its pages had others."""

import pytest
from django.urls import reverse

from certifications.models import AssigningJob
from certifications.tests.bulk import a_rule
from certifications.tests.factories import a_certification, an_elearning
from learners.tests.factories import UserFactory, an_administrator

pytestmark = pytest.mark.django_db

BEFORE = "/admin/certifications/assignment"
NOW = "/admin/certifications/assigning"
ADDRESSES = [
    "job/",
    "job/add/?certification=7",
    "job/example/csv/",
    "rule/",
    "rule/3/change/?p=2&q=a%20b",
]


@pytest.fixture
def certification():
    return a_certification(an_elearning())


@pytest.fixture
def teachers(certification):
    return {"group": "role", "role": "teacher", "organisation": certification.organisation}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_before_leads_for_good_to_the_same_page(address, client):
    client.force_login(an_administrator())
    answer = client.get(BEFORE + address)
    assert (answer.status_code, answer["Location"]) == (308, NOW + address)


def test_a_page_of_before_opens_for_who_may_see_it(client, certification, teachers):
    rule = a_rule(certification, **teachers)
    client.force_login(an_administrator())
    for address in (f"job/{rule.job.pk}/change/", f"rule/{rule.pk}/change/", "job"):
        assert client.get(BEFORE + address, follow=True).status_code == 200
    client.force_login(UserFactory(is_staff=True))
    assert client.get(f"{BEFORE}job/", follow=True).status_code == 403


def test_a_form_that_was_open_is_sent_on(client, certification, teachers):
    client.force_login(an_administrator())
    said = {"certification": certification.pk, "whom": "role", "mode": "mandatory"}
    said |= {**teachers, "organisation": certification.organisation_id}
    client.post(f"{BEFORE}job/add/", said, follow=True)
    assert AssigningJob.objects.get().certification == certification


def test_who_is_no_administrator_signs_in_first(client):
    client.force_login(UserFactory())
    answer = client.get(f"{BEFORE}job/")
    assert answer["Location"] == f"{reverse('admin:login')}?next={BEFORE}job/"
