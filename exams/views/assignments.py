"""Making an assignment: what it asks, the answer, what was said of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from exams.assignments import standing
from exams.pages import answering
from learners.models import Enrolment


@require_safe
def assignment_detail(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """One assignment of a programme that somebody follows, and their answer."""
    mine = Enrolment.objects.for_user(request.user)
    related = mine.select_related("learner", "programme__organisation")
    enrolment = get_object_or_404(related, pk=enrolment_pk)
    asked = standing.of(enrolment).asked_of(pk)
    if asked is None:
        raise Http404
    shown = answering.of(request.user, enrolment, asked)
    return render(request, "exams/assignments/assignment_detail.html", {"answering": shown})


def assignment_say(request: HttpRequest, **kwargs: int) -> HttpResponse:
    raise Http404
