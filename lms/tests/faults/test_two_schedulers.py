"""Two schedulers, each with a worker of its own: twice the sweeps, and everything once."""

from pathlib import Path

import pytest
from django.conf import settings

from lms.tests import processes
from lms.tests.faults.once import assert_once, completions, wait_until_done, wait_until_mailed

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_schedulers_do_everything_once(broker, mail_server):
    second = str(Path(settings.DATA_DIR) / "second-beat")
    mail = {"EMAIL_URL": mail_server.url}
    with (
        processes.running_worker(**mail),
        processes.running_worker("--schedule", second, **mail),
    ):
        people = []
        for number in (1, 5, 9):
            people += completions(number, people[0].course if people else None)
            wait_until_done(people)
        wait_until_mailed()
    assert_once(people)
    assert sorted(mail["To"] for mail in mail_server.taken) == sorted(
        enrolment.learner.email for enrolment in people
    )
