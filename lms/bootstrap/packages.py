"""The virtual environment and node_modules, as the lock files say.

What is done leaves a stamp, so that the next time takes no time and no network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from lms.bootstrap import machine
from lms.bootstrap.shell import PYTHON, ROOT, STAMPS, VENV, SetUpError, call, step, succeeds


def install(lock_name: str) -> None:
    """Brings the virtual environment to what a lock file says."""
    make_environment()
    lock = ROOT / lock_name
    if is_stamped(lock_name, lock):
        return
    with step("Python packages"):
        command = [*uv(), "pip", "install", "--quiet", "--python", PYTHON]
        call([*command, "--require-hashes", "--compile-bytecode", "-r", lock])
    stamp(lock_name, lock)


def make_environment() -> None:
    """Makes the virtual environment, and makes it anew when its Python has gone."""
    if PYTHON.exists() and succeeds([PYTHON, "-c", "import sys; sys.exit()"]):
        return
    with step("Python environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        if found := shutil.which("uv"):
            call([found, "venv", "--quiet", "--seed", "--python", sys.executable, VENV])
            return
        if not succeeds([sys.executable, "-c", "import ensurepip"]):
            machine.install(machine.ENVIRONMENT)
        call([sys.executable, "-m", "venv", VENV])


def uv() -> list[str | Path]:
    """The command of uv: the machine's own, or the one that pip puts into the environment."""
    if found := shutil.which("uv"):
        return [found]
    if not (VENV / "bin" / "uv").exists():
        pinned = STAMPS / "uv.txt"
        pinned.parent.mkdir(exist_ok=True)
        pinned.write_text(entry("uv", (ROOT / "requirements-dev.txt").read_text()))
        call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", pinned])
    return [VENV / "bin" / "uv"]


def entry(package: str, lock: str) -> str:
    """The lines of one package in a lock file: its version and its hashes."""
    found = re.search(rf"^{re.escape(package)}==.*?[^\\]\n", lock, re.MULTILINE | re.DOTALL)
    if found is None:
        raise SetUpError(f"The lock file does not pin {package}.")
    return found[0]


def install_front_end() -> None:
    """Brings node_modules to what the lock file says, with a Node.js from PyPI if need be."""
    lock = ROOT / "package-lock.json"
    if is_stamped("node_modules", lock) and (ROOT / "node_modules").is_dir():
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    with step("Front-end libraries"):
        npm = shutil.which("npm")
        if not (npm and shutil.which("node") and succeeds([npm, *arguments])):
            pinned = ROOT / "requirements-node.txt"
            command = [*uv(), "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes"]
            call([*command, "-r", pinned])
            path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
            call([VENV / "bin" / "npm", *arguments], {"PATH": path})
    stamp("node_modules", lock)


def is_stamped(name: str, lock: Path) -> bool:
    file = STAMPS / name
    return file.exists() and file.read_text() == digest(lock)


def stamp(name: str, lock: Path) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(digest(lock))


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
