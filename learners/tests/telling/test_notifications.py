"""The bell, the list behind it, and marking as read."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from learners.models import Notification
from learners.telling import notify
from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(tmp_path: Path, settings):
    """Words of a kind that only these tests know."""
    folder = tmp_path / "learners" / "notifications"
    folder.mkdir(parents=True)
    (folder / "trying.txt").write_text(
        "{% load wording %}"
        "{% subject %}Hello {{ what }}{% endsubject %}"
        "{% paragraph %}Read {{ what }} soon.{% endparagraph %}"
        "{% heading %}More{% endheading %}"
        "{% button '/there/' %}To {{ what }}{% endbutton %}"
        "{% item 'First' '/first/' %}one <b>{% enditem %}{% item 'Second' %}two{% enditem %}"
        "{% address '/c/9F2K/' %}"
    )
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]


@pytest.fixture
def user(client):
    user = UserFactory(language="en")
    client.force_login(user)
    return user


def told(user, *keys: str, url: str = "") -> list[Notification]:
    messages = [
        notify.Message(
            user_id=user.pk, organisation_id=None, key=key, params={"what": key}, url=url
        )
        for key in keys
    ]
    notify.tell(kind="learners/trying", messages=messages)
    return list(user.notifications.order_by("pk"))


def test_what_i_was_told_is_listed_with_its_words(client, user):
    told(user, "course")
    page = client.get("/notifications/")
    assert "Hello course" in page.text
    assert "Read course soon." in page.text


def test_each_part_of_what_i_was_told_stands_there_as_a_page_shows_it(client, user, settings):
    told(user, "course")
    page, here = client.get("/notifications/"), settings.PUBLIC_URL
    assertContains(page, "<p>Read course soon.</p>", html=True)
    assertContains(page, "<h3>More</h3>", html=True)
    assertContains(page, f'<p><a href="{here}/there/">To course</a></p>', html=True)
    first = f'<li><a href="{here}/first/">First</a>: one &lt;b&gt;</li>'
    assertContains(page, f"<ul>{first}<li><strong>Second</strong>: two</li></ul>", html=True)
    assertContains(page, f'<p><a href="{here}/c/9F2K/">{here}/c/9F2K/</a></p>', html=True)


def test_the_bell_counts_what_is_unread(client, user):
    told(user, "one", "two")
    assert "Notifications, 2 unread" in client.get("/profile/").text
    client.post("/notifications/read/")
    assert "Notifications, 0 unread" in client.get("/profile/").text


def test_reading_goes_where_the_notification_points(client, user):
    (notification,) = told(user, "one", url="/profile/")
    response = client.post(f"/notifications/{notification.pk}/read/")
    notification.refresh_from_db()
    assert response["Location"] == "/profile/"
    assert notification.read_at is not None


def test_read_twice_keeps_the_first_moment(client, user):
    (notification,) = told(user, "one")
    earlier = timezone.now() - timedelta(days=1)
    Notification.objects.update(read_at=earlier)
    client.post(f"/notifications/{notification.pk}/read/")
    notification.refresh_from_db()
    assert notification.read_at == earlier


def test_an_address_elsewhere_is_not_followed(client, user):
    (notification,) = told(user, "one", url="https://elsewhere.example/")
    response = client.post(f"/notifications/{notification.pk}/read/")
    assert response["Location"] == "/notifications/"


def test_another_persons_notification_is_not_there(client, user):
    (notification,) = told(UserFactory(), "one")
    assert client.post(f"/notifications/{notification.pk}/read/").status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None


def test_nothing_yet_says_what_will_appear(client, user):
    assert "No notifications yet" in client.get("/notifications/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(client, user, rows, django_assert_num_queries):
    told(user, *[f"key {row}" for row in range(rows)])
    # Session, user; count, rows, whether any is unread; bell and institutions.
    with django_assert_num_queries(6):
        client.get("/notifications/")
