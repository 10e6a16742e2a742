"""What lay in the broker when the upgrade came is done by the workers of today."""

import inspect
import json
from pathlib import Path

import pytest
import redis
from django.conf import settings

from certifications.models import AssigningJob
from learners.models import ImportJob
from learners.models.importing import AT_WORK
from lms.celery import app
from lms.tests import processes
from lms.tests.upgrade import given, migrated


@pytest.fixture(scope="module", autouse=True)
def _tasks():
    app.loader.import_default_modules()


def test_every_task_of_then_is_known(kept):
    names = kept.facts["tasks"]
    assert [name for name in names if name not in app.tasks] == []
    assert len(names) > 10


def test_every_message_of_then_can_be_taken(kept):
    asked = [given.said(message) for message in kept.facts["messages"]]
    assert {name for name, _arguments in asked} == set(kept.facts["tasks"])
    for name, arguments in asked:
        inspect.signature(app.tasks[name].run).bind(*arguments)


def test_a_worker_of_today_does_all_of_it(kept, database, broker, django_db_blocker, tmp_path):
    messages = kept.facts["messages"]
    with (
        django_db_blocker.unblock(),
        migrated.copy(database, tmp_path) as copy,
        migrated.used(copy),
        migrated.files(kept),
    ):
        put(messages)
        with processes.running_worker(LOG_LEVEL="DEBUG", SWEEP_EVERY="3600"):
            processes.wait_until(lambda: not undone(messages), seconds=180)
        assert not ImportJob.objects.filter(state__in=AT_WORK).exists()
        assert not AssigningJob.objects.filter(state__in=AT_WORK).exists()


def put(messages: list[str]) -> None:
    """Put messages where the broker of then had them."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    for message in messages:
        client.lpush(f"{settings.REDIS_PREFIX}:celery", message)
    client.close()


def undone(messages: list[str]) -> list[str]:
    """Return what the worker has not said of that it is done."""
    log = (Path(settings.DATA_DIR) / "worker.log").read_text()
    done = [line for line in log.splitlines() if "task_succeeded" in line]
    ids = {json.loads(message)["headers"]["id"] for message in messages}
    return [one for one in ids if not any(one in line for line in done)]
