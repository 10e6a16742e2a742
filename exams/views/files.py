"""Files of drafts and hand-ins."""

from django.http import Http404, HttpRequest, HttpResponse


def draft_file(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def hand_in_file(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
