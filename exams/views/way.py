"""What a learner does on the way to their exam: apply, and read what their coach said."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe


@require_POST
def exam_apply(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    raise Http404


@require_safe
def exam_feedback(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    raise Http404
