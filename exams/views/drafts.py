"""Keeping a draft as it is typed."""

from django.http import Http404, HttpRequest, HttpResponse


def draft_keep(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def draft_copy_take(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def draft_copy_forget(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def draft_file_remove(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
