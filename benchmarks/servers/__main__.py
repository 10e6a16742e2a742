"""Measure web servers beside each other while many clients are slow, and print one table.

    python -m benchmarks.servers [--only WORDS] [--turns NUMBER] [--slow NUMBER]

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
from operator import attrgetter
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from benchmarks import block
from benchmarks.servers import probes
from benchmarks.servers.candidates import CANDIDATES, Candidate
from benchmarks.servers.probes import Address, Pages, Refusal, Upload, Waits
from learners.files import file_kinds, keeping
from learners.models import Actor, Material
from learners.studying import new_enrolments
from learners.studying.new_enrolments import NewEnrolment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FILE_SIZE = 30_000_000
HEADS = (
    *("server", "`/livez`, ms", "with slow ones", "pages/s", "with slow ones"),
    *("MB", "with slow ones", "upload, MB/s", "400 MB of a stranger"),
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


@dataclass(frozen=True)
class Turn:
    """What was seen of a server in one turn."""

    waits: tuple[Waits, Waits]  # without slow clients, and with them
    pages: tuple[Pages, Pages]
    memory: tuple[float, float]
    upload: Upload
    refusal: Refusal


def main() -> None:
    """Print a table for each application."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", help="servers whose name has these words")
    parser.add_argument("--turns", type=int, default=3, help="of which the best counts")
    parser.add_argument("--slow", type=int, default=50, help="senders, and as many readers")
    asked = parser.parse_args()
    chosen = [one for one in CANDIDATES if asked.only in one.name]
    for missing in (one for one in chosen if not one.is_installed()):
        print(f"{missing.name}: left out, as {missing.needs} is not installed", file=sys.stderr)
    chosen = [one for one in chosen if one.is_installed()]
    with tempfile.TemporaryDirectory(prefix="mijlpaal-servers-") as folder:
        for site in (bare(Path(folder)), product()):
            seen: dict[str, list[Turn]] = {one.name: [] for one in chosen}
            for _turn in range(asked.turns):
                for one in chosen:
                    seen[one.name].append(measured(one, site, asked.slow))
            print("\n".join(table(site.name, seen)), flush=True)


def table(name: str, seen: dict[str, list[Turn]]) -> Iterator[str]:
    """Yield the lines of a table: the best of each figure, as others use the machine too."""
    yield f"\n**{name}**\n"
    yield f"| {' | '.join(HEADS)} |"
    yield f"|{'---|' * len(HEADS)}"
    for server, turns in seen.items():
        waits = [min((turn.waits[n] for turn in turns), key=attrgetter("median")) for n in (0, 1)]
        pages = [max((turn.pages[n] for turn in turns), key=attrgetter("a_second")) for n in (0, 1)]
        memory = [f"{max(turn.memory[n] for turn in turns):.0f}" for n in (0, 1)]
        upload = max((turn.upload for turn in turns), key=attrgetter("speed"))
        cells = [*waits, *pages, *memory, upload, turns[-1].refusal]
        yield f"| {server} | {' | '.join(map(str, cells))} |"


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
    """The product: the home page of somebody who is signed in, and a large file of their course."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    _admin, institutions = block.institutions()
    (learner,), course = block.people("learner", 1), block.a_course(institutions[0], "B", 9)
    news = [NewEnrolment(learner=learner, course=course)]
    new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM)
    upload = SimpleUploadedFile("large.pdf", b"%PDF-1.7\n" + bytes(FILE_SIZE))
    stored = keeping.store(
        upload=upload, owner=None, kinds=[file_kinds.PDF], max_size=2 * FILE_SIZE
    )
    Material.objects.create(course=course, title="Large", file=keeping.claim(stored=stored))
    client = Client(SERVER_NAME="localhost")
    client.force_login(learner)
    name = settings.SESSION_COOKIE_NAME
    return Site(
        name="The product",
        application="lms.wsgi:application",
        page="/",
        file=f"/files/{stored.pk}/",
        form="/profile/",
        piece="",
        refused="/accounts/login/",
        headers={"Cookie": f"{name}={client.cookies[name].value}"},
        environment={"FORMS_PER_MINUTE": "0", "PYTHONPATH": str(ROOT)},
    )


def measured(candidate: Candidate, site: Site, slow: int) -> Turn:
    """Start a server, and look how it does, first alone and then with slow clients."""
    with running(candidate, site) as (leader, port, temporary):
        address = Address(port, {"Host": "localhost", **site.headers})
        probes.pages(address, site.page, leader=leader, seconds=2)  # whatever the first one loads
        waits = probes.waits(address, "/livez")
        pages = probes.pages(address, site.page, leader=leader)
        memory = probes.memory(leader)
        upload = Upload()
        if site.piece:
            upload = probes.upload(address, site.piece, leader=leader)
        refusal = probes.refusal(port, site.refused, leader=leader, temporary=temporary)
        with slow_ones(port, site, slow):
            return Turn(
                (waits, probes.waits(address, "/livez")),
                (pages, probes.pages(address, site.page, leader=leader)),
                (memory, probes.memory(leader)),
                upload,
                refusal,
            )


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
def slow_ones(port: int, site: Site, number: int) -> Iterator[None]:
    """Have so many slow senders there, and as many slow readers."""
    script = str(HERE / "slow.py")
    numbers = [str(number) for number in (port, number, number)]
    told = [site.file, site.form, site.headers.get("Cookie", "")]
    command = [sys.executable, script, *numbers, *told]
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
