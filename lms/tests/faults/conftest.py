"""What tests of faults share."""

from collections.abc import Iterator

import pytest

from lms import environment
from lms.tests.faults import mailserver


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
