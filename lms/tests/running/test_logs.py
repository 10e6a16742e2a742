"""Lines that are logged, read back as a collector of logs would."""

import json
import logging.config
import uuid
from io import StringIO

import pytest
from django.test import Client
from django.urls import path

import lms.urls
from learners.tests.factories import UserFactory
from lms.running import logs


@pytest.fixture
def lines():
    """What is written to the standard error, as JSON, with a line for each request."""
    asked = logs.configure(level="INFO", form="json")
    written = StringIO()
    root = logging.getLogger()
    before, level = root.handlers, root.level
    logging.config.dictConfig(asked)
    (handler,) = root.handlers
    handler.setStream(written)  # type: ignore[attr-defined]
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers = before
    root.setLevel(level)


def fail(request: object) -> None:
    raise RuntimeError("something broke")


urlpatterns = [*lms.urls.urlpatterns, path("fail/", fail)]
handler500 = lms.urls.handler500


def test_a_request_is_one_line_that_says_who_what_and_how_long(client, db, lines):
    user = UserFactory()
    client.force_login(user)
    response = client.get("/search/?q=some+name", headers={"x-request-id": "made up elsewhere"})
    (line,) = lines()
    assert (line["event"], line["request"], line["code"]) == (
        "request_finished",
        "GET /search/",
        200,
    )
    assert line["user_id"] == user.pk
    assert line["ms"] >= 0
    assert "ip" not in line
    assert uuid.UUID(line["request_id"]) == uuid.UUID(response["X-Request-ID"])


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/accounts/forgotten/MQ/abc-123/", "/accounts/forgotten/…/"),
        ("/calendar/abc-123/", "/calendar/…/"),
    ],
)
def test_an_address_that_is_a_secret_is_not_written_down(client, db, lines, path, written):
    client.get(path)
    (line,) = lines()
    assert line["request"] == f"GET {written}"


@pytest.mark.urls(__name__)
def test_what_broke_is_found_by_the_number_on_the_page(db, lines):
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory())
    response = client.get("/fail/")
    (line,) = lines()
    assert (response.status_code, line["event"], line["level"]) == (500, "request_failed", "error")
    assert line["request_id"] in response.text
    assert "RuntimeError: something broke" in line["exception"]


def test_what_a_library_says_has_the_same_form(lines):
    logging.getLogger("somebody.else").warning("%d eggs", 3)
    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("3 eggs", "somebody.else", "warning")
    assert line["timestamp"].endswith("Z")
