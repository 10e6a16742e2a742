"""The parts that make one instance; `python -m lms.running.processes` runs them."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from lms.bootstrap import instance
from lms.bootstrap.shell import ROOT, SetUpError
from lms.running import broker
from lms.running.supervisor import Part, Supervisor

DEMO_PEOPLE = ("learner@", "teacher@", "coach@", "assessor@", "board@", "admin@example.org")
# A worker that drew many certificates gives its memory back by starting anew, in KiB.
MEMORY_OF_A_WORKER = 600_000


def main() -> int:
    """Runs everything until Ctrl-C or SIGTERM."""
    started = time.monotonic()
    data_dir = instance.data_folder()
    try:
        instance.take_lock(data_dir)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if os.environ.get("METRICS_TOKEN"):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(new_figures(data_dir))
    supervisor = Supervisor(parts(data_dir))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.stop)
    code = supervisor.run(lambda: welcome(data_dir, time.monotonic() - started))
    print("\n  Everything has ended." if code == 0 else "")
    return code


def parts(data_dir: Path) -> list[Part]:
    """Broker (where no other is named), web server, worker and scheduler, in order of start."""
    bind, port = os.environ.get("BIND", "127.0.0.1"), os.environ.get("PORT", "8000")
    found = {"web": web(bind, port), "worker": worker(), "scheduler": scheduler(data_dir)}
    ready: dict[str, Callable[[], bool]] = {"web": lambda: answers(bind, port)}
    if not os.environ.get("REDIS_URL"):
        broker.prepare(data_dir)
        found = {"broker": broker.command(data_dir), **found}
        ready["broker"] = lambda: broker.is_running(data_dir)
    return [
        Part(name, command, new_log(data_dir, name), ready.get(name, lambda: True))
        for name, command in found.items()
    ]


def web(bind: str, port: str) -> list[str]:
    """Everything but the address stands in `gunicorn.conf.py`."""
    address = f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}"
    options = ["--config", str(ROOT / "gunicorn.conf.py"), "--bind", address]
    return [sys.executable, "-m", "gunicorn", *options, "lms.wsgi"]


def worker() -> list[str]:
    options = f"--concurrency {cores()} --max-memory-per-child {MEMORY_OF_A_WORKER}".split()
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*celery(), "worker", "--loglevel", "WARNING", *options, *alone]


def scheduler(data_dir: Path) -> list[str]:
    schedule = str(data_dir / "run" / "beat")
    return [*celery(), "beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile", ""]


def celery() -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "--app", "lms"]


def cores() -> int:
    """How many processes to start: one for each core this process may use, two at least."""
    allowed = getattr(os, "sched_getaffinity", None)
    return max(2, len(allowed(0)) if allowed else os.cpu_count() or 1)


def new_log(data_dir: Path, name: str) -> Path:
    """A fresh log file; the one of the time before is kept beside it."""
    log = data_dir / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".old.log"))
    return log


def new_figures(data_dir: Path) -> Path:
    """An empty folder in which the web processes put their figures together."""
    folder = data_dir / "run" / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def answers(bind: str, port: str) -> bool:
    """Whether the web server says that what it needs is well."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
    connection = HTTPConnection(host, int(port), timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def welcome(data_dir: Path, seconds: float) -> None:
    """Says where the product is and who can sign in."""
    print(f"\n  Mijlpaal is ready ({seconds:.0f} s): {os.environ.get('PUBLIC_URL', '')}\n")
    if os.environ.get("DEMO", "") not in ("", "0"):
        print(f"  Sign in as {', '.join(DEMO_PEOPLE)} with the password: demo")
    print(f"  Ctrl-C ends it. Logs: {data_dir / 'log'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
