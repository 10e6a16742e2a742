"""A learner's way to the exam, and releasing it, as a coach does."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from exams.pages import coached_way, releasing
from exams.releasing import releases
from exams.releasing.releases import LONGEST_REASON
from exams.releasing.states import ExamRefused
from exams.views.samples import theirs
from learners.models import Enrolment, Role
from learners.people.roles import role_required

coaches_and_board = role_required(Role.COACH, Role.BOARD)


class ReasonForm(forms.Form):
    """Why an exam is released early."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays with the exam; the examination board reads it."),
    )


@require_safe
@coaches_and_board
def learner_exam(request: HttpRequest, pk: int) -> HttpResponse:
    """Where somebody stands on the way to the exam, their samples, and what I can do about it."""
    enrolment = theirs(request, pk, to_act=False)
    found = coached_way.of(request.user, enrolment)
    lines = [(one, coached_way.line(one)) for one in found.samples]
    context = {"enrolment": enrolment, "page": found, "lines": lines}
    return render(request, "exams/releasing/learner_exam.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coaches_and_board
def exam_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is released and what holds from then on, and release it; early with a reason."""
    enrolment = theirs(request, pk, to_act=True)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _release(request, enrolment, form):
        return redirect("exams:learner_exam", pk=pk)
    page = releasing.of(enrolment)
    if page.way.attempt:
        return redirect("exams:learner_exam", pk=pk)
    context = {"enrolment": enrolment, "page": page, "form": form}
    return render(request, "exams/releasing/exam_release.html", context)


def _release(request: HttpRequest, enrolment: Enrolment, form: ReasonForm) -> bool:
    """Release the exam; what stands in the way is said beside the reason."""
    try:
        reason = form.cleaned_data["reason"]
        releases.release(enrolment=enrolment, by=request.user, reason=reason)
    except ExamRefused as refused:
        form.add_error("reason", str(refused))
        return False
    words = _("The exam is released. %(name)s has been told.")
    messages.success(request, words % {"name": enrolment.learner})
    return True
