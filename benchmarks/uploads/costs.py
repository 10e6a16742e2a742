"""What files in pieces cost: memory, the time of others' pages, and time beside a bare server."""

import math
import os
import signal
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.servers import probes
from benchmarks.servers.probes import Address
from benchmarks.uploads import site
from benchmarks.uploads.lines import Line
from benchmarks.uploads.sending import MEGABYTE, PIECE
from benchmarks.uploads.site import Person, Site
from learners.tests.uploading import sender

MOST_GROWN = 16  # megabytes
SLOW = 3  # senders
MOST_TIMES = 2  # of what a page takes else
MOST_OF_FLOOR = 3
MOST_QUERIES = 10
SETTLING = 0.2  # seconds


class Memory:
    """How much the processes of a server have at most from now on, beyond what they had."""

    def __init__(self, leader: int) -> None:
        folders = list(probes.group(leader))
        self.before = {folder: _kilobytes(folder, "VmRSS") for folder in folders}
        for folder in folders:
            (folder / "clear_refs").write_text("5")  # the most so far is forgotten

    def found(self) -> float:
        """Return the most megabytes by which one of them has grown."""
        grown = [_kilobytes(folder, "VmHWM") - was for folder, was in self.before.items()]
        return max(grown) / 1024


def _kilobytes(folder: Path, name: str) -> int:
    lines = (folder / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def warm(here: Site, paths: Sequence[str]) -> None:
    """Have each process load what the first page and the first file load."""
    for path in [*paths] * 20:
        assert here.address.answer(path) == 200, path
    for _time in range(3):
        with here.senders(4) as sending:
            done(sending)


def done(sending: subprocess.Popen) -> float:
    """Wait until all has been sent; return how long it took."""
    said, _errors = sending.communicate()
    assert sending.returncode == 0, "what was sent was refused"
    return float(said)


def memory(here: Site) -> Iterator[Line]:
    """Yield what one sender costs, who sends as fast as they can."""
    grown = Memory(here.leader)
    with here.senders(1) as sending:
        done(sending)
    yield Line("memory, one sender", grown.found(), MOST_GROWN, "MB more")


def slow(here: Site, *, pace: float, paths: Sequence[str] = (), turns: int = 0) -> Iterator[Line]:
    """Yield what slow senders cost, and how long others wait for pages meanwhile."""
    grown = Memory(here.leader)
    with here.senders(SLOW, pace) as sending:
        yield from pages(here.address, sending, paths=paths, turns=turns)
        done(sending)
    yield Line("memory, three slow senders", grown.found(), MOST_GROWN, "MB more")


def pages(
    address: Address, sending: subprocess.Popen, *, paths: Sequence[str], turns: int
) -> Iterator[Line]:
    """Ask for pages in turns, while the senders stand still and while they send."""
    waits: dict[tuple[str, int], list[float]] = {}
    for _turn in range(turns):
        for sign in (signal.SIGSTOP, signal.SIGCONT):
            os.kill(sending.pid, sign)
            time.sleep(SETTLING)
            for path in paths:
                waits.setdefault((path, sign), []).extend(_waits(address, path))
    assert sending.poll() is None, "they were done before the pages were"
    for path in paths:
        alone, beside = waits[path, signal.SIGSTOP], waits[path, signal.SIGCONT]
        for name, of in (("median", statistics.median), ("95th percentile", _percentile)):
            yield Line(f"`{path}` alone, {name}", of(alone), None, "ms")
            most = MOST_TIMES * of(alone)
            yield Line(f"`{path}` beside three slow senders, {name}", of(beside), most, "ms")


def _waits(address: Address, path: str, times: int = 15) -> Iterator[float]:
    for _time in range(times):
        began = time.perf_counter()
        assert address.answer(path) == 200, path
        yield 1000 * (time.perf_counter() - began)


def _percentile(found: Sequence[float]) -> float:
    return sorted(found)[math.ceil(0.95 * len(found)) - 1]


def speed(here: Site, *, turns: int) -> Iterator[Line]:
    """Send to the product and to a bare application in turns; the best of each counts."""
    ours, bare, film = [], [], here.film
    with site.temporary() as folder, site.bare(folder) as port:
        for turn in range(turns):
            with here.senders(1) as sending:
                ours.append(done(sending))
            with site.sending("", port, film, 0, [f"/{turn}"]) as sending:
                bare.append(done(sending))
            (folder / str(turn)).unlink()
    megabytes = film.size / MEGABYTE
    yield Line("speed", megabytes / min(ours), None, "MB/s")
    yield Line("speed of a bare application", megabytes / min(bare), None, "MB/s")
    yield Line("times as long as the bare one", min(ours) / min(bare), MOST_OF_FLOOR)


def queries(person: Person) -> Iterator[Line]:
    """Count what one piece asks of the database."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(person.who)
    sending = sender.Sender(client)
    sending.begin("film.mp4", 2 * PIECE + 1)
    sending.send(bytes(PIECE), 0)
    with CaptureQueriesContext(connection) as asked:
        assert sending.send(bytes(PIECE), PIECE).status_code == 204
    yield Line("queries of a piece", len(asked), MOST_QUERIES)
    writes = sum(not one["sql"].startswith("SELECT") for one in asked.captured_queries)
    yield Line("of which write", writes)
    sending.take_away()
