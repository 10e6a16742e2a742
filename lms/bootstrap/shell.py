"""Runs commands and says in short lines what is being done."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"


class SetUpError(Exception):
    """Why the set-up stops, in words for the person who started it."""


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Says what is being done, then how long it took."""
    print(f"  {name} … ", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed")
        raise
    print(f"{time.monotonic() - started:.0f} s")


def call(
    command: Sequence[str | Path], extra: dict[str, str] | None = None, *, shows: bool = False
) -> None:
    """Runs a command; what it printed is shown when it fails, or at once if it `shows`."""
    output = None if shows else subprocess.PIPE
    done = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env=os.environ | (extra or {}),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if shows else subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " ".join(map(str, command))
        raise SetUpError(f"{(done.stdout or '')[-4000:]}\nThis failed: {words}")


def succeeds(command: Sequence[str | Path]) -> bool:
    try:
        call(command)
    except (SetUpError, OSError):
        return False
    return True
