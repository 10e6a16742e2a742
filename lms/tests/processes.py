"""Real processes for tests: a broker, a web server, and a worker that sweeps every second."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection

from lms.running import broker, guard, processes

ROOT = Path(__file__).resolve().parent.parent.parent


def wait_until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Asks again and again, and fails the test when the time is over."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"not within {seconds} seconds"
        time.sleep(0.05)


@contextlib.contextmanager
def running(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen]:
    """A process with a group of its own, of which nothing is left afterwards."""
    with log.open("a") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        guard.send(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def running_broker(data_dir: Path) -> Iterator[subprocess.Popen]:
    """An embedded broker that answers."""
    broker.prepare(data_dir)
    with running(broker.command(data_dir), data_dir / "broker.log") as process:
        wait_until(lambda: broker.is_running(data_dir))
        yield process


@contextlib.contextmanager
def running_worker(*options: str, **environment: str) -> Iterator[subprocess.Popen]:
    """A worker with a scheduler, on the database, the files and the broker of this test."""
    log = Path(settings.DATA_DIR) / "worker.log"
    schedule = str(Path(settings.DATA_DIR) / "beat")
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "lms"]
    worker = ["worker", "--beat", "--schedule", schedule, "--concurrency", "1", "--pool", "prefork"]
    surroundings = {**surroundings_of_this_test(), "SWEEP_EVERY": "1", **environment}
    with running([*celery, *worker, *options], log, **surroundings) as process:
        yield process


@contextlib.contextmanager
def running_web(**environment: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """The web server on the database and the files of this test, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    log = Path(settings.DATA_DIR) / "web.log"
    surroundings = {**surroundings_of_this_test(), **environment}
    with running(processes.web("127.0.0.1", port), log, **surroundings) as process:
        wait_until(lambda: accepts("127.0.0.1", int(port)))
        yield process, f"http://127.0.0.1:{port}"


def accepts(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def surroundings_of_this_test() -> dict[str, str]:
    """What a part of the product is told to be on this test's database, files and broker."""
    return {
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "PUBLIC_URL": settings.PUBLIC_URL,
        "REDIS_PREFIX": settings.REDIS_PREFIX,
        "SECRET_KEY": settings.SECRET_KEY,
    }


def database_url() -> str:
    """The address of the test's database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()


def empty_broker() -> None:
    """Forgets the messages of earlier tests, and nobody else's."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}:*"):
        client.delete(key)
    client.close()
