"""Sending a stored file so that a browser shows what is safe to show, and runs nothing."""

import re
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from learners.files.file_kinds import FILMS, PDF, SHOWN_INLINE, SOUNDS
from learners.models import StoredFile

PIECE = 64 * 1024
MOST_IN_MEMORY = 1024 * 1024  # of a part that came from a bucket
# Whatever is in a file, it may do nothing where it is shown. The reader of PDFs that Chromium has
# built in does not work in a sandbox; it has one of its own.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'"
SANDBOX = f"sandbox; {NOTHING}; img-src 'self'; media-src 'self'"
PDF_READER = f"{NOTHING}; object-src 'self'; style-src 'self'"
IN_NO_FRAME, IN_OUR_FRAME = "frame-ancestors 'none'", "frame-ancestors 'self'"
# Who plays a film asks for all that follows, and often looks elsewhere before it has come.
PLAYED = frozenset(kind.mime for kind in (*FILMS, *SOUNDS))
MOST_AT_ONCE = 4 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def response_for(
    request: HttpRequest, stored: StoredFile, *, frame: str = IN_NO_FRAME
) -> HttpResponseBase:
    """Return the file: inline where browsers show its kind safely, else as an attachment. A film
    can be asked for in parts, as players do. Raises `Http404` for one that may harm."""
    if stored.is_infected:
        raise Http404
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    is_inline = stored.kind in SHOWN_INLINE
    span = _span(asked, stored) if asked else None
    if asked and span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
    content = stored.open()
    if span:
        response = _part(content, span, stored)
    else:
        response = FileResponse(content, content_type=stored.kind)
    response.headers["Content-Disposition"] = (
        content_disposition_header(not is_inline, stored.name) or "attachment"
    )
    response.headers["Content-Length"] = str(span[1] - span[0] + 1 if span else stored.size)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    is_pdf = stored.kind == PDF.mime
    response.headers["Content-Security-Policy"] = f"{PDF_READER if is_pdf else SANDBOX}; {frame}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _span(asked: re.Match[str], stored: StoredFile) -> tuple[int, int] | None:
    """Return the first and the last byte to send; None where there are none such."""
    first, last = asked.groups()
    size = stored.size
    if first and not last and stored.kind in PLAYED:
        last = str(int(first) + MOST_AT_ONCE - 1)
    if not first:
        begin, end = max(0, size - int(last or 0)), size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin <= end and begin < size else None


def _part(content: File, span: tuple[int, int], stored: StoredFile) -> FileResponse:
    begin, end = span
    part = _fetched(content, begin, end) or Part(content, begin, end - begin + 1)
    response = FileResponse(part, status=206, content_type=stored.kind)
    response.headers["Content-Range"] = f"bytes {begin}-{end}/{stored.size}"
    return response


def _fetched(content: File, begin: int, end: int) -> IO[bytes] | None:
    """Return a part of a file in a bucket, of which only that part travels, as fast as the bucket
    gives it: whoever reads it slowly keeps nobody waiting. None for a file that is not in one."""
    in_bucket = getattr(content, "obj", None)
    if in_bucket is None:
        return None
    kept = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115  # the response closes it
    with content:
        for piece in in_bucket.get(Range=f"bytes={begin}-{end}")["Body"].iter_chunks(PIECE):
            kept.write(piece)
    kept.seek(0)
    return kept


class Part(RawIOBase):
    """A part of a file, which is read as a file is, so that a web server can send it by itself."""

    def __init__(self, whole: File, begin: int, size: int) -> None:
        self.whole, self.begin, self.size, self.at = whole, begin, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self.at = offset + {SEEK_SET: 0, SEEK_CUR: self.at, SEEK_END: self.size}[whence]
        return self.at

    def readinto(self, buffer: Any) -> int:
        self.whole.seek(self.begin + self.at)
        piece = self.whole.read(max(0, min(len(buffer), self.size - self.at)))
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)

    def close(self) -> None:
        self.whole.close()
        super().close()
