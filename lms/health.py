"""Asks each thing the product stands on whether it answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from kombu import Connection

from certifications.models import Certificate
from learners.models import Notification, StudyStatusChange

# The worker looks every ten seconds; what is due for longer says that it does not.
LATE = timedelta(minutes=5)
# A thousand certificates take a minute or two.
LONG = timedelta(minutes=15)
PATIENCE = 5_000  # milliseconds
# Refused so often, in an hour, a mail says nothing about the server any more.
OFTEN = 3


class WorkIsLateError(Exception):
    """Something is due that nobody has looked at."""


@dataclass(frozen=True)
class Finding:
    """What one check found: pages need some things, others may vanish and come back."""

    name: str
    is_well: bool
    is_needed: bool
    text: str


def findings() -> list[Finding]:
    """One finding for each thing, in the order in which a reader would look."""
    return [
        _look("database", ask_database, is_needed=True),
        _look("storage", ask_storage, is_needed=True),
        _look("broker", ask_broker, is_needed=False),
        _look("outbox", ask_outbox, is_needed=False),
        _look("certificates", ask_certificates, is_needed=False),
        _look("mail", ask_mail, is_needed=False),
    ]


def ask_database() -> None:
    """Whether it lets somebody write, which on SQLite is one at a time."""
    with connection.cursor() as cursor, _asking_patience_of(cursor), transaction.atomic():
        cursor.execute("SELECT 1")


@contextmanager
def _asking_patience_of(cursor: CursorWrapper) -> Iterator[None]:
    """A writer may take a second or two; a monitor does not wait for longer than five."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute(f"PRAGMA busy_timeout = {min(usual, PATIENCE)}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


def ask_storage() -> None:
    """Whether it takes a file; one that is full still says what it holds."""
    name = default_storage.save("health", ContentFile(b"It is well."))
    default_storage.delete(name)


def ask_broker() -> None:
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=1) as broker:
        broker.ensure_connection(max_retries=0, timeout=1)


def ask_outbox() -> None:
    if StudyStatusChange.objects.due(timezone.now() - LATE).exists():
        raise WorkIsLateError


def ask_certificates() -> None:
    """A machine without Pango, or a storage that refuses, shows here: certificates wait."""
    if Certificate.objects.unrendered().filter(created_at__lt=timezone.now() - LONG).exists():
        raise WorkIsLateError


def ask_mail() -> None:
    """A mail server that takes nothing; not one person's mailbox that has refused for long."""
    waiting = Notification.objects.to_mail().filter(failures__lt=OFTEN)
    if waiting.filter(created_at__lt=timezone.now() - LONG).exists():
        raise WorkIsLateError


def _look(name: str, ask: Callable[[], None], *, is_needed: bool) -> Finding:
    """Runs one check; whatever it raises is the finding, and no detail of it goes out."""
    try:
        ask()
    except Exception as error:
        return Finding(name, False, is_needed, type(error).__name__)
    return Finding(name, True, is_needed, "ok")
