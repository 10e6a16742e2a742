"""One participant of a register: who recorded what, and when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from attendance import histories, registers
from learners.models import Role
from learners.roles import role_required


@require_safe
@role_required(Role.TEACHER)
def participant_detail(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    """The history of every cell of one row of a register."""
    run = get_object_or_404(registers.runs_for(request.user), pk=run_pk)
    enrolment = get_object_or_404(registers.participants_of(run), pk=pk)
    context = {"run": run, "course": run.course, "history": histories.read(run, enrolment)}
    return render(request, "attendance/participant_detail.html", context)
