"""python -m lms.bootstrap setup, develop or run: what the Makefile calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from lms.bootstrap import clamd, instance, machine, packages
from lms.bootstrap.shell import PYTHON, SetUpError, call

OLDEST_PYTHON = (3, 11)


def main(arguments: Sequence[str]) -> int:
    goals: dict[str, Callable[[], None]] = {"setup": set_up, "develop": develop, "run": run}
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise SetUpError("Mijlpaal needs Python 3.11 or newer: PYTHON=python3.12 make run")
        # Without compiled modules every start, and each worker's first certificate, is slow.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        goals[arguments[0]]()
    except SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def run() -> None:
    """Sets up what is missing, then becomes the supervisor of web, worker, scheduler and broker."""
    port = os.environ.setdefault("PORT", "8000")
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("PUBLIC_URL", f"http://localhost:{port}")
    data_dir = instance.data_folder()
    instance.take_lock(data_dir)
    instance.check_port(os.environ.get("BIND", "127.0.0.1"), port)
    set_up()
    instance.write_secret_key(data_dir)
    call([PYTHON, "manage.py", "prepare"], shows=True)
    os.execv(PYTHON, [str(PYTHON), "-m", "lms.running.processes"])


def set_up() -> None:
    """Brings what running needs."""
    packages.install("requirements.txt")
    packages.install_front_end()
    machine.find_or_install(machine.PANGO, machine.has_pango)


def develop() -> None:
    """Brings what running, testing and linting need."""
    packages.install("requirements-dev.txt")
    packages.install_front_end()
    machine.find_or_install(machine.PANGO, machine.has_pango)
    machine.find_or_install(machine.BROWSER, machine.browser)
    machine.find_or_install(machine.GETTEXT, machine.gettext)
    machine.find_or_install(clamd.NEED, clamd.program, clamd.unpack)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
