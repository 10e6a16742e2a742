"""How much waits for who reviews: hand-ins and questions, since when, and how many are late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet

from exams.models import Conversation, Work
from learners.models import NOT_FINAL, Membership, Role, User
from learners.people.roles import memberships_of

REVIEW = (Role.COACH, Role.BOARD)
WHERE = "enrolment__programme__organisation"


@dataclass(frozen=True)
class Waits:
    """What waits for one person."""

    hand_ins: int = 0
    questions: int = 0
    since: datetime | None = None
    late: int = 0

    @property
    def number(self) -> int:
        """How much waits in all."""
        return self.hand_ins + self.questions


def questions_for(user: User) -> QuerySet[Conversation]:
    """Keep the conversations in which a learner waits for an answer of this person."""
    mine = Work.objects.reviewed_by(user).filter(
        enrolment__status__in=sorted(NOT_FINAL), enrolment__archived_at=None
    )
    return Conversation.objects.filter(asked_at__isnull=False, work__in=mine.values("pk"))


def of(user: User) -> Waits:
    """Return what waits for this person; two queries, and none for who reviews nowhere."""
    mine = [one for one in memberships_of(user) if one.role in REVIEW]
    if not mine:
        return Waits()
    works = Work.objects.reviewed_by(user).waiting().order_by()
    hand_ins = works.aggregate(n=Count("pk"), since=Min("waits_since"), late=_late(mine))
    asked = questions_for(user).order_by().aggregate(n=Count("pk"), since=Min("asked_at"))
    moments = [one["since"] for one in (hand_ins, asked) if one["since"]]
    since = min(moments, default=None)
    return Waits(hand_ins["n"], asked["n"], since, hand_ins["late"])


def _late(mine: Iterable[Membership]) -> Count:
    """Count what was to be reviewed before today, as each institution has it."""
    days: dict[int, date] = {one.organisation_id: one.organisation.today() for one in mine}
    is_late = Q()
    for institution, today in days.items():
        is_late |= Q(**{WHERE: institution, "expected_on__lt": today})
    return Count("pk", filter=is_late)
