"""Exempting somebody from an assignment."""

from django.http import Http404, HttpRequest, HttpResponse


def assignment_exempt(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def assignment_exemption_end(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
