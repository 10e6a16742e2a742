"""The page that helps to make a film smaller, as it is sent."""

import pytest
from django.urls import reverse

from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = reverse("learners:smaller_film")
OPEN = '<details class="disclosure" open>'


@pytest.fixture
def signed_in(client):
    client.force_login(UserFactory(language="en"))
    return client


def test_what_a_film_may_be_at_most_is_said(signed_in):
    page = signed_in.get(ADDRESS, {"most": 100 << 20}).content.decode()
    assert "Your video may be at most 100.0\xa0MB." in page
    assert 'data-most="104857600"' in page


@pytest.mark.parametrize("most", ["", "0", "-5", "much", "9" * 40])
def test_what_is_no_number_of_bytes_is_passed_over(signed_in, most):
    assert 'data-most=""' in signed_in.get(ADDRESS, {"most": most}).content.decode()


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)", "iPhone or iPad"),
        ("Mozilla/5.0 (Linux; Android 10; K)", "Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "Mac"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Windows"),
        ("", "Windows"),
    ],
)
def test_how_it_is_done_on_this_device_is_open(signed_in, said, device):
    page = signed_in.get(ADDRESS, headers={"user-agent": said}).content.decode()
    assert page.count(OPEN) == 1
    assert page.split(OPEN)[1].split("</summary>")[0].strip() == f"<summary>{device}"


def test_what_was_made_may_be_played_and_the_screen_stays_on(signed_in):
    headers = signed_in.get(ADDRESS).headers
    assert "media-src 'self' blob:" in headers["Content-Security-Policy"]
    assert "screen-wake-lock=(self)" in headers["Permissions-Policy"]
    assert "blob:" not in signed_in.get("/").headers["Content-Security-Policy"]


def test_the_page_is_for_who_is_signed_in(client):
    assert client.get(ADDRESS).status_code == 302
