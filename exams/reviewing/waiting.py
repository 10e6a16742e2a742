"""How much waits for who reviews: hand-ins and questions, since when, and how many are late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet, Value
from django.utils import timezone

from exams.models.work import WorkQuerySet
from exams.reviewing import queues
from exams.reviewing.queues import ASKED
from learners.models import Programme, User

PROGRAMME = "enrolment__programme"
OF_PROGRAMME = (PROGRAMME, f"{PROGRAMME}__title_nl", f"{PROGRAMME}__title_en")


@dataclass(frozen=True)
class Waits:
    """What waits for one person: so many works, of which a work with a question about it is one."""

    number: int = 0
    hand_ins: int = 0
    questions: int = 0
    since: datetime | None = None
    late: int = 0

    def __add__(self, other: "Waits") -> "Waits":
        """Return what waits in both together."""
        return Waits(
            self.number + other.number,
            self.hand_ins + other.hand_ins,
            self.questions + other.questions,
            min((one.since for one in (self, other) if one.since), default=None),
            self.late + other.late,
        )


def of(user: User) -> Waits:
    """Return what waits for this person; one query, and none for who reviews nowhere."""
    return sum((one for _programme, one in by_programme(user)), Waits())


def by_programme(user: User) -> Sequence[tuple[Programme, Waits]]:
    """Return what waits for this person in each programme that something waits in, with the titles
    of that alone; asked once each time that the person is fetched."""
    if "_waits" not in user.__dict__:
        user.__dict__["_waits"] = _by_programme(user) if queues.institutions_of(user) else []
    return user.__dict__["_waits"]


def _by_programme(user: User) -> list[tuple[Programme, Waits]]:
    queue, institutions, now = queues.of(user), queues.institutions_of(user), timezone.now()
    review = queues.late_reviews(institutions, now)
    answer = queues.late_answers(institutions, now)
    works, asking = Count("pk"), Count("pk", filter=ASKED)
    late = Count("pk", filter=review | ASKED & answer)
    to_review = _counted(queue.to_review, works, asking, late)
    to_answer = _counted(queue.to_answer, Value(0), works, Count("pk", filter=answer))
    found: dict[Programme, Waits] = {}
    for pk, title_nl, title_en, *numbers in to_review.union(to_answer, all=True):
        programme = Programme(pk=pk, title_nl=title_nl, title_en=title_en)
        found[programme] = found.get(programme, Waits()) + Waits(*numbers)
    return sorted(found.items(), key=lambda one: (one[0].title_nl, one[0].pk))


def _counted(
    half: WorkQuerySet, hand_ins: Count | Value, questions: Count | Value, late: Count | Value
) -> QuerySet:
    """Return a row for each programme: what it is, and its numbers, as `Waits` has them."""
    numbers = {
        "number": Count("pk"),
        "hand_ins": hand_ins,
        "questions": questions,
        "oldest": Min("since"),
        "late": late,
    }
    return half.values(*OF_PROGRAMME).annotate(**numbers).values_list(*OF_PROGRAMME, *numbers)
