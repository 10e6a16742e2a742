"""Making an assignment: what it asks, the answer, what was said of it."""

from django.http import Http404, HttpRequest, HttpResponse


def assignment_detail(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def assignment_hand_in(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def assignment_say(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
