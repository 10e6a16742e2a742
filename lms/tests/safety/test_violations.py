"""What browsers report of the policy for content, in the log."""

import json

import pytest
from django.core.cache import cache
from structlog.testing import capture_logs

from lms.safety import violations

OLD = {
    "csp-report": {
        "document-uri": "https://x.example/accounts/forgotten/MQ/abc-def/?q=name",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://user:secret@evil.example/a.js?token=1",
        "line-number": 7,
    }
}
NEW = [{"type": "csp-violation", "body": {"documentURL": "/", "blockedURL": "inline"}}]


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def report(client, sent, kind="application/csp-report"):
    content = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    with capture_logs() as lines:
        response = client.post("/csp-report/", content, content_type=kind)
    assert (response.status_code, response.content) == (204, b"")
    return [line for line in lines if line["event"] == "csp_violation"]


def test_a_violation_is_one_line_without_secrets(client):
    (line,) = report(client, OLD)
    assert line == {
        "event": "csp_violation",
        "log_level": "warning",
        "directive": "script-src-elem",
        "line": "7",
        "blocked": "https://evil.example/a.js",
        "page": "https://x.example/accounts/forgotten/…/",
        "source": "",
    }


def test_the_newer_form_is_understood(client):
    (line,) = report(client, NEW, "application/reports+json")
    assert line["blocked"] == "inline"


@pytest.mark.parametrize(
    "sent", ["", "no json", "[]", "7", '{"body": 7}', "[" * 9000, b"\xff\xfe", '["a", null]']
)
def test_what_is_no_report_is_passed_over(client, sent):
    assert report(client, sent) == []


def test_what_is_too_long_is_passed_over(client):
    assert report(client, OLD | {"more": "x" * violations.LARGEST}) == []


def test_one_place_does_not_fill_the_log(client):
    lines = [line for _time in range(40) for line in report(client, OLD)]
    assert len(lines) == 20
