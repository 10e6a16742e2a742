"""After saving: what was saved, what happens next, and the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attendance.marking import confirmations, registers, what_follows
from attendance.models import RegisterSaving
from attendance.register import resolving, undoing
from attendance.register.savings import RegisterRefused
from learners.models import Role
from learners.people.roles import role_required


@require_safe
@never_cache
@role_required(Role.TEACHER)
def saving_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved, for whom and for which meetings, and what happens when."""
    saving = _saving(request, pk)
    context = {
        "saving": saving,
        "run": saving.run,
        "course": saving.run.course,
        "confirmation": confirmations.read(saving),
        "progress": what_follows.of_saving(saving),
        "may_undo": saving.undone_at is None and registers.may_write(saving.run, request.user),
    }
    return render(request, "attendance/saving/saving.html", context)


@require_safe
@never_cache
@role_required(Role.TEACHER)
def saving_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of that page that changes by itself, until the certificates are ready."""
    saving = _saving(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("attendance:saving_detail", saving.pk)
    context = {"saving": saving, "progress": what_follows.of_saving(saving)}
    return render(request, "attendance/saving/_saving_progress.html", context)


@require_POST
@role_required(Role.TEACHER)
def saving_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back; where a certificate is out already, only after saying so."""
    saving = _saving(request, pk)
    issued = what_follows.of_saving(saving).certificates
    if issued and "confirmed" not in request.POST:
        context = {"saving": saving, "run": saving.run, "certificates": issued}
        return render(request, "attendance/saving/saving_undo.html", context)
    try:
        undone = undoing.undo_saving(saving=saving, by=request.user)
    except undoing.UndoRefused as refused:
        messages.error(request, str(refused))
        return redirect("attendance:saving_detail", saving.pk)
    _say_undone(request, undone)
    return redirect("attendance:saving_detail", saving.pk)


@require_POST
@role_required(Role.TEACHER)
def saving_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about the cells that somebody else changed meanwhile."""
    saving = _saving(request, pk)
    numbers = range(len(saving.summary.get("differences", [])))
    mine = {number for number in numbers if request.POST.get(f"difference-{number}") == "mine"}
    try:
        made = resolving.settle(saving=saving, mine=mine, by=request.user)
    except RegisterRefused as refused:
        messages.error(request, str(refused))
        return redirect("attendance:saving_detail", saving.pk)
    messages.success(request, _("Your answer is saved."))
    return redirect("attendance:saving_detail", (made or saving).pk)


def _say_undone(request: HttpRequest, undone: undoing.Undone) -> None:
    messages.success(request, _("It is undone: everything is as it was before."))
    if undone.left:
        text = ngettext(
            "%(n)d cell stays as it is, because somebody changed it since.",
            "%(n)d cells stay as they are, because somebody changed them since.",
            undone.left,
        )
        messages.warning(request, text % {"n": undone.left})


def _saving(request: HttpRequest, pk: int) -> RegisterSaving:
    mine = RegisterSaving.objects.for_user(request.user)
    return get_object_or_404(mine.select_related("run__course__organisation", "by"), pk=pk)
