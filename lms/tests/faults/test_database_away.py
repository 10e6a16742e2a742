"""A database that is locked by somebody else (SQLite), or that is restarted (PostgreSQL)."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from attendance.models import Attendance, AttendanceChange
from attendance.tests.factories import Browser, a_class
from lms.tests import processes
from lms.tests.faults.once import an_hour_passes, assert_once, completions, wait_until_done
from lms.tests.faults.tasks import SLOW_STORAGE
from lms.tests.faults.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif(
    not settings.DATABASE_URL.startswith("sqlite"),
    reason="only SQLite has one lock for all that write",
)
on_postgresql = pytest.mark.skipif(
    settings.DATABASE_URL.startswith("sqlite"),
    reason="SQLite has no server that could be restarted",
)

HOLD = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def somebody_else_writes() -> Iterator[None]:
    """Another process holds the database's only lock, and never comes to an end."""
    command = [sys.executable, "-c", HOLD, str(connection.settings_dict["NAME"])]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.close()


def be_patient(milliseconds: int) -> None:
    """How long this connection waits for the lock; 20 seconds where nothing else is said."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")


@on_sqlite
def test_who_waits_in_vain_saves_nothing_and_the_health_page_says_why(client, broker, health):
    run, teacher, people = a_class(-7)
    client.raise_request_exception = False
    browser = Browser(client, run, teacher).open().tick(*people)
    with somebody_else_writes():
        be_patient(200)
        assert client.get(browser.address).status_code == 200
        assert browser.press("continue").status_code == 503
        assert health("database") == (503, "OperationalError")
    assert health("database") == (200, "ok")
    assert Attendance.objects.count() == 0
    assert browser.press("continue").status_code == 302
    assert Attendance.objects.count() == AttendanceChange.objects.count() == 3
    connection.close()


@on_sqlite
def test_who_waits_until_the_lock_is_free_notices_nothing(client, health):
    run, teacher, people = a_class(-7)
    browser = Browser(client, run, teacher).open().tick(*people)

    def save() -> int:
        with contextlib.closing(connection):
            return browser.press("continue").status_code

    with ThreadPoolExecutor() as threads:
        with somebody_else_writes():
            saving = threads.submit(save)
            be_patient(500)
            assert health("database") == (503, "OperationalError")
            assert not saving.done()
        assert saving.result() == 302
    assert Attendance.objects.count() == AttendanceChange.objects.count() == 3
    connection.close()


def restart() -> None:
    """Everybody's connections end, as they do when the server is restarted."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with psycopg.connect(settings.DATABASE_URL, dbname="postgres", autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


@on_postgresql
def test_pages_and_workers_go_on_after_a_restart(broker, gate):
    people = completions(3)
    gate.shut()
    with (
        processes.running_web() as (_web, url),
        processes.running_worker(**SLOW_STORAGE),
    ):
        visitor = Visitor(url, people[0].learner)
        for _ in range(4):  # so that each of the web processes holds a connection
            assert visitor.get("/")[0] == 200
        processes.wait_until(gate.waiting)
        restart()
        assert [visitor.get("/")[0] for _ in range(8)] == [200] * 8
        assert visitor.health()["database"] == "ok"
        gate.open()
        an_hour_passes()
        wait_until_done(people)
    assert_once(people)
