"""Language, search, the demo's mail and the pages for what went wrong."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.template.loader import get_template
from django.test import Client

from learners.telling import mails
from learners.telling.wording import Paragraph, Words
from learners.tests.factories import (
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_the_language_is_kept_for_the_visitor_and_for_the_person(client):
    user = UserFactory(language="nl")
    client.force_login(user)
    response = client.post("/language/", {"language": "en", "next": "/profile/"})
    user.refresh_from_db()
    assert response["Location"] == "/profile/"
    assert response.cookies["django_language"].value == "en"
    assert user.language == "en"


def test_a_visitor_reads_the_language_that_they_chose(client):
    client.post("/language/", {"language": "en"})
    assert '<html lang="en">' in client.get("/accounts/login/").text
    client.post("/language/", {"language": "nl"})
    assert '<html lang="nl">' in client.get("/accounts/login/").text


@pytest.mark.parametrize("language", ["xx", "", "../../etc"])
def test_a_language_that_we_do_not_speak_changes_nothing(client, language):
    response = client.post("/language/", {"language": language})
    assert response["Location"] == "/"
    assert "django_language" not in response.cookies


def test_the_way_back_never_leads_elsewhere(client):
    response = client.post("/language/", {"language": "en", "next": "//elsewhere.example/"})
    assert response["Location"] == "/"


def test_one_letter_is_too_little_to_search_for(client):
    client.force_login(UserFactory(language="en"))
    assert "Type two letters or more" in client.get("/search/?q=a").text
    assert "Nothing found for “zzz”" in client.get("/search/?q=zzz").text


def test_the_demos_mail_can_be_read(client, settings, tmp_path: Path):
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    folder = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path / "mail"
    )
    for subject in ("First", "Second"):
        EmailMessage(subject, "Zoë <b>", to=["noor@example.org"], connection=folder).send()
    page = client.get("/demo/mail/").text
    assert page.index("Second") < page.index("First")
    assert "Zoë &lt;b&gt;" in page


def test_a_mail_of_the_demo_looks_as_in_a_mail_program_and_fetches_nothing(
    client, settings, tmp_path
):
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    folder = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path / "mail"
    )
    mail = mails.write(Words("Zoë <b>", [Paragraph("Text")]), to="noor@example.org")
    mail.extra_headers["Message-ID"] = "<one@example.org>"
    mail.connection = folder
    mail.send()
    assert 'href="/demo/mail/one@example.org/"' in client.get("/demo/mail/").text
    look = client.get("/demo/mail/one@example.org/")
    assert "Zoë &lt;b&gt;</h1>" in look.text
    policy = look.headers["Content-Security-Policy"].split("; ")
    closed = {
        f"{one} 'none'" for one in ("default-src", "base-uri", "form-action", "frame-ancestors")
    }
    assert {*policy} == {"style-src 'unsafe-inline'", *closed}
    assert client.get("/demo/mail/other@example.org/").status_code == 404


@pytest.mark.parametrize("path", ["/demo/mail/", "/demo/mail/one@example.org/"])
def test_outside_the_demo_nobody_reads_mail(client, settings, path):
    settings.DEMO = False
    assert client.get(path).status_code == 404


def test_what_is_not_there_says_so_in_our_own_words(client):
    client.force_login(UserFactory(language="en"))
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.text


def test_who_opens_an_address_that_only_takes_forms_gets_a_page(client):
    client.force_login(UserFactory(language="en"))
    response = client.get("/my-learning/trial/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "This address only takes forms" in response.text


def test_a_form_without_its_token_says_that_the_page_was_open_too_long():
    response = Client(enforce_csrf_checks=True).post(
        "/accounts/login/", {}, headers={"accept-language": "en"}
    )
    assert response.status_code == 403
    assert "This page was open for too long" in response.text


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "403_csrf"])
def test_an_error_page_stands_without_a_request(name):
    assert "<h1>" in get_template(f"{name}.html").render()


def test_the_page_for_our_own_faults_needs_no_database(django_db_blocker, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "lms.running.static_storage.StaticStorage"}
    }
    with django_db_blocker.block():
        page = get_template("500.html").render()
    assert "css/bare.css" in page


def test_no_page_has_inline_style_or_script():
    """The content security policy would pass over them in silence."""
    for path in Path("templates").rglob("*.html"):
        text = path.read_text()
        is_paper = "pdf" in path.name or path.stem == "certificate" or path.parent.name == "email"
        assert is_paper or " style=" not in text, path
        assert is_paper or "<style" not in text, path
        assert "<script>" not in text, path
        assert not any(f" on{event}=" in text for event in ("click", "load", "change")), path


def test_on_a_page_that_answers_a_form_another_language_leads_home(client):
    form = client.get("/accounts/login/?next=/profile/").text
    assert 'name="next" value="/accounts/login/?next=/profile/"' in form
    refused = client.post("/accounts/login/?next=/profile/", {"username": "a", "password": "b"})
    assert 'name="next" value=""' in refused.text
    assert client.post("/language/", {"language": "en", "next": ""})["Location"] == "/"
