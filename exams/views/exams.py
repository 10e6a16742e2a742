"""The exam as its learner opens and reads it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe


@require_safe
def exam_detail(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    raise Http404


@require_POST
def exam_start(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    raise Http404


@require_safe
def instruction_detail(
    request: HttpRequest, enrolment_pk: int, part_pk: int, number: int
) -> HttpResponse:
    raise Http404
