"""Drawing and assessing samples, as a coach does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe


@require_POST
def sample_draw(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


@require_safe
def sample_detail(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


@require_POST
def sample_judge(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    raise Http404


@require_POST
def sample_decide(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
