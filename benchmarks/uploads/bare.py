"""An application without a framework that reads pieces and writes them to the disk: the floor.

It stands alone, as the server loads it from this folder.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

PIECE, HUGE = 64 * 1024, 1024**3


def application(environ: dict[str, Any], start_response: Callable) -> list[bytes]:
    """Write a body after those that came before, so that it outlives a power cut."""
    left = int(environ.get("CONTENT_LENGTH") or 0)
    with (Path(tempfile.gettempdir()) / environ["PATH_INFO"].strip("/")).open("ab") as file:
        while left > 0 and (piece := environ["wsgi.input"].read(min(PIECE, left))):
            file.write(piece)
            left -= len(piece)
        file.flush()
        os.fsync(file.fileno())
        there = str(file.tell())
    is_asked = environ["REQUEST_METHOD"] == "HEAD"
    start_response("200 OK" if is_asked else "204 No Content", [("Upload-Offset", there)])
    return []


application.most_bytes = lambda _environ: HUGE  # type: ignore[attr-defined]
