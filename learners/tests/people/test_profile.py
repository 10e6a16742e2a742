"""Name, language and time zone of one's own."""

import pytest

from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NEW = {"name": "Noor El Idrissi", "language": "en", "time_zone": "Europe/Brussels"}


@pytest.fixture
def user(client):
    user = UserFactory(language="nl", email="noor@example.org")
    client.force_login(user)
    return user


def test_what_i_change_is_saved_and_said_in_my_new_language(client, user):
    page = client.post("/profile/", NEW, follow=True)
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == tuple(NEW.values())
    assert "Your profile is saved." in page.text
    assert '<html lang="en">' in page.text


def test_my_data_is_a_click_away(client, user):
    assert 'href="/profile/data/"' in client.get("/profile/").text


def test_the_address_is_not_mine_to_change(client, user):
    client.post("/profile/", NEW | {"email": "other@example.org", "is_staff": "on"})
    user.refresh_from_db()
    assert user.email == "noor@example.org"
    assert not user.is_staff


def test_an_unknown_zone_is_refused_with_what_was_typed_kept(client, user):
    page = client.post("/profile/", NEW | {"time_zone": "Mars/Olympus", "name": "Kept"})
    user.refresh_from_db()
    assert user.time_zone != "Mars/Olympus"
    assert "error-summary" in page.text
    assert 'value="Kept"' in page.text


def test_the_profile_asks_few_queries(client, user, django_assert_num_queries):
    # Session, user; the row of its own; bell and institutions.
    with django_assert_num_queries(4):
        client.get("/profile/")
