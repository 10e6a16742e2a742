"""How long somebody stays signed in."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from learners.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NAME = settings.SESSION_COOKIE_NAME


def sign_in(client, user):
    client.post("/accounts/login/", {"username": user.email, "password": PASSWORD})
    return client.cookies[NAME].value


def is_signed_in(client):
    return client.get("/notifications/").status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def test_who_stays_away_has_to_sign_in_again(client, clock):
    sign_in(client, UserFactory(password=PASSWORD))
    clock.shift(timedelta(hours=12, minutes=1))
    assert not is_signed_in(client)


def test_who_comes_back_in_time_stays_signed_in_and_no_longer_than_two_weeks(client, clock):
    sign_in(client, UserFactory(password=PASSWORD))
    for _visit in range(33):
        clock.shift(timedelta(hours=10))
        assert is_signed_in(client)
    clock.shift(timedelta(hours=10))
    assert not is_signed_in(client)


def test_a_session_is_not_written_with_every_page(client, django_assert_num_queries, clock):
    sign_in(client, UserFactory(password=PASSWORD))
    is_signed_in(client)
    before = Session.objects.get().expire_date
    clock.shift(timedelta(minutes=50))
    is_signed_in(client)
    assert Session.objects.get().expire_date == before
    clock.shift(timedelta(minutes=20))
    is_signed_in(client)
    assert Session.objects.get().expire_date > before


def test_signing_in_takes_a_new_key(client):
    user = UserFactory(password=PASSWORD)
    client.cookies[NAME] = "planted-by-somebody-else-000000"
    assert sign_in(client, user) != "planted-by-somebody-else-000000"
    assert len(client.cookies[NAME].value) == 32


def test_a_new_password_ends_every_other_session(client, django_user_model):
    user = UserFactory(password=PASSWORD)
    elsewhere = type(client)()
    first, other = sign_in(client, user), sign_in(elsewhere, user)
    new = {"new_password1": "another long secret", "new_password2": "another long secret"}
    client.post("/accounts/password/", {"old_password": PASSWORD, **new})
    assert client.cookies[NAME].value not in (first, other)
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_an_account_that_is_closed_is_out_at_once(client):
    user = UserFactory(password=PASSWORD)
    sign_in(client, user)
    user.is_active = False
    user.save()
    assert not is_signed_in(client)


def test_signing_out_forgets_the_session(client):
    key = sign_in(client, UserFactory(password=PASSWORD))
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_script_cannot_read_the_cookie_and_no_other_site_sends_it(client):
    sign_in(client, UserFactory(password=PASSWORD))
    cookie = client.cookies[NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
