"""'My learners': the people whom somebody coaches, and how far each is."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learners.models import Role
from learners.pages import coaching
from learners.pages.filters import CoachedFilter
from learners.people.roles import role_required
from learners.studying import programmes

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
    now = timezone.now()
    rows = [
        (each, progress[each.pk], coaching.said_of_programme(each), coaching.worries(each, now))
        for each in page
    ]
    return render(
        request,
        "learners/pages/coached_list.html",
        {
            "form": form,
            "page": page,
            "rows": rows,
            "is_filtered": form.has_changed(),
            "coaches": coaching.coaches(request.user),
        },
    )
