"""The exam as its learner opens and reads it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from exams.models import Attempt
from exams.pages import exam_reading
from exams.pages.exam_reading import ExamPage
from exams.releasing import releases
from exams.releasing.states import ExamRefused

READ_OR_SEND = ["GET", "HEAD", "POST"]  # who signed in again asks for where a form was sent


@require_safe
def exam_detail(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    """An exam that was released: its parts, how long they take, and the way to begin."""
    page = _page(request, enrolment_pk)
    return render(request, "exams/exam/exam_detail.html", {"page": page})


@require_http_methods(READ_OR_SEND)
def exam_start(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    """Start an exam, and go to the first page of its instruction; where it is closed, the page of
    the exam says why."""
    page = _page(request, enrolment_pk)
    assert page.attempt is not None, "of a learner"
    if request.method != "POST":
        return redirect(page.links.detail)
    try:
        releases.start(attempt=page.attempt, by=request.user)
    except ExamRefused:
        return redirect(page.links.detail)
    return redirect(page.first_url)


@require_safe
def instruction_detail(
    request: HttpRequest, enrolment_pk: int, part_pk: int, number: int
) -> HttpResponse:
    """A page of the instruction of a part that is open; of one that is not, the exam says why."""
    page = _page(request, enrolment_pk)
    try:
        reading = exam_reading.of_part(page, part_pk, number)
    except LookupError:
        raise Http404 from None
    if not page.opens(reading.part):
        return redirect(page.links.detail)
    context = {"page": page, "reading": reading}
    return render(request, "exams/exam/instruction_detail.html", context)


def _page(request: HttpRequest, enrolment_pk: int) -> ExamPage:
    try:
        return exam_reading.fetch(request.user, enrolment_pk)
    except Attempt.DoesNotExist:
        raise Http404 from None
