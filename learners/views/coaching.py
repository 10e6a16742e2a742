"""'My learners': the people whom somebody coaches, and how far each is."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learners import coaching, programme_page, programmes
from learners.forms import CoachedFilter
from learners.models import Enrolment, Role
from learners.roles import role_required

PAGE_SIZE = 25


@require_safe
@role_required(Role.COACH)
def coached_list(request: HttpRequest) -> HttpResponse:
    """The people whom I coach or stand in for, with how far they are and what comes next."""
    form = CoachedFilter(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    found = coaching.list_coached(request.user, text=text, now=timezone.now())
    # a list: nobody coaches so many people that counting them apart is worth a query
    page = Paginator(list(found), PAGE_SIZE).get_page(request.GET.get("page"))
    progress = programmes.progress_of(list(page))
    rows = [(each, progress[each.pk], coaching.said_of_programme(each)) for each in page]
    return render(
        request,
        "learners/coached_list.html",
        {"form": form, "page": page, "rows": rows, "is_filtered": form.has_changed()},
    )


@require_safe
@role_required(Role.COACH)
def coached_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme of somebody whom I coach: its courses in order, and where they stand."""
    now = timezone.now()
    coached = Enrolment.objects.coached_by(request.user)
    enrolment = get_object_or_404(
        coached.select_related("learner", "programme__organisation"), pk=pk
    )
    lines = programme_page.lines_of(enrolment, now)
    return render(
        request,
        "learners/coached_detail.html",
        {
            "enrolment": enrolment,
            "programme": enrolment.programme,
            "rows": [(line, coaching.said_of_course(line.enrolment, now)) for line in lines],
            "progress": programme_page.progress(lines),
            "coachings": enrolment.coachings.select_related("coach"),
        },
    )
