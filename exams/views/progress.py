"""How far the people are whom somebody coaches."""

from django.http import Http404, HttpRequest, HttpResponse


def progress_list(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def programme_progress(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def progress_file(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def learner_assignments(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
