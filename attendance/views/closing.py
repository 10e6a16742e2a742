"""Closing a register by hand, and opening one again: what is missing is said first."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.forms import ReopenForm
from attendance.marking import registers
from attendance.register import closing
from learners.models import Role, Run
from learners.people.roles import role_required
from learners.telling.days import day


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def register_close(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Close a register: GET says what is still unrecorded, POST does it."""
    run = _run(request, run_pk)
    if not closing.is_open(run):
        return redirect("attendance:run_register", run.pk)
    if request.method != "POST":
        context = {
            "run": run,
            "course": run.course,
            "open": closing.what_is_open(run, request.user),
        }
        return render(request, "attendance/register/register_close.html", context)
    try:
        closing.close_register(run=run, by=request.user)
    except closing.ClosingRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The register is closed."))
    return redirect("attendance:run_register", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.TEACHER)
def register_reopen(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Open a closed register again; only for administrators, with a reason and a last day."""
    if not request.user.is_staff:
        raise PermissionDenied
    run = _run(request, run_pk)
    if closing.is_open(run):
        return redirect("attendance:run_register", run.pk)
    form = ReopenForm(request.POST or None, today=run.course.organisation.today())
    if request.method == "POST" and form.is_valid():
        closing.reopen_register(run=run, by=request.user, **form.cleaned_data)
        said = _("The register is open until %(day)s, that day included.")
        messages.success(request, said % {"day": day(form.cleaned_data["until"])})
        return redirect("attendance:run_register", run.pk)
    context = {"run": run, "course": run.course, "form": form}
    return render(request, "attendance/register/register_reopen.html", context)


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(registers.runs_for(request.user), pk=pk)
