"""A mail server that refuses, hangs up or is not there: mail waits, and then goes out once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learners.models import Notification
from learners.telling import notify
from learners.tests.factories import UserFactory
from lms.tests.faults.mailserver import running_mail_server

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def people(mail_server, settings):
    """Three who were told something, in the order of their addresses."""
    people = [UserFactory(email=f"{name}@example.org") for name in "abc"]
    messages = [notify.Message(user_id=one.pk, organisation_id=None, key="k") for one in people]
    notify.tell(kind="certifications/certificate_issued", messages=messages)
    return people


def sweep_for(hours: float, time_machine) -> None:
    """What the scheduler does in this time, at every minute."""
    begun = timezone.now()
    for minute in range(1, round(hours * 60) + 1):
        time_machine.move_to(begun + timedelta(minutes=minute))
        while notify.send_due():
            pass


def assert_each_has_one_mail(mail_server, people) -> None:
    assert [len(mail_server.taken_by(one.email)) for one in people] == [1] * len(people)
    assert not Notification.objects.to_mail().exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"EHLO": "421 Closing", "HELO": "421 Closing"},
        {"MAIL": "451 Try again later"},
        {"MAIL": "550 We do not know you"},
        {"RCPT": "451 Try again later"},
        {"RCPT": "554 Relay access denied"},
        {"DATA": "452 Out of space"},
        {"DATA": "hang up"},
    ],
    ids=lambda answers: " ".join(next(iter(answers.items()))),
)
def test_an_hour_of_refusals_loses_nothing_and_mails_once(
    mail_server, people, answers, time_machine, health
):
    mail_server.answers = answers
    sweep_for(1, time_machine)
    assert mail_server.taken == []
    assert health("mail") == (200, "WorkIsLateError")
    mail_server.answers = {}
    sweep_for(1, time_machine)
    assert_each_has_one_mail(mail_server, people)
    assert health("mail") == (200, "ok")


def test_a_server_that_is_not_there_is_waited_for(mail_server, people, time_machine, health):
    port = mail_server.server_address[1]
    mail_server.shutdown()
    mail_server.server_close()
    sweep_for(1, time_machine)
    assert health("mail") == (200, "WorkIsLateError")
    with running_mail_server(port) as again:
        sweep_for(1 / 60, time_machine)
        assert_each_has_one_mail(again, people)


def test_one_address_that_is_refused_keeps_nobody_waiting(mail_server, people, time_machine):
    mail_server.answers = {"a@example.org": "550 Nobody here"}
    sweep_for(1 / 60, time_machine)
    assert [len(mail_server.taken_by(one.email)) for one in people] == [0, 1, 1]


def test_a_server_that_takes_nothing_is_asked_once_a_sweep_not_once_a_mail(mail_server, people):
    mail_server.answers = {"MAIL": "451 Try again later"}
    notify.send_due()
    assert mail_server.asked == 1


def test_a_mail_that_always_breaks_the_connection_does_not_block_the_others(
    mail_server, people, time_machine
):
    mail_server.answers = {"a@example.org": "hang up"}
    sweep_for(0.1, time_machine)
    assert [len(mail_server.taken_by(one.email)) for one in people] == [0, 1, 1]
