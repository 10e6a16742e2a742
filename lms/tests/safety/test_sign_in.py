"""Signing in and out, the demo's logins, and a password that was forgotten."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from structlog.testing import capture_logs

from learners.tests.factories import PASSWORD, UserFactory
from lms import passwords

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet_nor_afterwards(tasks_at_once):
    cache.clear()
    yield
    cache.clear()


def test_signing_in_takes_any_case_and_leads_home(client):
    UserFactory(email="noor@example.org", password=PASSWORD)
    response = client.post(
        "/accounts/login/", {"username": "Noor@Example.ORG", "password": PASSWORD}
    )
    assert response["Location"] == "/"


def test_a_wrong_password_says_so_above_the_form(client):
    UserFactory(email="noor@example.org", password=PASSWORD)
    response = client.post("/accounts/login/", {"username": "noor@example.org", "password": "no"})
    assert 'id="error-summary"' in response.text


def test_signing_in_goes_on_to_what_was_asked_for(client):
    UserFactory(email="noor@example.org", password=PASSWORD)
    response = client.post(
        "/accounts/login/",
        {"username": "noor@example.org", "password": PASSWORD, "next": "/profile/"},
    )
    assert response["Location"] == "/profile/"


def test_the_demo_lists_its_logins(client, settings):
    settings.DEMO = True
    page = client.get("/accounts/login/").text
    assert page.count('class="demo-login-button"') == 6
    assert 'value="teacher@example.org"' in page


def test_outside_the_demo_nobody_is_listed(client, settings):
    settings.DEMO = False
    assert "example.org" not in client.get("/accounts/login/").text


def test_signing_out_takes_a_post_and_leads_to_the_sign_in_page(client):
    client.force_login(UserFactory())
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("nl", "Kies een nieuw wachtwoord voor Mijlpaal", "Hallo Noor,"),
        ("en", "Choose a new password for Mijlpaal", "Hello Noor,"),
    ],
)
def test_the_mail_speaks_the_language_of_who_forgot(client, language, subject, greeting):
    UserFactory(email="noor@example.org", name="Noor Janssens", language=language, password="x")
    client.post("/accounts/forgotten/", {"email": "noor@example.org"})
    (message,) = mail.outbox
    assert message.subject == subject
    assert message.body.startswith(greeting)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_mail_has_the_same_link_as_text_and_as_html(client, language):
    UserFactory(email="noor@example.org", language=language, password=None)
    client.post("/accounts/forgotten/", {"email": "noor@example.org"})
    (sent,) = mail.outbox
    html = str(sent.alternatives[0][0])
    (link,) = re.findall(r"http://\S+/accounts/forgotten/\S+", sent.body)
    assert f'href="{link}"' in html
    assert f'<html lang="{language}" dir="ltr">' in html
    assert sent.message()["Auto-Submitted"] == "auto-generated"


def test_the_link_in_the_mail_leads_to_a_new_password(client, settings):
    settings.PUBLIC_URL = "https://leren.example.org"
    user = UserFactory(email="noor@example.org", password=None)
    client.post("/accounts/forgotten/", {"email": "noor@example.org"}, HTTP_HOST="localhost")
    (link,) = re.findall(r"https://leren\.example\.org(/\S+)", mail.outbox[0].body)
    form = client.get(link, follow=True)
    new = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)
    user.refresh_from_db()
    assert done.status_code == 200
    assert user.check_password(PASSWORD)


def test_who_never_had_a_password_can_ask_for_one(client):
    UserFactory(email="new@example.org", password=None)
    client.post("/accounts/forgotten/", {"email": "NEW@example.org"})
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("email", ["nobody@example.org", "gone@example.org"])
def test_an_address_that_cannot_sign_in_gets_no_mail_and_the_same_answer(client, email):
    UserFactory(email="gone@example.org", password="x", is_active=False)
    response = client.post("/accounts/forgotten/", {"email": email})
    assert response["Location"] == "/accounts/forgotten/sent/"
    assert mail.outbox == []


def test_asking_twice_in_a_minute_sends_one_mail(client):
    UserFactory(email="noor@example.org", password="x")
    for email in ("noor@example.org", "Noor@example.org"):
        response = client.post("/accounts/forgotten/", {"email": email})
        assert response["Location"] == "/accounts/forgotten/sent/"
    assert len(mail.outbox) == 1


def test_a_used_link_says_how_to_get_another(client):
    page = client.get("/accounts/forgotten/MQ/set-password/").text
    assert "/accounts/forgotten/" in page
    assert page.count("<form") == 1  # the languages


def test_changing_the_password_asks_for_the_old_one(client):
    user = UserFactory(password=PASSWORD)
    client.force_login(user)
    new = {"new_password1": "another long secret", "new_password2": "another long secret"}
    client.post("/accounts/password/", {"old_password": "wrong", **new})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    done = client.post("/accounts/password/", {"old_password": PASSWORD, **new}, follow=True)
    user.refresh_from_db()
    assert done.status_code == 200
    assert user.check_password("another long secret")


@pytest.mark.parametrize(("is_kept", "code"), [(True, 200), (False, 302)])
def test_who_is_signed_in_stays_so_while_the_secret_of_before_is_kept(
    client, db, settings, is_kept, code
):
    settings.SECRET_KEY = before = "the secret of before, long enough for a signature"
    client.force_login(UserFactory())
    settings.SECRET_KEY = "the secret of today, long enough for a signature as well"
    settings.SECRET_KEY_FALLBACKS = [before] if is_kept else []
    assert client.get("/").status_code == code


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is worked on, which is what takes time."""

    algorithm = "counting"
    worked = 0

    def encode(self, password, salt):
        type(self).worked += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("email", ["known@example.org", "new@example.org", "nobody@example.org"])
def test_signing_in_says_and_takes_the_same_whoever_exists(client, settings, email):
    settings.PASSWORD_HASHERS = ["lms.tests.safety.test_sign_in.CountingHasher"]
    UserFactory(email="known@example.org", password=PASSWORD)
    UserFactory(email="new@example.org", password=None)
    CountingHasher.worked = 0
    page = client.post("/accounts/login/", {"username": email, "password": "wrong"})
    words = re.search(
        r'id="error-summary".*?</section>|id="error-summary".*?</div>', page.text, re.S
    )
    assert (page.status_code, CountingHasher.worked) == (200, 1)
    assert words
    assert "wachtwoord" in words[0]


def a_wrong_password(client, email="noor@example.org", **more):
    return client.post("/accounts/login/", {"username": email, "password": "wrong"}, **more)


def test_ten_wrong_passwords_close_the_door_there_and_nowhere_else(client, settings):
    settings.AXES_ENABLED = True
    UserFactory(email="noor@example.org", password=PASSWORD)
    spellings = ["noor@example.org", "Noor@Example.org"] * 5
    codes = [a_wrong_password(client, email).status_code for email in spellings]
    right = {"username": "noor@example.org", "password": PASSWORD}
    refused = client.post("/accounts/login/", right)
    assert codes == [200] * 9 + [429]
    assert refused.status_code == 429
    assert "kwartier" in refused.text
    elsewhere = client.post("/accounts/login/", right, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302


def test_behind_a_proxy_the_door_closes_for_the_visitor_and_not_for_the_proxy(client, settings):
    settings.AXES_ENABLED = settings.BEHIND_PROXY = True
    UserFactory(email="noor@example.org", password=PASSWORD)
    for _time in range(10):
        a_wrong_password(client, HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    right = {"username": "noor@example.org", "password": PASSWORD}
    there = client.post("/accounts/login/", right, HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.7")
    elsewhere = client.post("/accounts/login/", right, HTTP_X_FORWARDED_FOR="203.0.113.8")
    assert (there.status_code, elsewhere.status_code) == (429, 302)


@pytest.mark.parametrize("door", ["/accounts/login/", "/admin/login/"])
def test_one_password_for_many_addresses_closes_every_door_there(client, settings, door):
    settings.AXES_ENABLED = True
    UserFactory(email="noor@example.org", password=PASSWORD, is_staff=True)
    for number in range(passwords.WRONG_PASSWORDS.allowed):
        a_wrong_password(client, f"person{number}@example.org")
    right = {"username": "noor@example.org", "password": PASSWORD}
    assert client.post(door, right).status_code == 429
    assert client.post(door, right, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_signing_in_stands_in_the_log_without_what_was_typed(client):
    user = UserFactory(email="noor@example.org", password=PASSWORD)
    with capture_logs() as lines:
        a_wrong_password(client)
        client.post("/accounts/login/", {"username": user.email, "password": PASSWORD})
    said = [line for line in lines if not line["event"].startswith("request_")]
    assert [line["event"] for line in said] == ["sign_in_failed", "signed_in"]
    assert said[1]["user_id"] == user.pk
    assert "noor" not in str(lines)


def test_a_place_that_asks_for_very_many_links_waits(client):
    for number in range(passwords.LINKS_FROM_A_PLACE.allowed):
        client.post("/accounts/forgotten/", {"email": f"person{number}@example.org"})
    response = client.post("/accounts/forgotten/", {"email": "noor@example.org"})
    assert (response.status_code, response["Retry-After"]) == (429, "600")


def test_a_link_works_once(client):
    UserFactory(email="noor@example.org", password=None)
    client.post("/accounts/forgotten/", {"email": "noor@example.org"})
    (link,) = re.findall(r"(/accounts/forgotten/\S+)", mail.outbox[0].body)
    form = client.get(link, follow=True)
    new = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], new)
    assert "new_password1" not in type(client)().get(link, follow=True).text


@pytest.mark.parametrize("weak", ["short1", "password", "12345678901", "noor.janssens"])
def test_a_weak_password_is_refused_with_words(client, weak):
    user = UserFactory(email="noor.janssens@example.org", password=PASSWORD)
    client.force_login(user)
    new = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert 'id="error-summary"' in client.post("/accounts/password/", new).text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
