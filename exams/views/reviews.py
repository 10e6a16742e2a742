"""Reviewing what was handed in."""

from django.http import Http404, HttpRequest, HttpResponse


def review_detail(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def review_keep(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def review_give(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def remark_add(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def remark_remove(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def review_say(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404


def review_no_answer(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
