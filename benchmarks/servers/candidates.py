"""The servers that are measured, each with two workers, and how it is started.

Those that were not chosen are in no list of requirements; who wants them beside the chosen one
installs them: `.venv/bin/pip install gevent granian`.
"""

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass

WORKERS, THREADS = 2, 4
GUNICORN = f"gunicorn --config /dev/null --workers {WORKERS} --no-control-socket".split()
OURS = "lms.running.web.Worker"


@dataclass(frozen=True)
class Candidate:
    """A server, and the module that it needs."""

    name: str
    needs: str
    options: Sequence[str]

    def is_installed(self) -> bool:
        return importlib.util.find_spec(self.needs) is not None

    def command(self, application: str, port: int) -> list[str]:
        """Return what starts it on a port of this machine."""
        names = {"application": application, "host": "127.0.0.1", "port": port}
        return [sys.executable, "-m", *(option.format(**names) for option in self.options)]


def of_gunicorn(name: str, *options: str, needs: str = "gunicorn") -> Candidate:
    """Return gunicorn with other options than those of the product."""
    return Candidate(name, needs, [*GUNICORN, "{application}", "--bind", "{host}:{port}", *options])


def ours(threads: int) -> Candidate:
    options = f"--preload --worker-class {OURS} --threads {threads}".split()
    return of_gunicorn(
        f"gunicorn with waitress, {threads} thread{'s' * (threads > 1)}", *options, needs="waitress"
    )


CANDIDATES = (
    of_gunicorn("gunicorn sync", "--preload"),
    of_gunicorn(f"gunicorn gthread, {THREADS} threads", "--preload", "--threads", str(THREADS)),
    of_gunicorn("gunicorn gthread, 64 threads", "--preload", "--threads", "64"),
    of_gunicorn("gunicorn gevent", "--worker-class", "gevent", needs="gevent"),
    Candidate(
        f"waitress alone, {THREADS} threads",
        "waitress",
        f"waitress --listen={{host}}:{{port}} --threads={THREADS} {{application}}".split(),
    ),
    Candidate(
        f"granian, {THREADS} threads",
        "granian",
        [
            *f"granian --interface wsgi --workers {WORKERS} --blocking-threads {THREADS}".split(),
            *"--host {host} --port {port} --no-ws {application}".split(),
        ],
    ),
    ours(1),
    ours(2),
    ours(THREADS),
)
