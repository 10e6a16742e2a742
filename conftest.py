"""What every test may ask for: a browser's page, a broker, and a worker."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from lms.bootstrap import machine

BROWSER_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]

# How long an example takes says how busy the machine is, and nothing about the product.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Says at once when a service that the environment names does not answer."""
    from lms.tests.services import complaints

    is_one_of_several = hasattr(session.config, "workerinput")
    if found := [] if is_one_of_several else list(complaints()):
        pytest.exit("\n".join(found), returncode=2)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let nobody hold the database that is dropped: not even a request of a window that closed."""
    from lms.tests.services import end_other_connections

    yield
    with django_db_blocker.unblock():
        end_other_connections()


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """The system's own Chromium, one for the whole session."""
    from playwright.sync_api import expect, sync_playwright

    from learners.tests.windows import PATIENCE

    path = machine.browser()
    if path is None:
        pytest.fail("No Chromium on the PATH: `make test` installs it where it may.")
    # Playwright runs an event loop in this thread, in which Django refuses its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def windows(browser, live_server) -> Iterator:
    """Opens windows on the live server, of somebody who is signed in or of nobody."""
    from learners.tests.windows import opening

    with opening(browser, live_server.url) as opened:
        yield opened


@pytest.fixture
def page(windows):
    """A window of nobody."""
    return windows()


@pytest.fixture(scope="session")
def running_broker() -> Iterator[None]:
    """The broker of the settings: the one that REDIS_URL names, or else an embedded one."""
    from django.conf import settings

    from lms.tests import processes

    embedded = processes.running_broker(Path(settings.DATA_DIR))
    with embedded if settings.IS_EMBEDDED else contextlib.nullcontext():
        yield


@pytest.fixture
def scanner(settings) -> Iterator:
    """A daemon as ClamAV's, which the settings name, and nobody's claims on files."""
    from django.core.cache import cache

    from learners.tests import clamd

    cache.clear()
    with clamd.running() as daemon:
        settings.CLAMAV_URL = daemon.url
        yield daemon
    cache.clear()


@pytest.fixture
def broker(running_broker) -> None:
    """An empty broker."""
    from lms.tests import processes

    processes.empty_broker()


@pytest.fixture
def worker(transactional_db, broker) -> Iterator:
    """A real worker that sweeps the outbox every second; the test's database is what it sees."""
    from lms.tests import processes

    with processes.running_worker() as process:
        yield process


@pytest.fixture
def tasks_at_once() -> Iterator[None]:
    """Tasks are done by who asks for them, whether or not a broker runs for another test."""
    from lms.celery import app

    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False
