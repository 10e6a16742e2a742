"""Starts web, worker, scheduler and broker, keeps them alive, and ends them together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lms.running import guard

TICK = 0.1
GRACE = 10.0  # seconds in which a part may finish what it is doing
STEADY = 60.0  # seconds after which a part counts as well again
LONGEST_DELAY = 30.0  # seconds between two starts of what keeps ending
HOPELESS = 5  # ends in a row before anything was ready


@dataclass
class Part:
    """One of the parts, and how it fares."""

    name: str
    command: Sequence[str]
    log: Path
    is_ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    due_at: float = field(default=0.0, init=False)
    ends_in_a_row: int = field(default=0, init=False)

    def start(self, environment: dict[str, str]) -> None:
        """Starts it as the head of a process group of its own, which a Ctrl-C does not reach."""
        self.started_at = time.monotonic()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def send(self, number: int) -> None:
        """Signals it and whatever it started."""
        if self.process:
            guard.send(self.process.pid, number)

    def finish(self) -> None:
        """Makes an end of it and whatever it started, if anything is left."""
        self.send(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def is_due(self) -> bool:
        return self.process is None and 0 < self.due_at <= time.monotonic()

    def plan_restart(self) -> float:
        """Notes an end; the delay in seconds until the next start doubles while it keeps ending."""
        now = time.monotonic()
        self.ends_in_a_row = 1 if now - self.started_at > STEADY else self.ends_in_a_row + 1
        delay = min(2.0 ** (self.ends_in_a_row - 1) - 1, LONGEST_DELAY)
        self.process, self.due_at = None, now + delay
        return delay


class Supervisor:
    """Keeps parts running until it is told to stop."""

    def __init__(self, parts: Sequence[Part], say: Callable[[str], None] = print) -> None:
        self.parts = parts
        self.say = say
        self.stopping = threading.Event()
        self.guard: subprocess.Popen | None = None
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1"}

    def run(self, when_ready: Callable[[], None] = lambda: None) -> int:
        """Starts the parts, each when those before it are ready; 0 when told to stop."""
        try:
            if self._start_all():
                when_ready()
                while not self.stopping.wait(TICK):
                    self._look_after()
            return 0 if self.stopping.is_set() else 1
        finally:
            self._end_all()

    def stop(self, *_signal: object) -> None:
        """Asks for an orderly end; a second time does not wait for it."""
        if self.stopping.is_set():
            guard.end(self._groups(), grace=0)
        self.stopping.set()

    def _start_all(self) -> bool:
        for part in self.parts:
            self._start(part)
            while not self.stopping.is_set() and not part.is_ready():
                self._look_after()
                if part.ends_in_a_row >= HOPELESS:
                    self._give_up(part)
                    return False
                self.stopping.wait(TICK)
        return not self.stopping.is_set()

    def _start(self, part: Part) -> None:
        successor = self._new_guard()
        part.start(self.environment)
        self._appoint(successor)

    def _look_after(self) -> None:
        """Starts again what ended, with whatever it left behind cleared away."""
        for part in self.parts:
            if part.process and part.has_ended():
                how = _how(part.process.returncode)
                part.finish()
                delay = part.plan_restart()
                self.say(f"  {part.name} {how}: starting it again in {delay:.0f} s")
            elif part.is_due():
                self._start(part)
        if self.guard and self.guard.poll() is not None:
            self._appoint(self._new_guard())

    def _new_guard(self) -> subprocess.Popen:
        """Starts a guard, that waits to be told the groups: before a part is started, so that there
        is next to no moment in which nobody would end it."""
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _appoint(self, successor: subprocess.Popen) -> None:
        """Gives a new guard the present groups; a new one, because a list is never out of date."""
        assert successor.stdin
        successor.stdin.write("".join(f"{group}\n" for group in sorted(self._groups())))
        successor.stdin.flush()
        self._dismiss_guard()
        self.guard = successor

    def _dismiss_guard(self) -> None:
        if self.guard:
            self.guard.kill()
            self.guard.wait()
            if self.guard.stdin:
                self.guard.stdin.close()
            self.guard = None

    def _groups(self) -> set[int]:
        return {part.process.pid for part in self.parts if part.process}

    def _end_all(self) -> None:
        """Ends the parts in two steps: the broker, which is first, outlives the others."""
        running = [part for part in self.parts if part.process]
        for group in (running[1:], running[:1]):
            for part in group:
                part.send(signal.SIGTERM)
            until = time.monotonic() + GRACE
            while not all(part.has_ended() for part in group) and time.monotonic() < until:
                time.sleep(TICK)
            for part in group:
                part.finish()
        self._dismiss_guard()

    def _give_up(self, part: Part) -> None:
        lines = part.log.read_text(errors="replace").splitlines()[-20:]
        self.say("\n".join([*lines, f"\n{part.name} does not start: see {part.log}"]))


def _how(code: int) -> str:
    return f"was killed (signal {-code})" if code < 0 else f"ended (code {code})"
