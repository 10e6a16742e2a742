"""An application without a framework, so that what is measured is the server.

It stands alone, as every server loads it from this folder.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PIECE, HUGE = 64 * 1024, 1024**3
WORK = 60_000  # rounds: some five milliseconds of the processor, as a small page takes


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Answer a page, a file, or what a body was; anything else is refused unread."""
    path = environ["PATH_INFO"]
    if path == "/file":
        return sent_file(environ, start_response)
    if path == "/page":
        return answer(start_response, page())
    if path == "/piece":
        return answer(start_response, read(environ))
    if path == "/livez":
        return answer(start_response, b"alive")
    return answer(start_response, b"no", "413 Content Too Large")


def answer(start_response: Callable, body: bytes, status: str = "200 OK") -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def page() -> bytes:
    """Work for a while, and return twenty kilobytes."""
    number = 0
    for step in range(WORK):
        number = (number * 31 + step) & 0xFFFFFFFF
    return f"{number:010}".encode() * 2000


def read(environ: dict[str, Any]) -> bytes:
    """Read a body piece by piece, as the endpoint of an upload does."""
    left, found = int(environ.get("CONTENT_LENGTH") or 0), hashlib.sha256()
    while left > 0 and (piece := environ["wsgi.input"].read(min(PIECE, left))):
        found.update(piece)
        left -= len(piece)
    return found.hexdigest().encode()


def sent_file(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    file = Path(os.environ["BENCH_FILE"])
    length = ("Content-Length", str(file.stat().st_size))
    start_response("200 OK", [("Content-Type", "application/octet-stream"), length])
    opened = file.open("rb")
    wrapper = environ.get("wsgi.file_wrapper")
    return wrapper(opened, PIECE) if wrapper else iter(lambda: opened.read(PIECE), b"")


# Only the server that was chosen asks.
application.most_bytes = lambda environ: HUGE * (environ["PATH_INFO"] == "/piece")  # type: ignore
