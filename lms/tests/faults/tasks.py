"""The product's tasks on their way: sent as the scheduler sends them, and seen in the broker."""

import time

import redis
from django.conf import settings

from lms.celery import app, schedule

IDLE = {"SWEEP_EVERY": "3600"}  # a scheduler that sends nothing while a test runs
SLOW_STORAGE = {"DJANGO_SETTINGS_MODULE": "lms.tests.faults.settings"}


def send_scheduled(broker: str | None = None) -> None:
    """Send each task of the schedule once, as the scheduler does in the course of a day."""
    with app.connection_for_write(broker) as connection:
        for entry in schedule().values():
            app.send_task(entry["task"], connection=connection)


def held() -> int:
    """How many tasks a worker has taken and not finished, as far as the broker knows."""
    return _counted("hlen", "unacked")


def on_their_way() -> int:
    """How many tasks no worker has finished yet."""
    return held() + _counted("llen", "celery")


def all_are_done() -> bool:
    """Whether no task is on its way, nor was a moment before: while a worker takes one up, it
    stands in neither list."""
    if on_their_way():
        return False
    time.sleep(0.2)
    return not on_their_way()


def _counted(how: str, key: str) -> int:
    client = redis.Redis.from_url(settings.REDIS_URL)
    try:
        return getattr(client, how)(f"{settings.REDIS_PREFIX}:{key}")
    finally:
        client.close()
