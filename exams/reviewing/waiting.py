"""How much waits for who reviews: hand-ins and questions, since when, and how many are late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet, Value

from exams.models import Conversation, Work
from learners.models import NOT_FINAL, Membership, Role, User
from learners.people.roles import memberships_of

REVIEW = (Role.COACH, Role.BOARD)
HAND_INS, QUESTIONS = "hand-ins", "questions"
NOTHING = {"n": 0, "late": 0}
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
    """Return what waits for this person; one query, and none for who reviews nowhere."""
    mine = [one for one in memberships_of(user) if one.role in REVIEW]
    if not mine:
        return Waits()
    works = _counted(Work.objects.reviewed_by(user).waiting(), HAND_INS, "waits_since", _late(mine))
    asked = _counted(questions_for(user), QUESTIONS, "asked_at", Value(0))
    rows = {row["kind"]: row for row in works.union(asked, all=True)}
    hand_ins, questions = rows.get(HAND_INS, NOTHING), rows.get(QUESTIONS, NOTHING)
    since = min((row["since"] for row in rows.values() if row["since"]), default=None)
    return Waits(hand_ins["n"], questions["n"], since, hand_ins["late"])


def _counted(rows: QuerySet, kind: str, moment: str, late: Count | Value) -> QuerySet:
    """Return one row: of which kind, how many, since when, and how many are late."""
    grouped = rows.order_by().annotate(kind=Value(kind)).values("kind")
    return grouped.annotate(n=Count("pk"), since=Min(moment), late=late)


def _late(mine: Iterable[Membership]) -> Count:
    """Count what was to be reviewed before today, as each institution has it."""
    days: dict[int, date] = {one.organisation_id: one.organisation.today() for one in mine}
    is_late = Q()
    for institution, today in days.items():
        is_late |= Q(**{WHERE: institution, "expected_on__lt": today})
    return Count("pk", filter=is_late)
