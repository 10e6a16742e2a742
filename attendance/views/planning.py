"""Planning the meetings of a run: a preview with numbers first, then the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from attendance.planning import planning_pages
from attendance.planning.planning_forms import MeetingForm, SeriesForm
from learners.enrolling import waiting_lists
from learners.meetings import planning
from learners.models import Meeting, Role, Run
from learners.people.roles import role_required


@require_safe
@role_required(Role.TEACHER)
def run_meetings(request: HttpRequest, run_pk: int) -> HttpResponse:
    """The meetings of a run, with what can be done with each."""
    run = _run(request, run_pk)
    found = planning_pages.meetings_of(run, timezone.now())
    return render(request, "attendance/planning/run_meetings.html", {"run": run, "meetings": found})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def meeting_plan(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Plan one meeting or a series: GET shows all days with what clashes, POST plans them."""
    run = _run(request, run_pk)
    typed = request.POST or request.GET
    form = SeriesForm(typed or None, run=run)
    if request.method == "POST" and form.is_valid():
        return _plan(request, run, form)
    planned = planning_pages.preview(form) if form.is_bound and form.is_valid() else None
    context = {"run": run, "form": form, "planned": planned, "told": planning_pages.told(run)}
    zone = planning_pages.other_zone(run)
    return render(request, "attendance/planning/meeting_plan.html", {**context, "zone": zone})


def _plan(request: HttpRequest, run: Run, form: SeriesForm) -> HttpResponse:
    chosen = set(request.POST.getlist("slot"))
    slots = [slot for slot in form.slots if slot.begins_at.isoformat() in chosen]
    made = planning.plan_meetings(
        run=run,
        slots=slots,
        by=request.user,
        place=form.cleaned_data["place"],
        link=form.cleaned_data["link"],
        teachers=form.chosen,
    )
    said = ngettext("%(n)d meeting was planned.", "%(n)d meetings were planned.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("attendance:run_meetings", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def meeting_change(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    """Move a meeting, or let it be elsewhere or given by others; what people are told is asked."""
    run = _run(request, run_pk)
    meeting = _meeting(request, run, pk)
    form = MeetingForm(request.POST or None, meeting=meeting)
    context = {"run": run, "form": form, "zone": planning_pages.other_zone(run)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "attendance/planning/meeting_change.html", context)
    asked = planning_pages.question(form)
    if asked and "confirmed" not in request.POST:
        shown = None if "again" in request.POST else asked
        return render(
            request, "attendance/planning/meeting_change.html", {**context, "asked": shown}
        )
    _change(request, meeting, form)
    return redirect("attendance:run_meetings", run.pk)


def _change(request: HttpRequest, meeting: Meeting, form: MeetingForm) -> None:
    said = form.cleaned_data
    planning.change_meeting(
        meeting=meeting,
        slot=form.slot,
        place=said["place"],
        link=said["link"],
        teachers=form.chosen,
        by=request.user,
    )
    messages.success(request, _("The meeting was changed."))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def meeting_cancel(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    """Cancel a meeting: GET says how many people are told, POST does it."""
    run = _run(request, run_pk)
    meeting = _meeting(request, run, pk)
    if request.method != "POST":
        context = {"run": run, "meeting": meeting, "told": planning_pages.told(run)}
        return render(request, "attendance/planning/meeting_cancel.html", context)
    reason = request.POST.get("reason", "").strip()[:500]
    planning.cancel_meeting(meeting=meeting, by=request.user, reason=reason)
    messages.success(request, _("The meeting was cancelled."))
    return redirect("attendance:run_meetings", run.pk)


@require_safe
@role_required(Role.TEACHER)
def run_waiting(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Who waits for a place in a run, in the order in which they move up."""
    runs = Run.objects.taught_by(request.user).select_related("course__organisation")
    run = get_object_or_404(runs, pk=run_pk)
    context = {"run": run, "waiting": waiting_lists.of_run(run)}
    is_open = run.takes_learners(timezone.now())
    return render(request, "attendance/planning/run_waiting.html", {**context, "is_open": is_open})


def _run(request: HttpRequest, pk: int) -> Run:
    """Return a run of which this person plans the meetings."""
    runs = Run.objects.planned_by(request.user).select_related("course__organisation")
    return get_object_or_404(runs, pk=pk)


def _meeting(request: HttpRequest, run: Run, pk: int) -> Meeting:
    """Return a meeting that can still be changed: a teacher's before it begins; an administrator
    corrects what began too, as long as it goes on."""
    found = run.meetings.going_on().select_related("run__course__organisation")
    if not request.user.is_staff:
        found = found.filter(begins_at__gt=timezone.now())
    return get_object_or_404(found, pk=pk)
