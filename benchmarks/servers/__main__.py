"""Measure web servers beside each other while many clients are slow, and print one table.

    python -m benchmarks.servers [--only WORDS]

Each runs a bare application, and then the product itself as somebody signed in sees it. The product
works on the database of DATABASE_URL (SQLite without it), as every benchmark does.
"""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from benchmarks.servers import probes
from benchmarks.servers.candidates import CANDIDATES, Candidate
from benchmarks.servers.probes import Address
from learners.models import User

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SENDERS = READERS = 50
FILE_SIZE = 30_000_000
HEADS = (
    *("server", "`/livez` ms, median / longest", "while slow ones are there"),
    *("pages/s", "while slow ones are there", "MB of memory", "while slow ones are there"),
    *("MB/s of an upload in pieces", "400 MB of a stranger"),
)


@dataclass(frozen=True)
class Site:
    """An application, and where its things are."""

    name: str
    application: str
    page: str
    file: str
    form: str
    piece: str
    refused: str
    headers: dict[str, str]
    environment: dict[str, str]


def main() -> None:
    """Print a table for each application."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", help="servers whose name has these words")
    asked = parser.parse_args()
    chosen = [one for one in CANDIDATES if asked.only in one.name]
    for missing in (one for one in chosen if not one.is_installed()):
        print(f"{missing.name}: left out, as {missing.needs} is not installed", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="mijlpaal-servers-") as folder:
        for site in (bare(Path(folder)), product()):
            print(
                f"\n**{site.name}**\n\n| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}", flush=True
            )
            for candidate in chosen:
                if candidate.is_installed():
                    print(f"| {' | '.join(row(candidate, site))} |", flush=True)


def bare(folder: Path) -> Site:
    """An application without a framework."""
    file = folder / "file"
    file.write_bytes(os.urandom(FILE_SIZE))
    return Site(
        name="A bare application",
        application="bare:application",
        page="/page",
        file="/file",
        form="/piece",
        piece="/piece",
        refused="/refuse",
        headers={},
        environment={"BENCH_FILE": str(file), "PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}"},
    )


def product() -> Site:
    """The product: the home page of somebody who is signed in, and a large static file."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    (Path(settings.STATIC_ROOT) / "large.bin").write_bytes(os.urandom(FILE_SIZE))
    who = User.objects.create_user(email="somebody@example.org")
    client = Client(SERVER_NAME="localhost")
    client.force_login(who)
    name = settings.SESSION_COOKIE_NAME
    return Site(
        name="The product",
        application="lms.wsgi:application",
        page="/",
        file="/static/large.bin",
        form="/accounts/login/",
        piece="",
        refused="/accounts/login/",
        headers={"Cookie": f"{name}={client.cookies[name].value}"},
        environment={"FORMS_PER_MINUTE": "0", "PYTHONPATH": str(ROOT)},
    )


def row(candidate: Candidate, site: Site) -> Iterator[str]:
    """Yield the cells of a server."""
    with running(candidate, site) as (leader, port, temporary):
        address = Address(port, {"Host": "localhost", **site.headers})
        probes.pages_a_second(address, site.page, 2)  # whatever is loaded with the first page
        quiet = probes.waits(address, "/livez"), probes.pages_a_second(address, site.page)
        before = probes.memory(leader)
        speed = f"{probes.megabytes_a_second(address, site.piece):.0f}" if site.piece else ""
        refusal = probes.refusal(port, site.refused, leader=leader, temporary=temporary)
        with slow_ones(port, site):
            waits = probes.waits(address, "/livez")
            pages, after = probes.pages_a_second(address, site.page), probes.memory(leader)
    yield from (candidate.name, str(quiet[0]), str(waits), f"{quiet[1]:.0f}", f"{pages:.0f}")
    yield from (f"{before:.0f}", f"{after:.0f}", speed, str(refusal))


@contextlib.contextmanager
def running(candidate: Candidate, site: Site) -> Iterator[tuple[int, int, Path]]:
    """Start a server, and end it: the process that leads it, its port, its temporary folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mijlpaal-server-") as folder:
        told = {**os.environ, **site.environment, "TMPDIR": folder}
        command = candidate.command(site.application, port)
        with started(command, told, stdout=subprocess.DEVNULL) as process:
            until = time.monotonic() + 60
            while Address(port, {"Host": "localhost"}).answer("/livez") != 200:
                assert time.monotonic() < until, f"{candidate.name} does not start"
                time.sleep(0.2)
            yield process.pid, port, Path(folder)


@contextlib.contextmanager
def slow_ones(port: int, site: Site) -> Iterator[None]:
    """Have slow clients there."""
    script = str(HERE / "slow.py")
    numbers = [str(number) for number in (port, SENDERS, READERS)]
    command = [sys.executable, script, *numbers, site.file, site.form]
    with started(command, dict(os.environ), stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield


@contextlib.contextmanager
def started(command: list[str], told: dict[str, str], *, stdout: int) -> Iterator[subprocess.Popen]:
    """Start a process with a group of its own, of which nothing is left."""
    process = subprocess.Popen(
        command, env=told, stdout=stdout, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    main()
