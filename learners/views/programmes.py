"""'My programmes': how far somebody is, course by course."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learners import course_page, programme_page, programmes, subscriptions
from learners.models import Enrolment

PAGE_SIZE = 25


@require_safe
def my_programme_list(request: HttpRequest) -> HttpResponse:
    """All programmes of a learner, with how far they are."""
    mine = Enrolment.objects.for_user(request.user).filter(programme__isnull=False)
    mine = mine.select_related("programme__organisation").order_by("-pk")
    # a list: nobody follows so many programmes that counting them apart is worth a query
    page = Paginator(list(mine), PAGE_SIZE).get_page(request.GET.get("page"))
    progress = programmes.progress_of(list(page))
    rows = [(enrolment, progress[enrolment.pk]) for enrolment in page]
    return render(request, "learners/my_programme_list.html", {"page": page, "rows": rows})


@require_safe
def my_programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: its courses in order, what is expected in each, coach and term."""
    mine = Enrolment.objects.for_user(request.user).filter(programme__isnull=False)
    enrolment = get_object_or_404(mine.select_related("programme__organisation"), pk=pk)
    lines = programme_page.lines_of(enrolment, timezone.now())
    return render(
        request,
        "learners/my_programme_detail.html",
        {
            "enrolment": enrolment,
            "programme": enrolment.programme,
            "lines": lines,
            "progress": programme_page.progress(lines),
            "next_line": programme_page.next_line(lines),
            "coachings": enrolment.coachings.select_related("coach"),
            "proof": course_page.proof_section(enrolment),
            "access": subscriptions.access(request.user, enrolment.organisation),
        },
    )
