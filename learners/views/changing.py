"""Changing run by the learner: the other runs, then what it means, then the act."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.catalogue import on_offer
from learners.enrolling import changing
from learners.keys import key_in
from learners.models import Enrolment, Run
from learners.studying.new_enrolments import EnrolmentRefused


@require_http_methods(["GET", "HEAD", "POST"])
def run_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change to another run: GET shows them, GET with a run what it means, POST does it."""
    mine = Enrolment.objects.for_user(request.user).filter(course__isnull=False)
    enrolment = get_object_or_404(mine.select_related("course__organisation"), pk=pk)
    now, old = timezone.now(), changing.run_of(enrolment)
    if request.method == "POST":
        return _change(request, enrolment)
    if old is None or not changing.may_change(enrolment, old, now):
        return redirect(enrolment)
    others = on_offer.runs_to_choose(enrolment, now).exclude(pk=old.pk)
    context = {"enrolment": enrolment, "course": enrolment.course, "old": old}
    if new := _asked(request.GET.get("run", ""), others):
        meaning = changing.consequence(enrolment=enrolment, old=old, new=new)
        return render(
            request, "learners/enrolling/run_change_confirm.html", {**context, "meaning": meaning}
        )
    offers = on_offer.offers(others.prefetch_related("meetings"))
    return render(request, "learners/enrolling/run_change.html", {**context, "offers": offers})


def _asked(key: str, runs: QuerySet[Run]) -> Run | None:
    found = key_in(key)
    return None if found is None else on_offer.with_room(runs).filter(pk=found).first()


def _change(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    runs = on_offer.runs_to_choose(enrolment, timezone.now())
    key = key_in(request.POST.get("run", ""))
    run = None if key is None else runs.filter(pk=key).first()
    if run is None:
        messages.error(request, _("Choose one of these runs."))
        return redirect("learners:run_change", pk=enrolment.pk)
    try:
        changing.change_run(enrolment=enrolment, run=run, by=request.user)
    except EnrolmentRefused as refused:
        messages.error(request, str(refused))
        return redirect("learners:run_change", pk=enrolment.pk)
    messages.success(request, _("You changed to another run; its meetings are below."))
    return redirect(enrolment)
