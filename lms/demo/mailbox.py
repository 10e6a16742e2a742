"""The mail of demo mode, which went nowhere but into a folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

from django.conf import settings

MAILS_SHOWN = 50


@dataclass(frozen=True)
class Mail:
    """A message as it lies in the folder; its key is that of its Message-ID."""

    key: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str


def _moment(date: datetime | None) -> datetime | None:
    """Return when that was; Django writes UTC as '-0000', which Python reads without a zone."""
    return date.replace(tzinfo=UTC) if date and date.tzinfo is None else date


def read(message: EmailMessage) -> Mail:
    """Take from a message what a reader wants to see."""
    date = message["date"]
    return Mail(
        key=str(message["message-id"] or "").strip("<>"),
        to=str(message["to"] or ""),
        subject=str(message["subject"] or ""),
        sent_at=_moment(getattr(date, "datetime", None)),
        text=_form(message, "plain"),
        html=_form(message, "html"),
    )


def _form(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body else ""


def messages_in(path: Path) -> list[EmailMessage]:
    """Split one file of Django's mail folder, the last message first."""
    parts = path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
    return [
        message_from_bytes(part.lstrip(), policy=policy.default)
        for part in reversed(parts)
        if part.strip()
    ]


def mails() -> list[Mail]:
    """Return the last messages that were sent, the newest first."""
    folder = Path(settings.DATA_DIR) / "mail"
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)

    def newest_first() -> Iterator[EmailMessage]:
        for path in files:
            yield from messages_in(path)

    return [read(message) for message in islice(newest_first(), MAILS_SHOWN)]


def mail_of(key: str) -> Mail | None:
    """Return one of these, if it is still there."""
    return next((mail for mail in mails() if mail.key == key), None)
