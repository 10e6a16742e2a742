"""The broker is away for an hour: people go on working, and it is all made up for when it is back.

The broker is one of this test's own, also where the tests run on Redis, which others use.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from learners.models import Enrolment, ImportJob, ImportState
from learners.tests.factories import CourseFactory, an_administrator
from learners.tests.importing.lists import a_csv
from lms.running import broker
from lms.running.broker import for_celery
from lms.tests import processes
from lms.tests.faults.once import assert_once, completions, wait_until_done
from lms.tests.faults.tasks import send_scheduled
from lms.tests.faults.visitor import Visitor, send_import

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def test_nothing_is_lost_and_nothing_is_done_twice(tmp_path):
    course, office = CourseFactory(code="EHBO"), an_administrator()
    address = {"REDIS_URL": broker.url(tmp_path)}
    with (
        processes.running_broker(tmp_path) as first,
        processes.running_web(**address) as (_web, url),
        processes.running_worker(**address),
    ):
        visitor = Visitor(url, office)
        assert visitor.health()["broker"] == "ok"
        first.kill()
        first.wait()

        status, _page = send_import(visitor, course.organisation_id, a_csv("EHBO,,a@b.org,Noor,,,"))
        assert status == 302
        people = completions(3)  # as of an hour ago
        ImportJob.objects.update(queued_at=timezone.now() - HOUR)
        assert visitor.get("/healthz")[0] == 200
        assert visitor.health()["broker"] == "OperationalError"
        assert visitor.health()["outbox"] == "WorkIsLateError"
        assert visitor.get("/")[0] == 200

        with processes.running_broker(tmp_path):
            wait_until_done(people)
            send_scheduled(for_celery(address["REDIS_URL"]))
            processes.wait_until(is_checked)
            assert set(visitor.health().values()) <= {True, "ok"}
    assert_once(people)
    assert Enrolment.objects.count() == len(people)


def is_checked() -> bool:
    return ImportJob.objects.get().state == ImportState.READY
