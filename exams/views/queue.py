"""What waits for a coach."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from exams.pages import queue
from learners.models import Role
from learners.people.roles import role_required

PAGE_SIZE = 25


@require_safe
@role_required(Role.COACH, Role.BOARD)
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for me, of all whom I coach, stand in for, or look after as the board."""
    form = queue.QueueFilter(request.GET, user=request.user)
    found = queue.found(request.user, form)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "exams/reviewing/review_list.html",
        {
            "form": form,
            "page": page,
            "rows": queue.rows_of(list(page), request.user),
            "is_filtered": form.has_changed(),
        },
    )
