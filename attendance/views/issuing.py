"""Issuing what is held, before the last meeting ends or in spite of an absence: asked first."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from attendance.marking import registers, what_follows
from attendance.models import RegisterSaving
from learners.models import Role, StudyStatus, StudyStatusChange
from learners.people.roles import role_required
from learners.studying import outbox


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def saving_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue now what this saving completed."""
    mine = RegisterSaving.objects.for_user(request.user)
    saving = get_object_or_404(mine.select_related("run__course__organisation"), pk=pk)
    found = what_follows.of_saving(saving)
    waiting = [*found.held, *found.coming, *found.asked]
    back = reverse("attendance:saving_detail", args=[saving.pk])
    return _issue(request, saving.run, waiting, back)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def participant_issue(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    """Issue the certificate of one participant, which is held."""
    run = get_object_or_404(registers.runs_for(request.user), pk=run_pk)
    enrolment = get_object_or_404(registers.participants_of(run), pk=pk)
    waiting = StudyStatusChange.objects.waiting().filter(
        enrolment=enrolment, to_status=StudyStatus.COMPLETED
    )
    back = reverse("attendance:run_register", args=[run.pk])
    return _issue(request, run, list(waiting.select_related("enrolment__learner")), back)


def _issue(
    request: HttpRequest, run: object, waiting: Sequence[StudyStatusChange], back: str
) -> HttpResponse:
    """Ask, then issue; what was handled meanwhile is passed over."""
    if request.method != "POST" and waiting:
        context = {"run": run, "course": run.course, "waiting": waiting, "back_url": back}  # type: ignore[attr-defined]
        return render(request, "attendance/saving/issue.html", context)
    count = outbox.issue_now(changes=waiting, by=request.user) if request.method == "POST" else 0
    text = ngettext(
        "%(n)d certificate is being made now.", "%(n)d certificates are being made now.", count
    )
    messages.success(request, text % {"n": count})
    return redirect(back)
