"""'My courses': all of them, with their states and what is expected now."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learners.models import Enrolment
from learners.pages import my_courses
from learners.pages.filters import CourseFilter
from learners.studying import reopening, whose_turn

PAGE_SIZE = 25


@require_safe
def my_course_list(request: HttpRequest) -> HttpResponse:
    """All courses of a learner, each with one sentence of what is expected now."""
    now = timezone.now()
    form = CourseFilter(request.GET)
    mine = Enrolment.objects.for_user(request.user).filter(course__isnull=False)
    page = Paginator(my_courses.filtered(mine, form, now), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    stands = [(enrolment, whose_turn.expected(enrolment, now)) for enrolment in page]
    rows = reopening.opened(request.user, stands)
    return render(
        request,
        "learners/pages/my_course_list.html",
        {"form": form, "page": page, "rows": rows, "is_filtered": form.has_changed()},
    )
