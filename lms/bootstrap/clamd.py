"""ClamAV's daemon for the tests: unpacked beside the product's own packages and not installed, so
that it runs on nobody's machine but while a test asks it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from lms.bootstrap.machine import Need
from lms.bootstrap.shell import VENV, SetUpError

FOLDER = VENV / "clamd"
SYSTEM = "/usr/sbin"  # where daemons lie, which is not on everybody's PATH
NEED = Need(
    "clamd",
    "Tests with ClamAV itself are skipped until you type:",
    {"apt-get": "clamav-daemon", "dnf": "clamd", "pacman": "clamav", "brew": "clamav"},
)


def program() -> Path | None:
    """The daemon that was unpacked, else the machine's own."""
    unpacked = FOLDER / "usr" / "sbin" / "clamd"
    if unpacked.exists():
        return unpacked
    own = shutil.which("clamd", path=os.pathsep.join((os.environ["PATH"], SYSTEM)))
    return Path(own) if own else None


def unpack(need: Need = NEED) -> None:
    """Fetches its package and those that it lacks here, and unpacks them all; needs no rights."""
    lacking = _call("apt-get", "-s", "install", "--no-install-recommends", need.packages["apt-get"])
    names = re.findall(r"^Inst (\S+)", lacking, re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        _call("apt-get", "download", *names, folder=folder)
        for package in sorted(Path(folder).glob("*.deb")):
            _call("dpkg", "-x", str(package), str(FOLDER))


def surroundings() -> dict[str, str]:
    """What it needs to know to find the libraries that were unpacked with it."""
    libraries = map(str, FOLDER.glob("usr/lib/*-linux-gnu*"))
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(libraries)}


def _call(*command: str, folder: str | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpError(f"clamd could not be fetched: {error}") from error
    return done.stdout
