from datetime import timedelta

import pytest
from django.utils import timezone

from certifications import releasing_and_revoking
from certifications.certificates import rendering
from certifications.models import Certificate
from certifications.tests.factories import a_certificate, an_elearning
from learners.models import Notification
from learners.telling.notify import words
from learners.tests.factories import UserFactory, an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(client):
    made = a_certificate(an_elearning(title_en="First aid", certificate_months=24), language="en")
    client.force_login(made.learner)
    return made


def page_of(client, certificate):
    return client.get(f"/my-learning/certificates/{certificate.shown_code}/")


def download(certificate):
    return f"/certificates/{certificate.shown_code}/download/"


def ended(certificate, days_ago):
    today = certificate.organisation.today()
    Certificate.objects.filter(pk=certificate.pk).update(
        achieved_on=today - timedelta(days=800), valid_until=today - timedelta(days=days_ago)
    )


def test_it_says_what_it_is_today_and_offers_the_pdf_and_the_address(client, certificate):
    rendering.render_waiting(seconds=60)
    page = page_of(client, certificate).text

    assert "This certificate is valid" in page
    assert download(certificate) in page
    assert f"http://testserver{certificate.get_absolute_url()}" in page
    assert certificate.shown_code in page
    assert 'href="/my-learning/certificates/"' in page


def test_while_its_pdf_is_being_made_there_is_nothing_to_download_yet(client, certificate):
    page = page_of(client, certificate).text

    assert "Its PDF is being made" in page
    assert download(certificate) not in page


def test_a_withdrawn_one_says_so_and_has_no_pdf(client, certificate):
    rendering.render_waiting(seconds=60)
    releasing_and_revoking.revoke(
        certificate=certificate, by=an_administrator(), reason="A mistake."
    )
    page = page_of(client, certificate).text

    assert "This certificate was withdrawn" in page
    assert download(certificate) not in page


def test_it_is_there_for_its_owner_alone(client, certificate):
    for other in (UserFactory(), an_administrator()):
        client.force_login(other)
        assert page_of(client, certificate).status_code == 404


def test_one_that_was_never_handed_over_has_no_page(client, certificate):
    Certificate.objects.update(released_at=None)

    assert page_of(client, certificate).status_code == 404


def test_the_page_is_four_queries(client, certificate, django_assert_num_queries):
    page_of(client, certificate)

    with django_assert_num_queries(4):
        page_of(client, certificate)


@pytest.mark.parametrize(
    ("days_ago", "said"), [(0, "valid until"), (-1, "valid until"), (1, "was valid until")]
)
@pytest.mark.parametrize(
    "address", ["/my-learning/certificates/", "/my-learning/certificates/{}/", "/c/{}/"]
)
def test_what_ended_was_valid_until_its_last_day(client, certificate, address, days_ago, said):
    ended(certificate, days_ago)
    page = client.get(address.format(certificate.shown_code)).text.lower()

    assert said in page
    assert ("was valid until" in page) == (said == "was valid until")


def test_the_public_page_leads_its_owner_back_and_nobody_else(client, certificate):
    public = certificate.get_absolute_url()
    assert certificate.owner_url in client.get(public).text

    client.force_login(UserFactory())
    assert certificate.owner_url not in client.get(public).text
    client.logout()
    assert certificate.owner_url not in client.get(public).text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_was_told_of_it_stays_true_when_it_is_withdrawn(certificate, language):
    releasing_and_revoking.revoke(
        certificate=certificate, by=an_administrator(), reason="A mistake."
    )
    issued = words(Notification.objects.get(kind="certifications/certificate_issued"), language)

    for promise in ("valid", "geldig", "you have", "je hebt een", "is ready", "staat klaar"):
        assert promise not in f"{issued.subject} {issued.body}".lower()
    assert certificate.owner_url in issued.body


def test_told_of_it_somebody_is_led_to_its_page(client, certificate):
    told = Notification.objects.get(kind="certifications/certificate_issued")
    answer = client.post(f"/notifications/{told.pk}/read/")

    assert told.read_at is None
    assert answer["Location"] == certificate.owner_url
    assert Notification.objects.get(pk=told.pk).read_at <= timezone.now()
