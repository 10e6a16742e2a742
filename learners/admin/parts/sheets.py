"""Spreadsheets that are sent to be kept."""

from collections.abc import Callable, Iterator
from typing import IO

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_response(
    name: str, ending: str, *, xlsx: Callable[[], IO[bytes]], csv: Callable[[], Iterator[str]]
) -> HttpResponseBase:
    """Send a workbook, or lines of CSV as they are made, as a file to keep; the address says in its
    ending which."""
    match ending:
        case "xlsx":
            return FileResponse(
                xlsx(), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
            )
        case "csv":
            sent = StreamingHttpResponse(csv(), content_type="text/csv")
            disposition = content_disposition_header(True, f"{name}.csv")
            sent.headers["Content-Disposition"] = disposition or ""
            return sent
    raise Http404
