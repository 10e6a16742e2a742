"""My runs, and the shortest way to the register of the meeting that is on."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from attendance import teaching
from attendance.forms import Moment, RunFilterForm
from learners.models import Role
from learners.people.roles import role_required

PAGE_SIZE = 25


@require_safe
@role_required(Role.TEACHER)
def run_list(request: HttpRequest) -> HttpResponse:
    """The runs that I teach, with what is still unrecorded."""
    form = RunFilterForm(request.GET)
    form.is_valid()
    now = timezone.now()
    found = teaching.list_runs(
        request.user,
        text=form.cleaned_data.get("q", ""),
        moment=form.cleaned_data.get("when", ""),
        now=now,
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    runs = teaching.with_unrecorded(list(page), now=now)
    context = {
        "form": form,
        "page": page,
        "runs": runs,
        "is_filtered": form.has_changed(),
        "is_on_now": bool(teaching.meetings_now(request.user, now=now)),
    }
    return render(request, "attendance/teaching.html", context)


@require_safe
@role_required(Role.TEACHER)
def today(request: HttpRequest) -> HttpResponse:
    """Go to the register of the meeting that is on now; else list what somebody gives today."""
    now = timezone.now()
    meetings = teaching.meetings_now(request.user, now=now)
    if len(meetings) == 1:
        register = reverse("attendance:run_register", args=[meetings[0].run_id])
        return redirect(f"{register}?meeting={meetings[0].pk}")
    todays = teaching.meetings_today(request.user, now=now)
    if not todays and request.user.is_staff:  # who gives nothing, and sees all
        return redirect(f"{reverse('attendance:teaching')}?when={Moment.TODAY}")
    return render(request, "attendance/today.html", {"meetings": todays, "now": now})
