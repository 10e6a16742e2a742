"""What every answer says to the browser about safety, and how many forms one sender may send."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from learners.limits import Limit, client_network

logger = logging.getLogger(__name__)

MINUTE = 60  # seconds
REPORTS = "/csp-report/"  # which browsers send by themselves, and has a limit of its own
CHANGING = frozenset({"POST", "PUT", "DELETE"})  # a PATCH is a piece of a file, of which many come
# What no page of ours needs of a device; pages copy a link when somebody asks for it, and keep a
# screen on while a film is made smaller.
PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=()"
            for name in (
                *("accelerometer", "autoplay", "browsing-topics", "camera"),
                *("display-capture", "geolocation", "gyroscope", "hid", "magnetometer"),
                *("microphone", "midi", "payment", "serial", "usb"),
            )
        ),
        "clipboard-write=(self)",
        "fullscreen=(self)",
        "screen-wake-lock=(self)",
    ]
)
HEADERS = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Reporting-Endpoints": f'csp="{REPORTS}"',
}

Answer = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """Headers that no library of ours sets, on every answer, a file of the face included."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class PersonalPagesMiddleware:
    """What was made for somebody is kept by no browser: after signing out, 'back' shows nothing."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class FormLimitMiddleware:
    """Nobody sends more forms in a minute than people do; it costs no query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_form = request.method in CHANGING and request.path != REPORTS
        if is_form and not _may_send(request):
            logger.warning("more forms than people send")
            return too_many(request)
        return self.get_response(request)


def too_many(request: HttpRequest, *, wait: int = MINUTE) -> HttpResponse:
    """Answer that somebody has to wait for so many seconds."""
    response = render(request, "429.html", {"minutes": -(-wait // MINUTE)}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _may_send(request: HttpRequest) -> bool:
    allowed = settings.FORMS_PER_MINUTE
    if not allowed:
        return True
    who = f"user-{request.user.pk}" if request.user.is_authenticated else client_network(request)
    return Limit("forms", allowed=allowed, window=MINUTE).takes(who)
