"""How much waits for who reviews: hand-ins and questions, since when, and how many are late."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Value
from django.utils import timezone

from exams.models import Work
from exams.reviewing import queues
from learners.models import Role, User
from learners.people.roles import memberships_of

REVIEW = (Role.COACH, Role.BOARD)
HAND_INS, QUESTIONS = "hand-ins", "questions"
NOTHING = {"n": 0, "late": 0}


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


def of(user: User) -> Waits:
    """Return what waits for this person; one query, and none for who reviews nowhere."""
    mine = [one for one in memberships_of(user) if one.role in REVIEW]
    if not mine:
        return Waits()
    institutions, now = {one.organisation for one in mine}, timezone.now()
    reviewed = Work.objects.reviewed_by(user)
    late = queues.late_reviews(institutions, now)
    works = _counted(reviewed.waiting(), HAND_INS, "waits_since", late)
    late = queues.late_answers(institutions, now)
    asked = _counted(reviewed.filter(queues.ASKED), QUESTIONS, "conversation__asked_at", late)
    rows = {row["kind"]: row for row in works.union(asked, all=True)}
    hand_ins, questions = rows.get(HAND_INS, NOTHING), rows.get(QUESTIONS, NOTHING)
    since = min((row["since"] for row in rows.values() if row["since"]), default=None)
    late_in_all = hand_ins["late"] + questions["late"]
    return Waits(hand_ins["n"], questions["n"], since, late_in_all)


def _counted(rows: QuerySet, kind: str, moment: str, late: Q) -> QuerySet:
    """Return one row: of which kind, how many, since when, and how many are late."""
    grouped = rows.order_by().annotate(kind=Value(kind)).values("kind")
    return grouped.annotate(n=Count("pk"), since=Min(moment), late=Count("pk", filter=late))
