"""Spreadsheets that are sent to be kept."""

from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(name: str, file: IO[bytes]) -> HttpResponseBase:
    """Send a workbook as a file to keep."""
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def csv_response(name: str, lines: Iterator[str]) -> HttpResponseBase:
    """Send lines of CSV, as they are made, as a file to keep."""
    sent = StreamingHttpResponse(lines, content_type="text/csv")
    sent.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    return sent
