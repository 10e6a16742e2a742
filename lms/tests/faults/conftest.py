"""What tests of faults share."""

from collections.abc import Iterator

import pytest

from lms import environment
from lms.tests.faults import mailserver
from lms.tests.faults.dying import Kill, mortal
from lms.tests.faults.storages import Gate
from lms.tests.faults.tasks import SLOW_STORAGE


@pytest.fixture
def mail_server(settings) -> Iterator[mailserver.MailServer]:
    """A real mail server, to which the product mails."""
    with mailserver.running_mail_server() as server:
        for name, value in environment.mail(server.url).items():
            setattr(settings, name, value)
        yield server


@pytest.fixture
def health(client):
    """Ask the health page about one thing: its status, and what it says."""

    def ask(name: str) -> tuple[int, str]:
        response = client.get("/healthz")
        return response.status_code, response.json()[name]

    return ask


@pytest.fixture
def gate() -> Iterator[Gate]:
    """What a slow storage waits for, open at first."""
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture(scope="session")
def letter_box() -> Iterator[mailserver.MailServer]:
    """The mail server of the processes that are killed."""
    with mailserver.running_mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def kill(django_db_setup, django_db_blocker, letter_box) -> Iterator[Kill]:
    """Do a work of the product, killed before its n-th statement."""
    with django_db_blocker.unblock(), mortal(EMAIL_URL=letter_box.url, **SLOW_STORAGE) as kill:
        yield kill
