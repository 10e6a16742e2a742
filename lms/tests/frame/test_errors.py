import sqlite3

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from learners.models import User
from lms.frame import errors

only_on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time")

MINE = {"language": "en", "time_zone": "Europe/Brussels"}


@pytest.fixture
def somebody_else_writes(transactional_db):
    """Another process holds the one place where SQLite lets anybody write."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()
    connection.close()


@pytest.fixture
def client(transactional_db):
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    ed = User.objects.create_user("ed@example.org", "hush-hush", name="Ed", language="en")
    client.force_login(ed)
    return client


@only_on_sqlite
def test_who_meets_a_busy_database_sends_the_same_once_more(client, somebody_else_writes):
    typed = {"name": "Élodie “Ed” <b>"} | MINE

    refused = client.post(reverse("learners:profile_edit"), typed)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "10"
    assert "Nothing was saved yet" in refused.text
    assert 'name="name" value="Élodie “Ed” &lt;b&gt;"' in refused.text
    assert f'action="{reverse("learners:profile_edit")}"' in refused.text

    somebody_else_writes.execute("ROLLBACK")
    assert client.post(reverse("learners:profile_edit"), typed).status_code == 302


@only_on_sqlite
def test_the_page_of_a_busy_database_speaks_the_language_of_who_is_signed_in(
    client, somebody_else_writes
):
    somebody_else_writes.execute("ROLLBACK")
    User.objects.update(language="nl")
    somebody_else_writes.execute("BEGIN IMMEDIATE")

    refused = client.post(reverse("learners:profile_edit"), {"name": "Ed"} | MINE)

    assert refused.status_code == 503
    assert '<html lang="nl"' in refused.text
    assert "Er is nog niets opgeslagen" in refused.text


@only_on_sqlite
def test_a_password_is_not_written_into_a_page(client, somebody_else_writes):
    stranger = Client(raise_request_exception=False, headers={"accept-language": "en"})
    typed = {"username": "ed@example.org", "password": "hush-hush"}
    refused = stranger.post(reverse("login"), typed)
    assert refused.status_code == 503
    assert "hush-hush" not in refused.text
    assert "Try again" in refused.text


def test_a_missing_table_is_our_fault_and_does_not_pass(db):
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute("SELECT * FROM nowhere")
    assert errors.passes(caught.value) is False


def test_the_page_of_a_busy_database_does_not_need_it(django_db_blocker):
    with django_db_blocker.block():
        page = get_template("503.html").render({"address": "/somewhere/", "sent": []})
    assert 'href="/somewhere/"' in page
