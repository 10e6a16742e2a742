"""Each request in the language and the time zone of the person who asks, and answered in words."""

from collections.abc import Callable
from http import HTTPStatus
from zoneinfo import ZoneInfo

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation


class PersonalLanguageMiddleware:
    """A signed-in person's own language and time zone; for others the cookie or the browser.

    The log says from here on who asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        structlog.contextvars.bind_contextvars(user_id=user.pk)
        language = user.language if user.is_authenticated else ""
        zone = user.time_zone if user.is_authenticated else ""
        language = language or translation.get_language_from_request(request)
        with (
            translation.override(language),
            timezone.override(ZoneInfo(zone) if zone else None),
        ):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class NotAllowedMiddleware:
    """Who opens an address that only takes forms gets a page with a way on, not an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page.headers["Allow"] = response.headers["Allow"]
        return page
