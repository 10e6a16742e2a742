"""Asks each thing the product stands on whether it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from kombu import Connection

from learners.hooks.running import Check
from lms.frame import home

PATIENCE = 5_000  # milliseconds


@dataclass(frozen=True)
class Finding:
    """What one check found: pages need some things, others may vanish and come back."""

    name: str
    is_well: bool
    is_needed: bool
    text: str


def findings() -> list[Finding]:
    """One finding for each thing, in the order in which a reader would look."""
    own = (
        Check("database", ask_database, is_needed=True),
        Check("storage", ask_storage, is_needed=True),
        Check("broker", ask_broker),
    )
    return [_look(check) for check in (*own, *home.gathered(lambda offer: offer.checks))]


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


def _look(check: Check) -> Finding:
    """Runs one check; whatever it raises is the finding, and no detail of it goes out."""
    try:
        check.ask()
    except Exception as error:
        return Finding(check.name, False, check.is_needed, type(error).__name__)
    return Finding(check.name, True, check.is_needed, "ok")
