"""What somebody sees when a page could not be made: in their language, with what they sent."""

import sqlite3
import sys

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation

from lms.running import logs

BUSY_FOR = 10  # seconds after which it is worth another try


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for what broke: 503 where the database is away or busy, which passes; else 500.

    What was posted can be sent once more, past the same checks. Neither page asks the database: the
    language is the person's own where it was known before it broke, else the browser's.
    """
    known = getattr(request, "LANGUAGE_CODE", "")
    with translation.override(known or translation.get_language_from_request(request)):
        if not passes(sys.exception()):
            page = get_template("500.html").render({"request_id": logs.request_id()})
            return HttpResponse(page, status=500)
        context = {"address": request.get_full_path(), "sent": sent(request)}
        page = get_template("503.html").render(context)
    return HttpResponse(page, status=503, headers={"Retry-After": str(BUSY_FOR)})


def passes(error: BaseException | None) -> bool:
    """Whether trying again helps: somebody else writes for long, or the database restarts."""
    return isinstance(error, OperationalError | InterfaceError) and not _is_wrong_sql(error)


def _is_wrong_sql(error: Error) -> bool:
    """SQLite calls a missing table an operational error as well."""
    return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a form to send once more; none where a file would be lacking, or a
    password would stand in the page."""
    is_secret = any("password" in name for name in request.POST)
    if request.method != "POST" or request.FILES or is_secret:
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]
