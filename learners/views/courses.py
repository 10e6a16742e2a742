"""'My courses': all of them, with their states and what is expected now."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learners.forms import CourseFilter
from learners.models import DONE, NOT_FINAL, Enrolment
from learners.models.enrolment import EnrolmentQuerySet
from learners.studying import whose_turn

PAGE_SIZE = 25

IN_STATE = {
    "open": Q(status__in=sorted(NOT_FINAL), archived_at=None),
    "done": Q(status__in=sorted(DONE), archived_at=None),
    "ended": ~Q(status__in=sorted(NOT_FINAL | DONE)) & Q(archived_at=None),
    "archived": Q(archived_at__isnull=False),
}
UNDER_WAY_FIRST = Case(
    When(IN_STATE["open"], then=Value(0)),
    When(IN_STATE["archived"], then=Value(2)),
    default=Value(1),
    output_field=IntegerField(),
)
IN_ORDER: dict[str, list[str | Combinable]] = {
    "newest": ["-created_at", "-pk"],
    "title": ["course__title_nl", "-pk"],
    "term": [F("term_ends_on").asc(nulls_last=True), "-pk"],
}


@require_safe
def my_course_list(request: HttpRequest) -> HttpResponse:
    """All courses of a learner, each with one sentence of what is expected now."""
    now = timezone.now()
    form = CourseFilter(request.GET)
    mine = Enrolment.objects.for_user(request.user).filter(course__isnull=False)
    page = Paginator(_filtered(mine, form, now), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(enrolment, whose_turn.expected(enrolment, now)) for enrolment in page]
    return render(
        request,
        "learners/pages/my_course_list.html",
        {"form": form, "page": page, "rows": rows, "is_filtered": form.has_changed()},
    )


def _filtered(mine: EnrolmentQuerySet, form: CourseFilter, now: datetime) -> EnrolmentQuerySet:
    wanted = form.cleaned_data if form.is_valid() else {}
    if text := wanted.get("text"):
        mine = mine.filter(
            Q(course__title_nl__icontains=text)
            | Q(course__title_en__icontains=text)
            | Q(course__code__istartswith=text)
        )
    if state := wanted.get("state"):
        mine = mine.filter(IN_STATE[state])
    first: list[str | Combinable] = [UNDER_WAY_FIRST, "-pk"]
    order = IN_ORDER.get(wanted.get("sort", ""), first)
    return whose_turn.prepared(mine, now).order_by(*order)
