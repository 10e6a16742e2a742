"""What every answer says to the browser, and that nobody sends forms without end."""

import pytest
from django.core.cache import cache

from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def signed_in(client):
    client.force_login(UserFactory())
    return client


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/c/", "/nowhere/", "/healthz"])
def test_every_answer_says_what_a_browser_may_do_with_it(client, path):
    headers = client.get(path).headers
    assert "object-src 'none'" in headers["Content-Security-Policy"]
    assert "report-uri /csp-report/" in headers["Content-Security-Policy"]
    assert headers["Reporting-Endpoints"] == 'csp="/csp-report/"'
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_other_site_may_read_an_answer(signed_in):
    headers = signed_in.get("/", headers={"origin": "https://elsewhere.example"}).headers
    assert not [name for name in headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("path", ["/", "/profile/", "/notifications/", "/profile/data/"])
def test_a_page_of_somebody_is_kept_by_no_browser(signed_in, path):
    assert "no-store" in signed_in.get(path)["Cache-Control"]


def test_back_after_signing_out_shows_the_sign_in_page(page, client):
    user = UserFactory(name="Noor Secretly", password="a long enough secret")
    page.goto("/accounts/login/")
    page.fill("#id_username", user.email)
    page.fill("#id_password", "a long enough secret")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/")
    page.goto("/profile/")
    page.evaluate("document.querySelector('form[action=\"/accounts/logout/\"]').submit()")
    page.wait_for_url("**/accounts/login/**")
    page.go_back()
    page.wait_for_url("**/accounts/login/**")
    assert "Noor Secretly" not in page.content()


def test_who_sends_more_forms_than_people_do_waits(signed_in, settings):
    settings.FORMS_PER_MINUTE = 3
    codes = [signed_in.post("/language/", {"language": "nl"}).status_code for _time in range(4)]
    assert codes == [302, 302, 302, 429]
    response = signed_in.post("/language/", {"language": "nl"})
    assert response["Retry-After"] == "60"
    assert signed_in.get("/").status_code == 200


def test_one_person_keeps_no_other_from_sending(signed_in, client, settings):
    settings.FORMS_PER_MINUTE = 1
    for _time in range(2):
        signed_in.post("/language/", {"language": "nl"})
    client.force_login(UserFactory())
    assert client.post("/language/", {"language": "nl"}).status_code == 302


def test_a_strange_host_is_refused(client):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "where",
    [
        *("https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example"),
        *("javascript:alert(1)", "\thttps://evil.example", "http:evil.example"),
    ],
)
def test_nobody_is_led_to_another_site(client, where):
    UserFactory(email="noor@example.org", password="a long enough secret")
    language = client.post("/language/", {"language": "nl", "next": where})
    form = {"username": "noor@example.org", "password": "a long enough secret", "next": where}
    signing_in = client.post("/accounts/login/", form)
    assert (language["Location"], signing_in["Location"]) == ("/", "/")
