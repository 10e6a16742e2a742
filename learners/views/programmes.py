"""'My programmes': how far somebody is, course by course."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learners.models import Enrolment
from learners.studying import programmes

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
    return render(request, "learners/pages/my_programme_list.html", {"page": page, "rows": rows})
