"""Whoever sends a file in pieces, as the script in a browser does, at the pace of their line.

    python benchmarks/uploads/sending.py PORT COOKIE FILE PACE ADDRESS...

sends the file to each of these addresses at the same time, at so many bytes a second (0: as fast as
it is taken), and says how many seconds that took. It stands alone, so that a process of its own
can be stopped and go on as a phone does.
"""

import http.client
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MEGABYTE = 1024 * 1024
PIECE, SIP = 5 * MEGABYTE, 64 * 1024
PATIENCE = 90.0  # seconds in which a server is there again
PAUSE = 0.25
CSRF = "f" * 32
AGAIN = {0, 409, 423, 503, 507}  # no answer, and those after which one tries once more


class Cut(Exception):
    """The line broke."""


class Refused(Exception):
    """Sending goes no further; its argument is what was answered, all of it."""


class Sender:
    """Sends one file, from where the server has it."""

    def __init__(self, port: int, cookie: str, file: Path, *, pace: float = 0) -> None:
        self.port, self.file, self.pace = port, file, pace
        self.size = file.stat().st_size
        self.headers = {
            "Host": "localhost",
            "Cookie": f"csrftoken={CSRF}; {cookie}",
            "X-CSRFToken": CSRF,
            "Tus-Resumable": "1.0.0",
        }
        self.address = ""
        self.refusals: list[int] = []  # what was answered in place of taking a piece

    def begin(self, said: dict[str, str]) -> "Sender":
        """Begin a file."""
        status, headers, body = self._ask("POST", "/uploads/", said)
        assert status == 201, (status, body)
        self.address = headers["Location"]
        return self

    def there(self) -> int:
        """Return how many bytes the server has; -1 where it does not say."""
        status, headers, _body = self._ask("HEAD", self.address, {})
        return int(headers["Upload-Offset"]) if status == 200 else -1

    def told(self) -> dict[str, str]:
        """Return what the page of the sender is told."""
        status, _headers, body = self._ask("GET", self.address, {})
        assert status == 200, status
        found: dict[str, str] = json.loads(body)
        return found

    def send(self, until: int, *, at_once: int = PIECE) -> None:
        """Send up to this byte, piece by piece, and try again as long as that may help."""
        patient_until, there = time.monotonic() + PATIENCE, self.there()
        while there < until:
            status = self.piece(there, min(there + at_once, until)) if there >= 0 else 0
            if status == 204:
                patient_until, there = time.monotonic() + PATIENCE, there + at_once
                continue
            self.refusals.append(status)
            if status not in AGAIN or time.monotonic() > patient_until:
                raise Refused(self.refusals)
            time.sleep(PAUSE)
            there = self.there()

    def piece(self, begin: int, end: int, *, cut_at: int | None = None) -> int:
        """Send a piece and return the status of the answer, 0 for none; the line may break."""
        said = {
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(end - begin),
            "Upload-Offset": str(begin),
        }
        try:
            return self._ask("PATCH", self.address, said, self._read(begin, end, cut_at))[0]
        except Cut:
            return 0

    def _read(self, begin: int, end: int, cut_at: int | None) -> Iterator[bytes]:
        began = time.monotonic()
        with self.file.open("rb") as file:
            file.seek(begin)
            for at in range(begin, end, SIP):
                if cut_at is not None and at >= cut_at:
                    raise Cut
                yield file.read(min(SIP, end - at))
                if self.pace:
                    due = began + (at - begin) / self.pace
                    time.sleep(max(0.0, min(due - time.monotonic(), PAUSE)))

    def _ask(
        self, how: str, path: str, said: dict[str, str], body: Iterator[bytes] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask on a connection of its own: what is answered before all was sent counts as well."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            try:
                connection.request(how, path, body, {**self.headers, **said})
            except (BrokenPipeError, ConnectionResetError):
                if connection.sock is None:
                    raise
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, http.client.HTTPMessage(), b""
        finally:
            connection.close()


def main(port: int, cookie: str, file: Path, *, pace: float, addresses: list[str]) -> None:
    """Send to all of them at once."""

    def send(address: str) -> None:
        sender = Sender(port, cookie, file, pace=pace)
        sender.address = address
        sender.send(sender.size)

    began = time.monotonic()
    with ThreadPoolExecutor(len(addresses)) as threads:
        list(threads.map(send, addresses))
    print(time.monotonic() - began)


if __name__ == "__main__":
    number, given, path, speed, *wanted = sys.argv[1:]
    main(int(number), given, Path(path), pace=float(speed), addresses=wanted)
