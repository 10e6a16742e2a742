"""A learner's way to the exam, and releasing it, as a coach does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def learner_exam(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def exam_release(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
