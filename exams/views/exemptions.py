"""Exempting somebody from an assignment, and ending that."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from exams.assignments import exempting, standing
from exams.assignments.standing import Asked, Standing
from exams.assignments.states import WorkRefused
from exams.pages import progress
from learners.models import Enrolment, Role
from learners.people.roles import role_required

RELATED = ("learner", "programme__organisation")


class ExemptForm(forms.Form):
    """On which ground somebody need not make an assignment."""

    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The learner reads it."),
    )


@dataclass(frozen=True)
class Chosen:
    """An assignment of somebody, and where they stand."""

    enrolment: Enrolment
    stands: Standing
    asked: Asked


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.BOARD)
def assignment_exempt(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """Say what an exemption does before it is given, and give it; of who is exempt, say since when
    and why, and what ending it does."""
    chosen = _chosen(request, pk, assignment_pk)
    form = ExemptForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _exempt(request, chosen, form):
        return redirect("exams:learner_assignments", pk=pk)
    context = {
        **vars(chosen),
        "exemption": exempting.standing_exemption(chosen.asked.work),
        "after": exempting.foreseen(chosen.stands, chosen.asked),
        "form": form,
    }
    return render(request, "exams/progress/assignment_exempt.html", context)


def _exempt(request: HttpRequest, chosen: Chosen, form: ExemptForm) -> bool:
    """Exempt whom was chosen; what stands in the way is said beside the ground."""
    try:
        exempting.exempt(
            enrolment=chosen.enrolment,
            assignment=chosen.asked.assignment,
            by=request.user,
            ground=form.cleaned_data["ground"],
        )
    except WorkRefused as refused:
        form.add_error("ground", str(refused))
        return False
    words = _("%(name)s is exempt from “%(title)s”, and has been told.")
    messages.success(request, words % _named(chosen))
    return True


@require_POST
@role_required(Role.BOARD)
def assignment_exemption_end(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """End an exemption: the assignment counts again as it was handed in and reviewed."""
    chosen = _chosen(request, pk, assignment_pk)
    exemption = exempting.standing_exemption(chosen.asked.work)
    if exemption is None:
        words = _("%(name)s is not exempt from “%(title)s”; nothing was changed.")
        messages.info(request, words % _named(chosen))
        return redirect("exams:learner_assignments", pk=pk)
    try:
        exempting.end(exemption=exemption, by=request.user)
        words = _("The exemption of %(name)s from “%(title)s” has ended, and they have been told.")
        messages.success(request, words % _named(chosen))
    except WorkRefused as refused:
        messages.error(request, str(refused))
    return redirect("exams:learner_assignments", pk=pk)


def _chosen(request: HttpRequest, pk: int, assignment_pk: int) -> Chosen:
    """Return an assignment of somebody at an institution of whose board the user is."""
    boards = progress.boards_of(request.user)
    theirs = Enrolment.objects.filter(programme__organisation__in=boards)
    theirs = theirs.exclude(learner=request.user.pk).select_related(*RELATED)
    enrolment = get_object_or_404(theirs, pk=pk)
    stands = standing.of(enrolment)
    asked = stands.asked_of(assignment_pk)
    if asked is None:
        raise Http404
    return Chosen(enrolment, stands, asked)


def _named(chosen: Chosen) -> dict[str, str]:
    return {"name": chosen.enrolment.learner.name, "title": chosen.asked.version.title}
