"""The web server with little patience, and a small application, for tests of connections."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lms.running import channels
from lms.running.web import Worker

__all__ = ["Worker", "application"]

MEGABYTE = 1024 * 1024
PATIENCE = float(os.environ.get("PATIENCE", "1"))  # seconds
channels.FOR_HEADERS = channels.FOR_A_START = channels.FOR_READING = PATIENCE
channels.AFTER_REFUSING = 0.5


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Say who answers and how much came; or send much, or never answer, as the path says."""
    if int(environ.get("CONTENT_LENGTH") or 0) > max(MEGABYTE, most_bytes(environ)):
        start_response("413 Content Too Large", [("Content-Length", "7")])
        return [b"refused"]
    if environ["PATH_INFO"] == "/stuck":
        time.sleep(600)
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", [])
        return (bytes(4096) for _piece in range(20 * MEGABYTE // 4096))
    if environ["PATH_INFO"] == "/file":
        start_response("200 OK", [("Content-Length", str(100 * MEGABYTE))])
        return environ["wsgi.file_wrapper"](Path(os.environ["LARGE_FILE"]).open("rb"))
    body = f"{os.getpid()} {len(environ['wsgi.input'].read())}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def most_bytes(environ: dict[str, Any]) -> int:
    """Who brings a key may send two megabytes."""
    return 2 * MEGABYTE if environ.get("HTTP_COOKIE") == "key" else 0


application.most_bytes = most_bytes  # type: ignore[attr-defined]
