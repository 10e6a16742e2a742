"""Making an assignment: what it asks, the answer, what was said of it."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from exams.assignments import limits, works
from exams.assignments.states import WorkRefused
from exams.conversing import conversations
from exams.pages import answering, assignment
from exams.pages.assignment import AssignmentPage
from exams.pages.saying import SayForm

READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_safe
def assignment_detail(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """One assignment: what it asks, the answer, versions and feedback, and the conversation, of
    which is noted that it was read."""
    page = _page(request, enrolment_pk, pk)
    assignment.read(page, request.user)
    return _shown(request, page, SayForm.new())


@require_http_methods(READ_OR_SEND)
def assignment_say(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """Say something to who coaches one; sent twice, it is said once."""
    detail = reverse("exams:assignment_detail", args=[enrolment_pk, pk]) + "#conversation"
    if request.method != "POST":
        return redirect(detail)
    page = _page(request, enrolment_pk, pk)
    form = SayForm(request.POST)
    if not page.may_say:
        raise Http404
    if not form.is_valid():
        return _shown(request, page, form)
    try:
        work = works.begin(
            enrolment=page.enrolment, assignment=page.asked.assignment, by=request.user
        )
        limits.refuse_more_messages(by=request.user)
        conversations.say(work=work, by=request.user, **form.cleaned_data)
    except WorkRefused as refused:
        form.add_error("text", str(refused))
        return _shown(request, page, form)
    return redirect(detail)


def _page(request: HttpRequest, enrolment_pk: int, pk: int) -> AssignmentPage:
    try:
        return assignment.fetch(request.user, enrolment_pk, pk)
    except ObjectDoesNotExist:
        raise Http404 from None


def _shown(request: HttpRequest, page: AssignmentPage, form: SayForm) -> HttpResponse:
    context = {
        "page": page,
        "answering": answering.of(request.user, page.enrolment, page.asked, page.access),
        "form": form,
    }
    return render(request, "exams/assignments/assignment_detail.html", context)
