"""ClamAV itself, for tests and for what is measured."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from learners.tests.clamd import EICAR, FOUND
from lms.bootstrap import clamd

PATIENCE = 60  # seconds in which ClamAV itself starts
SETTINGS = """
Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/clamd.ctl
StreamMaxLength {most}M
MaxFileSize {looks_into}M
MaxScanSize {looks_into}M
AlertExceedsMax yes
"""


@contextlib.contextmanager
def running(*, most: int = 4, looks_into: int = 1) -> Iterator[str]:
    """Let ClamAV itself answer, which takes so many MB and looks into so many, and knows EICAR's
    test file alone; yield its address."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        folder = Path(name)
        (folder / "ours.ndb").write_text(f"{FOUND}:0:*:{EICAR.hex()}\n")
        settings = SETTINGS.format(folder=folder, most=most, looks_into=looks_into)
        settings += "User root\n" if os.getuid() == 0 else ""
        (folder / "clamd.conf").write_text(settings)
        command = [str(clamd.program()), "-c", str(folder / "clamd.conf")]
        with subprocess.Popen(
            command, env=clamd.surroundings(), stdout=subprocess.DEVNULL
        ) as daemon:
            try:
                _wait_for(folder / "clamd.ctl", daemon)
                yield f"unix://{folder}/clamd.ctl"
            finally:
                daemon.terminate()


def _wait_for(place: Path, daemon: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and daemon.poll() is None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as door:
            return door.connect(str(place))
        time.sleep(0.05)
    raise RuntimeError("ClamAV did not start")
