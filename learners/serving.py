"""Sending a stored file so that a browser shows what is safe to show, and runs nothing."""

import re
from collections.abc import Iterator

from django.core.files import File
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

from learners.file_kinds import PDF, SHOWN_INLINE
from learners.models import StoredFile

PIECE = 64 * 1024
# Whatever is in a file, it may do nothing where it is shown. The reader of PDFs that Chromium has
# built in does not work in a sandbox; it has one of its own.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = f"sandbox; {NOTHING}; img-src 'self'; media-src 'self'"
PDF_READER = f"{NOTHING}; object-src 'self'; style-src 'self'"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def response_for(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Return the file: inline where browsers show its kind safely, else as an attachment. A film
    can be asked for in parts, as players do."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    is_inline = stored.kind in SHOWN_INLINE
    span = _span(asked, stored.size) if asked else None
    if asked and span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
    content = stored.content.open("rb")
    response: FileResponse | StreamingHttpResponse
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
    response.headers["Content-Security-Policy"] = PDF_READER if is_pdf else SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _span(asked: re.Match[str], size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that are asked for; None where there are no such."""
    first, last = asked.groups()
    if not first:
        begin, end = max(0, size - int(last or 0)), size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin <= end and begin < size else None


def _part(content: File, span: tuple[int, int], stored: StoredFile) -> StreamingHttpResponse:
    begin, end = span
    response = StreamingHttpResponse(
        _pieces(content, begin, end), status=206, content_type=stored.kind
    )
    response.headers["Content-Range"] = f"bytes {begin}-{end}/{stored.size}"
    return response


def _pieces(content: File, begin: int, end: int) -> Iterator[bytes]:
    with content:
        content.seek(begin)
        left = end - begin + 1
        while left > 0 and (piece := content.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
