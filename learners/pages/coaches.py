"""The coaches of a programme as its page shows them, with who stands in for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from learners.models import Enrolment, StandIn, User


@dataclass(frozen=True)
class Coach:
    """Somebody who coaches, or whom an administrator named to stand in without dates; and who
    stands in for them now, until which day."""

    person: User
    stands_in: bool
    stand_in: str = ""
    until: date | None = None


def coaches_of(enrolment: Enrolment) -> list[Coach]:
    """Return who coaches somebody, and is at work, in a programme that was fetched with its
    institution: one query."""
    standing_in = StandIn.objects.running(timezone.now()).at_work()
    standing_in = standing_in.exclude(stand_in=enrolment.learner_id)
    here = standing_in.filter(coach=OuterRef("coach"), organisation=enrolment.organisation)
    rows = (
        enrolment.coachings.at_work()
        .select_related("coach")
        .annotate(
            stand_in=Subquery(here.values("stand_in__name")[:1]),
            until=Subquery(here.values("ends_at")[:1]),
        )
    )
    return [
        Coach(row.coach, row.stands_in, row.stand_in or "", _last_day(enrolment, row.until))
        for row in rows.order_by("pk")
    ]


def _last_day(enrolment: Enrolment, ends_at: datetime | None) -> date | None:
    if ends_at is None:
        return None
    return enrolment.organisation.day_of(ends_at - timedelta(microseconds=1))
