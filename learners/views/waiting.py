"""Waiting for a place in a full run: joining the list, and leaving it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learners.catalogue import on_offer
from learners.enrolling import waiting_lists, withdrawing
from learners.forms import LeaveForm
from learners.hooks.questions import Closing
from learners.models import Actor, Enrolment
from learners.studying import open_work
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.study_status import StatusRefused
from learners.views.catalogue import enrolled


@require_POST
def run_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on the waiting list of a run, or get the place that became free meanwhile."""
    run = get_object_or_404(on_offer.runs_for(request.user, timezone.now()), pk=pk)
    try:
        enrolment = waiting_lists.enter_open(learner=request.user, run=run)
    except EnrolmentRefused as refused:
        messages.error(request, str(refused))
        return redirect("learners:run_enrol", pk=pk)
    return enrolled(request, enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a waiting list: stay in the course to choose another run, or withdraw from it."""
    mine = Enrolment.objects.for_user(request.user).filter(course__isnull=False)
    enrolment = get_object_or_404(mine.select_related("course__organisation", "part_of"), pk=pk)
    waits = waiting_lists.place_of(enrolment)
    if waits is None:
        return redirect(enrolment)
    form = LeaveForm(request.POST or None, initial={"then": LeaveForm.usual(enrolment)})
    if request.method == "POST" and form.is_valid():
        return _leave(request, enrolment, form.cleaned_data["then"])
    lines = open_work.of([enrolment], Closing.WITHDRAWING)
    context = {"enrolment": enrolment, "place": waits, "run": waits.run, "form": form}
    return render(request, "learners/enrolling/waiting_leave.html", {**context, "open_work": lines})


def _leave(request: HttpRequest, enrolment: Enrolment, then: str) -> HttpResponse:
    title = {"title": enrolment.subject.title}
    if then == LeaveForm.STAY:
        waiting_lists.leave(enrolment=enrolment, by=request.user)
        messages.success(request, _("You left the waiting list; choose another run."))
        return redirect("learners:run_choose", pk=enrolment.pk)
    today = enrolment.organisation.today()
    try:
        withdrawing.withdraw(
            enrolment=enrolment, by=request.user, actor=Actor.LEARNER, notified_on=today
        )
    except StatusRefused as refused:
        messages.error(request, str(refused))
        return redirect("learners:waiting_leave", pk=enrolment.pk)
    messages.success(request, _("You withdrew from “%(title)s”.") % title)
    return redirect(enrolment)
