"""A whole instance: broker, web, worker and scheduler, started and ended for real."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from lms.bootstrap import instance
from lms.running import broker, guard, processes
from lms.tests.processes import ROOT, running, wait_until

MINE = ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "DJANGO_SETTINGS_MODULE", instance.HELD_LOCK)


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    """A data folder with an empty database, a free port, and nothing of the tests' settings."""
    for name in MINE:
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    told = {
        "DATA_DIR": str(tmp_path),
        "PORT": port,
        "PUBLIC_URL": f"http://localhost:{port}",
        "DEMO": "1",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, **told}, check=True)
    return told


@pytest.fixture
def start(surroundings, tmp_path):
    """Starts the instance."""
    command = [sys.executable, "-m", "lms.running.processes"]
    return lambda: running(command, tmp_path / "said", **surroundings)


def says(tmp_path: Path, words: str) -> bool:
    return words in (tmp_path / "said").read_text()


def health(surroundings: dict[str, str]) -> dict:
    with urlopen(f"http://127.0.0.1:{surroundings['PORT']}/healthz", timeout=10) as answer:
        return json.load(answer)


def groups(tmp_path: Path) -> list[int]:
    """The process groups whose command names this data folder's broker or schedule."""
    found = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def test_an_instance_lives_survives_and_ends(start, surroundings, tmp_path):
    with start() as process:
        wait_until(lambda: says(tmp_path, "Ctrl-C ends it"), 120)
        assert says(tmp_path, f"): {surroundings['PUBLIC_URL']}\n")
        assert says(tmp_path, "board@, admin@example.org with the password: demo")
        assert health(surroundings)["broker"] == "ok"

        second = subprocess.run(
            [sys.executable, "-m", "lms.running.processes"],
            cwd=ROOT,
            env={**os.environ, **surroundings},
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert second.returncode == 1
        assert f"already runs on {tmp_path}: process {process.pid}, " in second.stderr

        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not groups(tmp_path))
    (tmp_path / "said").unlink()

    with start() as process:
        wait_until(lambda: says(tmp_path, "Ctrl-C ends it"), 120)
        assert health(surroundings)["ok"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert says(tmp_path, "Everything has ended.")
    assert groups(tmp_path) == []
    assert broker.is_running(tmp_path) is False


def test_the_broker_of_somebody_else_is_not_started(tmp_path, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://redis.example.org/0")
    names = [part.name for part in processes.parts(tmp_path)]
    assert names == ["web", "worker", "scheduler"]


def test_each_part_logs_to_a_file_and_keeps_the_one_before(tmp_path):
    processes.new_log(tmp_path, "web").write_text("yesterday")
    log = processes.new_log(tmp_path, "web")
    assert not log.exists()
    assert (tmp_path / "log" / "web.old.log").read_text() == "yesterday"


def test_an_address_of_version_6_is_put_in_brackets():
    assert "[::1]:8000" in processes.web("::1", "8000")


def test_a_web_server_that_is_not_there_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = str(closed.getsockname()[1])
    assert processes.answers("127.0.0.1", port) is False


def test_a_group_that_is_gone_is_not_an_error():
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    process.wait()
    assert guard.send(process.pid, signal.SIGTERM) is False
