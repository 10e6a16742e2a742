"""What a file in pieces outlives: each mishap happens to one on its way, and what is stored in the
end is read back and compared with what was sent."""

import contextlib
import hashlib
import signal
import time
from collections.abc import Iterator

from benchmarks.servers import probes
from benchmarks.uploads import site
from benchmarks.uploads.costs import done
from benchmarks.uploads.lines import Line
from benchmarks.uploads.sending import MEGABYTE, PIECE, Sender
from benchmarks.uploads.site import Fill, Film, Person, Site
from learners.files import keeping
from learners.models import StoredFile
from lms.running import guard
from lms.tests.processes import wait_until

TENTHS = range(1, 10)
LOOKING = 10.0  # seconds at most, from the last byte to a stored file
FOR_ALL = 5  # seconds in which it is sent whose server is killed
SIGNED_OUT = {401, 413}  # 413: the server heard that a stranger sends so much
NO_ROOM = {503, 507}


def cut(here: Site) -> Iterator[Line]:
    """The line breaks at each tenth of the file."""
    sender = here.sender()
    for tenth in TENTHS:
        at = here.film.size * tenth // 10
        there = at - at % PIECE
        sender.send(there)
        assert sender.piece(there, min(there + PIECE, sender.size), cut_at=at) == 0
    with contextlib.suppress(AssertionError):
        wait_until(lambda: not lying(here), 5)
    yield Line("cut at each tenth: pieces still on the disk of the web server", lying(here), 0)
    sender.send(sender.size)
    yield from stored(sender, here.film, "cut at each tenth")


def signed_out(here: Site) -> Iterator[Line]:
    """The session ends at a half, and they sign in again."""
    sender = here.sender()
    half = sender.size // 2
    sender.send(half)
    here.person.client.logout()
    status = sender.piece(half, min(half + PIECE, sender.size))
    assert status in SIGNED_OUT, status
    again = Sender(here.port, here.person.cookie, here.film.path)
    again.address = sender.address
    assert again.there() == half
    again.send(again.size)
    yield from stored(again, here.film, "signed out at a half")


def full(here: Site, fill: Fill) -> Iterator[Line]:
    """There is no room for the second half, until there is."""
    sender = here.sender()
    half = sender.size // 2
    sender.send(half)
    fill(here, True)
    try:
        status = sender.piece(half, min(half + PIECE, sender.size))
        assert status in NO_ROOM, status
    finally:
        fill(here, False)
    assert sender.there() >= half
    sender.send(sender.size)
    yield from stored(sender, here.film, "no room at a half")


def killed(person: Person, film: Film) -> Iterator[Line]:
    """Every process of the web server is killed at a half, while the sender goes on trying."""
    port = site.free_port()
    with contextlib.ExitStack() as stack:
        with site.running(person, film, port=port) as here:
            sender = here.sender()
            told = person.cookie, port, film, film.size / FOR_ALL, [sender.address]
            sending = stack.enter_context(site.sending(*told))
            wait_until(lambda: sender.there() >= film.size / 2)
            guard.send(here.leader, signal.SIGKILL)
        with site.running(person, film, port=port):
            done(sending)
            yield from stored(sender, film, "web server killed at a half")


def stored(sender: Sender, film: Film, what: str) -> Iterator[Line]:
    """Wait for the worker, and compare what it stored with what was sent."""
    began = time.monotonic()
    with contextlib.suppress(AssertionError):
        wait_until(lambda: sender.told()["state"] != "received", 3 * LOOKING)
    took, told = time.monotonic() - began, sender.told()
    assert told["state"] == "stored", told
    kept, digest = StoredFile.objects.get(token=told["token"]), hashlib.sha256()
    with kept.content.open("rb") as content:
        for piece in iter(lambda: content.read(MEGABYTE), b""):
            digest.update(piece)
    assert film.sha256 == digest.hexdigest() == told["sha256"], what
    keeping.let_go(files=[kept])
    yield Line(f"{what}: stored after the last byte", took, LOOKING, "s")


def lying(here: Site) -> int:
    """How many files the web server keeps for a while, with a name or, still open, without one."""
    named = len(list(here.folder.iterdir()))
    return named + sum(str(here.folder) in name for name in _opened(here.leader))


def _opened(leader: int) -> Iterator[str]:
    for folder in probes.group(leader):
        for entry in (folder / "fd").iterdir():
            with contextlib.suppress(OSError):
                yield str(entry.readlink())
