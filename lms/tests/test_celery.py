"""Tasks on a real broker with a real worker."""

import signal
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from learners.models import StudyStatusChange
from learners.tests.factories import CourseFactory, an_enrolment
from lms.celery import app
from lms.running import guard
from lms.running.broker import for_celery
from lms.running.broker import url as broker_address
from lms.tests import processes
from lms.tests.tasks import write_down

WITH_TASK = ("--include", "lms.tests.tasks")


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes"
    path.write_text("")
    return path


def test_a_task_is_done_by_a_worker(transactional_db, broker, notes):
    (notes.parent / "go").touch()
    write_down.delay(str(notes.parent))
    with processes.running_worker(*WITH_TASK):
        processes.wait_until(lambda: notes.read_text() == "begun ended ")


def test_the_scheduler_has_what_is_due_looked_at(worker):
    enrolment = an_enrolment(CourseFactory())
    changes = StudyStatusChange.objects.filter(enrolment=enrolment)
    changes.update(due_at=timezone.now(), handled_at=None)
    processes.wait_until(lambda: changes.exclude(handled_at=None).exists())


def test_a_task_whose_worker_was_killed_is_done_by_the_next(transactional_db, broker, notes):
    write_down.delay(str(notes.parent))
    quick = {"TASK_TIME_LIMIT": "2"}
    with processes.running_worker(*WITH_TASK, TASK_TIME_LIMIT="60") as first:
        processes.wait_until(lambda: notes.read_text() == "begun ")
        guard.send(first.pid, signal.SIGKILL)
        first.wait()
    (notes.parent / "go").touch()
    with processes.running_worker(*WITH_TASK, **quick):
        processes.wait_until(lambda: notes.read_text() == "begun begun ended ")


def test_a_task_goes_back_when_its_worker_is_asked_to_stop_and_is_then_killed(
    transactional_db, broker, notes
):
    write_down.delay(str(notes.parent))
    with processes.running_worker(*WITH_TASK, TASK_TIME_LIMIT="60") as first:
        processes.wait_until(lambda: notes.read_text() == "begun ")
        first.send_signal(signal.SIGTERM)
        (notes.parent / "go").touch()
        first.wait(timeout=60)
    assert notes.read_text() == "begun ended "


def test_enqueueing_fails_at_once_when_the_broker_is_away(tmp_path):
    began = time.monotonic()
    with (
        app.connection_for_write(f"redis+socket://{tmp_path}/nobody") as nobody,
        pytest.raises(write_down.OperationalError),
    ):
        write_down.apply_async([str(tmp_path)], connection=nobody)
    assert time.monotonic() - began < 1


@pytest.mark.skipif(not settings.IS_EMBEDDED, reason="ends a broker of its own")
def test_a_worker_takes_up_its_work_when_the_broker_comes_back(transactional_db, notes):
    data_dir = notes.parent
    environment = {"REDIS_URL": broker_address(data_dir)}
    with (
        processes.running_broker(data_dir) as first,
        processes.running_worker(*WITH_TASK, **environment),
    ):
        enqueue(data_dir)
        processes.wait_until(lambda: notes.read_text() == "begun ")
        (data_dir / "go").touch()
        processes.wait_until(lambda: notes.read_text() == "begun ended ")
        first.kill()
        first.wait()
        with processes.running_broker(data_dir):
            enqueue(data_dir)
            processes.wait_until(lambda: notes.read_text() == "begun ended begun ended ")


def enqueue(data_dir: Path) -> None:
    with app.connection_for_write(for_celery(broker_address(data_dir))) as connection:
        write_down.apply_async([str(data_dir)], connection=connection)


def test_two_workers_never_share_a_task_before_its_time_is_over():
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert options["visibility_timeout"] == 2 * settings.CELERY_TASK_TIME_LIMIT
