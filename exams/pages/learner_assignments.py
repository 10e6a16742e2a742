"""The assignments of one person, as whoever coaches them or looks after them sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from exams.assignments.standing import Asked, Standing
from exams.models import HandIn, Theme, WorkState

OF_A_CARD = 6
URGENCY = (
    WorkState.HANDED_IN,
    WorkState.SENT_BACK,
    WorkState.TO_DO,
    WorkState.APPROVED,
    WorkState.DONE,
    WorkState.EXEMPT,
)


@dataclass(frozen=True)
class Line:
    """An assignment of somebody, and when they last handed it in, where that is read."""

    asked: Asked
    last_at: datetime | None = None


def by_theme(stands: Standing) -> list[tuple[Theme, Sequence[Line]]]:
    """Return all that is asked, under its themes; one query."""
    newest = HandIn.objects.filter(work__enrolment=stands.enrolment, number=F("work__number"))
    last = dict(newest.order_by().values_list("work", "handed_in_at"))
    return [
        (each.theme, [Line(one, last.get(one.work.pk) if one.work else None) for one in asked])
        for each in stands.themes
        if (asked := each.assignments)
    ]


def first_for_coach(stands: Standing) -> list[Line]:
    """Return what asks most for a coach's attention."""
    ordered = sorted(stands.asked, key=lambda one: URGENCY.index(one.state))
    return [Line(one) for one in ordered[:OF_A_CARD]]
