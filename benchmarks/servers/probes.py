"""What is asked of a server that runs: how soon it answers, how many pages, what it keeps."""

import contextlib
import http.client
import itertools
import os
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
PATIENCE = 5.0  # seconds
AT_ONCE = 4
PIECE = 5 * MEGABYTE
HUGE = 400 * 1000 * 1000
# Whoever wants their form to be read has the cookie and the header that belong together.
STRANGER = f"Cookie: csrftoken={32 * 'a'}\r\nX-CSRFToken: {32 * 'b'}\r\n"


@dataclass(frozen=True)
class Address:
    """Where a server listens, and what is said with each request."""

    port: int
    headers: Mapping[str, str]

    def answer(self, path: str, method: str = "GET", body: bytes | None = None) -> int:
        """Ask on a connection of its own, and return the status; 0 for none in time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            try:
                connection.request(method, path, body, dict(self.headers))
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                return 0
            return response.status


@dataclass(frozen=True)
class Waits:
    """How long one waited for small answers, in milliseconds."""

    median: float
    longest: float

    def __str__(self) -> str:
        return f"{told(self.median)} / {told(self.longest)}"


def told(wait: float) -> str:
    return f"{wait:.0f}" if wait < 1000 * PATIENCE else "none"


def waits(address: Address, path: str, times: int = 40) -> Waits:
    """Ask for something small, again and again, for as long as three answers may take."""
    found: list[float] = []
    until = time.monotonic() + 3 * PATIENCE
    while len(found) < times and time.monotonic() < until:
        began = time.monotonic()
        is_well = address.answer(path) == 200
        found.append(1000 * (time.monotonic() - began if is_well else PATIENCE))
        time.sleep(0.05)
    return Waits(statistics.median(found), max(found))


@dataclass(frozen=True)
class Pages:
    """How many pages came in a second, and what each took of the processor, in milliseconds."""

    a_second: float
    processor: float

    def __str__(self) -> str:
        return f"{self.a_second:.0f} ({self.processor:.0f} ms)" if self.a_second else "0"


def pages(address: Address, path: str, *, leader: int, seconds: float = 5.0) -> Pages:
    """Ask for pages, several at once."""
    began, spent = time.monotonic(), processor(leader)

    def ask(_number: int) -> int:
        done = 0
        while time.monotonic() < began + seconds:
            done += address.answer(path) == 200
        return done

    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = sum(threads.map(ask, range(AT_ONCE)))
    took = time.monotonic() - began
    return Pages(done / took, 1000 * (processor(leader) - spent) / max(done, 1))


@dataclass
class Upload:
    """How many megabytes of an upload came in a second, and how much memory it took at most."""

    speed: float = 0.0
    grown: float = 0.0

    def __str__(self) -> str:
        return f"{self.speed:.0f}, {self.grown:.0f} in memory" if self.speed else ""


def upload(address: Address, path: str, *, leader: int, pieces: int = 40) -> Upload:
    """Send 200 MB in pieces, one after the other, as a resumable upload goes."""
    piece, found = os.urandom(PIECE), Upload()
    with watched(lambda: memory(leader)) as held:
        began = time.monotonic()
        if all(address.answer(path, "POST", piece) == 200 for _number in range(pieces)):
            found.speed = pieces * PIECE / MEGABYTE / (time.monotonic() - began)
    found.grown = max(held) - held[0]
    return found


@contextlib.contextmanager
def watched(measure: Callable[[], float]) -> Iterator[list[float]]:
    """Measure again and again what happens inside."""
    found, is_over = [measure()], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.05):
            found.append(measure())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        is_over.set()
        watcher.join()


def group(leader: int) -> Iterator[Path]:
    """The folders of /proc of a process and all that it started."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(folder.name)) == leader:
                yield folder


def processor(leader: int) -> float:
    """How many seconds of the processor a server has had."""
    found = 0
    for folder in group(leader):
        with contextlib.suppress(OSError):
            user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
            found += int(user) + int(system)
    return found / os.sysconf("SC_CLK_TCK")


def memory(leader: int) -> float:
    """How many megabytes a server has, what its processes share counted once."""
    found = 0
    for folder in group(leader):
        with contextlib.suppress(OSError):
            lines = (folder / "smaps_rollup").read_text().splitlines()
            found += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1024


def on_disk(leader: int, temporary: Path) -> float:
    """How many megabytes lie in files that a server made for a while, with a name or without."""
    places = [entry for folder in group(leader) for entry in _opened(folder)]
    found: dict[tuple[int, int], int] = {}
    for place in itertools.chain(places, temporary.iterdir()):
        with contextlib.suppress(OSError):
            status = place.stat()
            found[status.st_dev, status.st_ino] = 512 * status.st_blocks
    return sum(found.values()) / MEGABYTE


def _opened(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [one for one in (folder / "fd").iterdir() if "(deleted)" in os.readlink(one)]
    return []


@dataclass
class Refusal:
    """How a body of a stranger was met."""

    status: str = "no answer"
    sent: float = 0.0  # megabytes until it ended
    spooled: float = 0.0  # megabytes on the disk, at most
    grown: float = 0.0  # megabytes of memory, at most

    def __str__(self) -> str:
        return (
            f"{self.status}, {self.sent:.0f} sent,"
            f" {self.spooled:.0f} on disk, {self.grown:.0f} in memory"
        )


def refusal(port: int, path: str, *, leader: int, temporary: Path) -> Refusal:
    """Send a form of 400 MB as fast as it is taken, and watch the disk meanwhile."""
    found = Refusal()
    place = "127.0.0.1", port
    with (
        watched(lambda: memory(leader)) as held,
        watched(lambda: on_disk(leader, temporary)) as kept,
        contextlib.suppress(OSError),
        socket.create_connection(place, timeout=30) as client,
    ):
        _send_huge(client, path, found)
    found.grown, found.spooled = max(held) - held[0], max(kept)
    return found


def _send_huge(client: socket.socket, path: str, found: Refusal) -> None:
    kind = "Content-Type: multipart/form-data; boundary=b"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{STRANGER}{kind}\r\n"
    length = f"Content-Length: {HUGE}\r\n\r\n"
    begin = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    client.sendall((head + length).encode() + begin)
    sent, piece = len(begin), bytes(MEGABYTE)
    with contextlib.suppress(OSError):
        client.settimeout(0.5)  # for an answer that comes before anything was sent
        found.status = _status(client)
    client.settimeout(30)
    with contextlib.suppress(OSError):
        while found.status == "no answer" and sent < HUGE:
            sent += client.send(piece[: HUGE - sent])
        found.sent = sent / MEGABYTE
        if found.status == "no answer":
            found.status = _status(client)
    found.sent = sent / MEGABYTE


def _status(client: socket.socket) -> str:
    said = client.recv(200).split(b" ")
    return said[1].decode() if len(said) > 1 else "cut off"
