"""`make audit`: three answers, of which silence is one of its own."""

import sys

import pytest

from lms.bootstrap import audit

NOTHING_KNOWN = "print('No known vulnerabilities found')"
KNOWN = "import sys; print('Found 2 known vulnerabilities in 1 package'); sys.exit(1)"
AWAY = "import sys; print('405 Method Not Allowed', file=sys.stderr); sys.exit(1)"


def a_service(says: str) -> list[str]:
    return [sys.executable, "-c", says]


@pytest.mark.parametrize(
    ("says", "answer", "words"),
    [
        (NOTHING_KNOWN, audit.FINE, "nothing known"),
        (KNOWN, audit.KNOWN, "Found 2 known"),
        (AWAY, audit.UNASKED, "NOT ASKED, the service could not be reached:\n405"),
    ],
    ids=["nothing", "something", "away"],
)
def test_what_a_service_answers_is_told_apart(says, answer, words, capsys):
    assert audit.ask("the lock", a_service(says)) == answer
    assert words in capsys.readouterr().out


def test_a_service_that_is_silent_was_not_asked(monkeypatch, capsys):
    monkeypatch.setattr(audit, "PATIENCE", 0.1)
    assert audit.ask("the lock", a_service("import time; time.sleep(60)")) == audit.UNASKED
    assert "NOT ASKED, no answer" in capsys.readouterr().out


def test_a_tool_that_is_not_here_asked_nobody(capsys):
    assert audit.ask("the lock", ["no-such-tool"]) == audit.UNASKED
    assert "NOT ASKED, no-such-tool is not here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answers", "all_in_all"),
    [
        ([audit.FINE, audit.FINE, audit.FINE], audit.FINE),
        ([audit.FINE, audit.FINE, audit.UNASKED], audit.UNASKED),
        ([audit.KNOWN, audit.FINE, audit.UNASKED], audit.KNOWN),
    ],
)
def test_what_is_known_counts_before_what_nobody_said(answers, all_in_all, monkeypatch):
    monkeypatch.setattr(audit, "ask", lambda *_: answers.pop())
    assert audit.main() == all_in_all
