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
PACKAGE = "clamav-daemon"
NEED = Need("clamd", "Tests with ClamAV itself are skipped until you type:", {"apt-get": PACKAGE})


def program() -> Path | None:
    """The daemon that was unpacked, else the machine's own."""
    unpacked = FOLDER / "usr" / "sbin" / "clamd"
    found = shutil.which("clamd", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    return unpacked if unpacked.exists() else Path(found) if found else None


def unpack(need: Need = NEED) -> None:
    """Fetches its package and those that it lacks here, and unpacks them all; needs no rights."""
    lacking = _apt_get("-s", "install", "--no-install-recommends", need.packages["apt-get"])
    names = re.findall(r"^Inst (\S+)", lacking, re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        _apt_get("download", *names, folder=folder)
        for package in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, FOLDER], check=True)


def surroundings() -> dict[str, str]:
    """What it needs to know to find the libraries that were unpacked with it."""
    libraries = map(str, FOLDER.glob("usr/lib/*-linux-gnu*"))
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(libraries)}


def _apt_get(*words: str, folder: str | None = None) -> str:
    try:
        done = subprocess.run(
            ["apt-get", *words], cwd=folder, check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpError(f"clamd could not be fetched: {error}") from error
    return done.stdout
