"""A worker killed in the middle of a batch: its tasks come back after half an hour, and nobody
waits for that, because the sweeps find the work itself."""

import signal

import pytest

from lms.running import guard
from lms.tests import processes
from lms.tests.faults.once import an_hour_passes, assert_once, completions, wait_until_done
from lms.tests.faults.tasks import SLOW_STORAGE, held

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_next_worker_goes_on_though_the_broker_still_keeps_the_tasks(broker, gate, health):
    people = completions(3)
    gate.shut()
    with processes.running_worker(**SLOW_STORAGE) as first:
        processes.wait_until(gate.waiting)
        guard.send(first.pid, signal.SIGKILL)
        first.wait()
    kept = held()
    assert kept > 0
    gate.open()
    an_hour_passes()
    assert health("certificates") == (200, "ok")
    with processes.running_worker():
        wait_until_done(people)
        assert held() >= kept
    assert_once(people)
