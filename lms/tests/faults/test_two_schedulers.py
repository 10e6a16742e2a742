"""Two schedulers, each with a worker of its own: twice the sweeps, and everything once."""

from pathlib import Path

import pytest
from django.conf import settings

from learners.telling import notify
from learners.tests.factories import UserFactory
from lms.tests import processes
from lms.tests.faults.once import assert_once, completions, wait_until_done, wait_until_mailed
from lms.tests.faults.tasks import SLOW_STORAGE

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_schedulers_do_everything_once(broker, mail_server, gate):
    second = str(Path(settings.DATA_DIR) / "second-beat")
    told = {"EMAIL_URL": mail_server.url, **SLOW_STORAGE}
    gate.shut()
    with (
        processes.running_worker(**told),
        processes.running_worker("--schedule", second, **told),
    ):
        people = completions(2)
        processes.wait_until(lambda: len(gate.waiting()) == 2)
        codes = {name.split("/")[2] for name in gate.waiting()}
        assert len(codes) == 2, "both print the same certificate"
        gate.open()
        wait_until_done(people)
        wait_until_mailed()
        assert_once(people)
        assert_each_has_one_mail(mail_server, [person.learner for person in people])

        mail_server.receivers.clear()
        mail_server.takes_its_time = True
        readers = [UserFactory(), UserFactory()]
        messages = [
            notify.Message(user_id=one.pk, organisation_id=None, key="k") for one in readers
        ]
        notify.tell(kind="certifications/certificate_issued", messages=messages)
        processes.wait_until(lambda: len(mail_server.receivers) == 2)
        assert len(set(mail_server.receivers)) == 2, "both mail the same person"
        mail_server.takes_its_time = False
        wait_until_mailed()
        assert_each_has_one_mail(mail_server, readers)


def assert_each_has_one_mail(mail_server, readers) -> None:
    assert [len(mail_server.taken_by(one.email)) for one in readers] == [1] * len(readers)
