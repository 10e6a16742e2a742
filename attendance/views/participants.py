"""One participant of a register: who recorded what, and when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from attendance.marking import histories, registers
from learners.enrolling import withdrawing
from learners.models import Actor, Role
from learners.people.roles import role_required


@require_safe
@role_required(Role.TEACHER)
def participant_detail(request: HttpRequest, run_pk: int, pk: int) -> HttpResponse:
    """The history of every cell of one row of a register."""
    run = get_object_or_404(registers.runs_for(request.user), pk=run_pk)
    people = registers.participants_of(run).select_related("learner", "course__organisation")
    enrolment = get_object_or_404(people, pk=pk)
    actor = Actor.ADMINISTRATOR if request.user.is_staff else Actor.TEACHER
    context = {
        "run": run,
        "course": run.course,
        "history": histories.read(run, enrolment),
        "can_be_withdrawn": withdrawing.may_be_withdrawn(enrolment, run, actor),
    }
    return render(request, "attendance/marking/participant_detail.html", context)
