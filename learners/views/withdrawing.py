"""Withdrawing by the learner: the consequence first, then the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners import withdrawing
from learners.models import Actor, Enrolment
from learners.study_status import RUNNING, StatusRefused
from learners.withdrawing import WithdrawalRefused


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw from a course or a programme: GET says what it will mean, POST does it."""
    mine = Enrolment.objects.for_user(request.user).select_related(
        "course__organisation", "programme__organisation"
    )
    enrolment = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        return _withdraw(request, enrolment)
    if enrolment.status not in RUNNING:
        return redirect(enrolment)
    today = enrolment.organisation.today()
    meaning = withdrawing.consequences(enrolment=enrolment, notified_on=today)
    context = {"enrolment": enrolment, "meaning": meaning, "own": meaning[0], "parts": meaning[1:]}
    return render(request, "learners/withdraw.html", context)


def _withdraw(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:500]
    today = enrolment.organisation.today()
    try:
        withdrawing.withdraw(
            enrolment=enrolment,
            by=request.user,
            actor=Actor.LEARNER,
            notified_on=today,
            reason=reason,
        )
    except (WithdrawalRefused, StatusRefused) as refused:
        messages.error(request, str(refused))
        return redirect("learners:withdraw", pk=enrolment.pk)
    said = _("You withdrew from “%(title)s”.") % {"title": enrolment.subject.title}
    messages.success(request, said)
    return redirect(enrolment)
