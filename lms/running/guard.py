"""Ends what a supervisor started when the supervisor itself is killed.

It reads the numbers of process groups from a pipe that closes with the supervisor, however that
goes. Only the standard library, so that it is small and always starts.
"""

import contextlib
import os
import signal
import sys
import time

GRACE = 5.0  # seconds


def send(group: int, number: int) -> bool:
    """Signals every process of a group; whether there was any."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


def end(groups: set[int], grace: float = GRACE) -> None:
    """Asks the groups to stop and, after the grace in seconds, makes them."""
    for group in groups:
        send(group, signal.SIGTERM)
    until = time.monotonic() + grace
    while any(send(group, 0) for group in groups) and time.monotonic() < until:
        time.sleep(0.05)
    for group in groups:
        send(group, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end({int(line) for line in sys.stdin})
