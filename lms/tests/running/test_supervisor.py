"""The supervisor, with small parts that it starts for real."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lms.running import guard
from lms.running.supervisor import HOPELESS, LONGEST_DELAY, Part, Supervisor
from lms.tests.processes import wait_until

# Writes its number and a child's number to a file, then stays.
STAY = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with pathlib.Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""


def is_alive(number: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def staying(tmp_path: Path, name: str = "stay") -> Part:
    command = [sys.executable, "-c", STAY, str(tmp_path / name)]
    return Part(name, command, tmp_path / f"{name}.log")


def numbers(tmp_path: Path, name: str = "stay") -> list[list[int]]:
    """The numbers of process and child for each start."""
    file = tmp_path / name
    lines = file.read_text().splitlines() if file.exists() else []
    return [[int(number) for number in line.split()] for line in lines]


@pytest.fixture
def start():
    """Runs supervisors in threads and ends them after the test."""
    running = []

    def start(*parts: Part) -> tuple[Supervisor, threading.Thread, list[str]]:
        said: list[str] = []
        supervisor = Supervisor(parts, said.append)
        thread = threading.Thread(target=supervisor.run, args=[lambda: said.append("ready")])
        thread.start()
        running.append((supervisor, thread))
        return supervisor, thread, said

    yield start
    for supervisor, thread in running:
        supervisor.stop()
        thread.join()


def test_a_killed_programme_is_started_again_and_its_children_are_cleared(tmp_path, start):
    _supervisor, _thread, said = start(staying(tmp_path))
    wait_until(lambda: len(numbers(tmp_path)) == 1)
    process, child = numbers(tmp_path)[0]
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: len(numbers(tmp_path)) == 2)
    wait_until(lambda: not is_alive(child))
    assert said == ["ready", "  stay was killed (signal 9): starting it again in 0 s"]


def test_stopping_ends_programmes_and_their_children(tmp_path, start):
    supervisor, thread, _said = start(staying(tmp_path), staying(tmp_path, "other"))
    wait_until(lambda: len(numbers(tmp_path, "other")) == 1)
    supervisor.stop()
    thread.join()
    ended = numbers(tmp_path)[0] + numbers(tmp_path, "other")[0]
    wait_until(lambda: not any(map(is_alive, ended)))  # a killed one ends when it is its turn


def test_the_next_programme_waits_until_the_one_before_is_ready(tmp_path, start):
    first = staying(tmp_path, "first")
    first.is_ready = lambda: (tmp_path / "ready").exists()
    _supervisor, _thread, said = start(first, staying(tmp_path, "second"))
    wait_until(lambda: len(numbers(tmp_path, "first")) == 1)
    assert numbers(tmp_path, "second") == []
    (tmp_path / "ready").touch()
    wait_until(lambda: len(numbers(tmp_path, "second")) == 1)
    wait_until(lambda: said == ["ready"])


def test_what_never_starts_is_given_up_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr("lms.running.supervisor.LONGEST_DELAY", 0.0)
    said: list[str] = []
    command = [sys.executable, "-c", "raise SystemExit('no such module')"]
    broken = Part("web", command, tmp_path / "log", is_ready=lambda: False)
    assert Supervisor([broken], said.append).run() == 1
    assert len(said) == HOPELESS + 1
    assert said[-1].startswith("no such module\n")
    assert said[-1].endswith(f"web does not start: see {tmp_path / 'log'}")


def test_the_delay_doubles_while_a_programme_keeps_ending(tmp_path):
    part = staying(tmp_path)
    part.started_at = float("inf")
    delays = [part.plan_restart() for _ in range(8)]
    assert delays == [0, 1, 3, 7, 15, LONGEST_DELAY, LONGEST_DELAY, LONGEST_DELAY]


def test_the_delay_begins_anew_after_a_steady_time(tmp_path):
    part = staying(tmp_path)
    part.ends_in_a_row, part.started_at = 5, float("-inf")
    assert part.plan_restart() == 0


def test_a_second_call_to_stop_does_not_wait(tmp_path, start):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); "
    command = [sys.executable, "-c", deaf + "time.sleep(600)"]
    log = tmp_path / "log"
    supervisor, thread, _said = start(Part("deaf", command, log))
    wait_until(lambda: log.exists() and log.read_text() == "1\n")
    supervisor.stop()
    supervisor.stop()
    thread.join(timeout=8)
    assert not thread.is_alive()


RUN = """
import sys, pathlib
from lms.running.supervisor import Supervisor
from lms.tests.running.test_supervisor import staying
Supervisor([staying(pathlib.Path(sys.argv[1]))]).run()
"""


def test_nothing_is_left_when_the_supervisor_itself_is_killed(tmp_path):
    supervisor = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path)], cwd=guard_root())
    wait_until(lambda: len(numbers(tmp_path)) == 1)
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not any(map(is_alive, numbers(tmp_path)[0])))


def guard_root() -> Path:
    return Path(guard.__file__).resolve().parents[2]


def test_a_killed_guard_is_replaced(tmp_path, start):
    supervisor, _thread, _said = start(staying(tmp_path))
    wait_until(lambda: supervisor.guard)
    first = supervisor.guard
    first.kill()
    wait_until(lambda: supervisor.guard not in (None, first))
    assert supervisor.guard.poll() is None
