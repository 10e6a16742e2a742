from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from certifications import releasing_and_revoking
from certifications.certificates import guessing
from certifications.models import Certificate
from certifications.tests.factories import a_certificate, an_elearning
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def certificate():
    return a_certificate(
        an_elearning(title_nl="Eerste hulp", title_en="First aid", certificate_months=24),
        name="Yasmina El Idrissi",
        email="yasmina@example.org",
        language="en",
    )


def check(client, code, **more):
    return client.get(f"/c/{code}/", headers={"accept-language": "en"}, **more)


def test_anybody_sees_whose_what_by_whom_since_until_and_the_state(client, certificate):
    page = check(client, certificate.shown_code)

    assert page.status_code == 200
    assert "This certificate is valid" in page.text
    for words in ("Yasmina El Idrissi", "First aid", certificate.organisation.name):
        assert words in page.text
    assert certificate.number in page.text
    assert str(certificate.valid_until.year) in page.text


def test_nothing_else_about_the_person_is_told(client, certificate):
    page = check(client, certificate.shown_code)

    assert "yasmina@example.org" not in page.text
    assert str(certificate.enrolment.subject.code) not in page.text


def test_no_search_engine_keeps_it_and_no_other_site_learns_it(client, certificate):
    page = check(client, certificate.shown_code)

    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"valid_until": 0}, "This certificate is valid"),
        ({"valid_until": -1}, "This certificate has expired"),
        ({"suspended_at": "now"}, "This certificate does not count for now"),
        ({"superseded_by": "itself"}, "A newer certificate replaced this one"),
    ],
)
def test_the_state_is_that_of_today(client, certificate, fields, words):
    today = certificate.organisation.today()
    made = {
        "valid_until": lambda days: today + timedelta(days=days),
        "suspended_at": lambda _now: timezone.now(),
        "superseded_by": lambda _itself: certificate,
    }
    values = {name: made[name](value) for name, value in fields.items()}
    Certificate.objects.update(achieved_on=today - timedelta(days=30), **values)

    assert words in check(client, certificate.code).text


def test_a_withdrawn_certificate_shows_the_day_but_not_the_reason(client, certificate):
    releasing_and_revoking.revoke(
        certificate=certificate, by=an_administrator(), reason="Fraud at the exam."
    )
    page = check(client, certificate.code)

    assert "This certificate was withdrawn" in page.text
    assert "Withdrawn on" in page.text
    assert "Fraud" not in page.text


def test_what_was_never_handed_over_has_no_page(client, certificate):
    Certificate.objects.update(released_at=None)

    assert check(client, certificate.code).status_code == 404


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", ""), lambda c: c + " "])
def test_a_code_may_be_typed_in_many_ways(client, certificate, change):
    assert check(client, change(certificate.shown_code)).status_code == 200


def test_the_form_leads_to_the_page(client, certificate):
    answer = client.get("/c/", {"code": certificate.shown_code.lower()})

    assert answer.status_code == 302
    assert answer["Location"] == certificate.get_absolute_url()


def test_what_is_no_code_is_said_beside_the_field(client):
    page = client.get("/c/", {"code": "1234"}, headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "This is not a code" in page.text


def test_who_types_the_number_hears_that_the_code_is_meant_and_where_it_stands(client, certificate):
    for number in (certificate.number, "AB-2026-000163"):  # this one is as long as a code
        page = client.get("/c/", {"code": number}, headers={"accept-language": "en"})
        assert "This is the number of a certificate" in page.text
        assert "at the end of the web address at the bottom of the certificate" in page.text


def test_an_unknown_code_is_a_friendly_page_with_the_form(client):
    page = check(client, "7F3K-92QX-MB4T")

    assert page.status_code == 404
    assert "No certificate with this code" in page.text
    assert reverse("certifications:certificate_lookup") in page.text


def test_what_was_typed_cannot_become_markup(client):
    assert "<script>" not in check(client, "%3Cscript%3E").text


def test_guessing_soon_has_to_wait(client, certificate):
    for _ in range(guessing.ALLOWED):
        assert check(client, "7F3K-92QX-MB4T").status_code == 404
    page = check(client, certificate.code)

    assert page.status_code == 429
    assert "Please wait a moment" in page.text
    assert check(client, certificate.code, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_known_codes_never_count(client, certificate):
    for _ in range(guessing.ALLOWED + 5):
        assert check(client, certificate.code).status_code == 200


def test_an_ipv6_network_counts_as_one(client):
    for host in range(guessing.ALLOWED):
        check(client, "7F3K-92QX-MB4T", REMOTE_ADDR=f"2001:db8:0:7::{host:x}")

    assert check(client, "7F3K-92QX-MB4T", REMOTE_ADDR="2001:db8:0:7::ffff").status_code == 429
    assert check(client, "7F3K-92QX-MB4T", REMOTE_ADDR="2001:db8:0:8::1").status_code == 404


def test_behind_a_proxy_the_last_address_counts(client, settings):
    settings.BEHIND_PROXY = True
    for number in range(guessing.ALLOWED):
        forged = f"198.51.100.{number}, 203.0.113.7"
        check(client, "7F3K-92QX-MB4T", HTTP_X_FORWARDED_FOR=forged)

    page = check(client, "7F3K-92QX-MB4T", HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.7")
    assert page.status_code == 429


def test_a_cache_that_is_away_keeps_nobody_out(client, certificate, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    assert check(client, certificate.code).status_code == 200
    assert check(client, "7F3K-92QX-MB4T").status_code == 404


def test_the_page_is_one_query(client, certificate, django_assert_num_queries):
    with django_assert_num_queries(1):
        check(client, certificate.code)
