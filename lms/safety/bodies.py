"""How large what somebody sends may be, asked before it is read, as reading writes it to the disk.

The token against forgery is looked for in the form, so that without this anybody's form would be
read, whole, before a view could refuse it.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from learners.files.keeping import MAX_MATERIAL, MEGABYTE
from lms.running.channels import FROM_ANYBODY

FORM_AROUND = 10 * MEGABYTE
LARGEST = MAX_MATERIAL + FORM_AROUND


def most_bytes(environ: dict[str, Any]) -> int:
    """Return how much may come in, of which the headers are there; for the web server to ask."""
    close_old_connections()
    request = WSGIRequest(environ)
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    return most_of(auth.get_user(request))


def most_of(user: AbstractBaseUser | AnonymousUser) -> int:
    """Return how many bytes somebody may send at once."""
    return LARGEST if user.is_authenticated else FROM_ANYBODY


class BodyLimitMiddleware:
    """What says that it is larger than its sender may send is refused, and none of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length <= FROM_ANYBODY or length <= (most := most_of(request.user)):
            return self.get_response(request)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return render(request, "413.html", {"most": most}, status=status)


def _length(request: HttpRequest) -> int:
    """Return how long the body says to be; what says nothing, Django does not read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
