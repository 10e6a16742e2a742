"""What waits for a coach."""

from django.http import Http404, HttpRequest, HttpResponse


def review_list(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
