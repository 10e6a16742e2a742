"""'My courses': in which states they stand, which are shown, and in which order."""

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from learners.models import DONE, NOT_FINAL
from learners.models.enrolment import EnrolmentQuerySet, followed
from learners.pages.filters import CourseFilter
from learners.studying import whose_turn

IN_STATE = {
    "open": followed(),
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


def filtered(mine: EnrolmentQuerySet, form: CourseFilter, now: datetime) -> EnrolmentQuerySet:
    """Keep the courses that are asked for, in their order, prepared to say whose turn it is."""
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
    mine = mine.select_related("part_of__programme__organisation")
    return whose_turn.prepared(mine, now).order_by(*order)
