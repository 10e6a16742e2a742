"""How much waits for who reviews: hand-ins and questions, and what is on the way to an exam; since
when, and how many are late."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Aggregate, Count, Min, QuerySet, Value
from django.utils import timezone

from exams.releasing import waiting as on_the_way
from exams.releasing.waiting import ASSESS, DRAW, RELEASE
from exams.reviewing import queues
from exams.reviewing.queues import ASKED
from learners.models import Organisation, Programme, User

OF_PROGRAMME = ("programme", "programme__title_nl", "programme__title_en")


@dataclass(frozen=True)
class Waits:
    """What waits for one person: so many works, of which a work with a question about it is one,
    and so many people on the way to their exam."""

    number: int = 0
    hand_ins: int = 0
    questions: int = 0
    since: datetime | None = None
    late: int = 0
    samples: int = 0
    new_samples: int = 0
    releases: int = 0

    def __add__(self, other: "Waits") -> "Waits":
        """Return what waits in both together."""
        return Waits(
            self.number + other.number,
            self.hand_ins + other.hand_ins,
            self.questions + other.questions,
            min((one.since for one in (self, other) if one.since), default=None),
            self.late + other.late,
            self.samples + other.samples,
            self.new_samples + other.new_samples,
            self.releases + other.releases,
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
    to_review = _counted(queue.to_review, hand_ins=works, questions=asking, late=late)
    to_answer = _counted(queue.to_answer, questions=works, late=Count("pk", filter=answer))
    found: dict[Programme, Waits] = {}
    rows = to_review.union(to_answer, *_on_the_way(user, institutions, now), all=True)
    for pk, title_nl, title_en, *numbers in rows:
        programme = Programme(pk=pk, title_nl=title_nl, title_en=title_en)
        found[programme] = found.get(programme, Waits()) + Waits(*numbers)
    return sorted(found.items(), key=lambda one: (one[0].title_nl, one[0].pk))


def _on_the_way(
    user: User, institutions: Collection[Organisation], now: datetime
) -> Iterator[QuerySet]:
    """Yield the numbers of what waits on the way to an exam."""
    is_late = on_the_way.late(institutions, now)
    names = {ASSESS: "samples", DRAW: "new_samples", RELEASE: "releases"}
    for act, rows in on_the_way.of(user).items():
        late = Value(0) if act == RELEASE else Count("pk", filter=is_late)
        path = on_the_way.path(act)
        yield _counted(rows, path=path, **{names[act]: Count("pk"), "late": late})


def _counted(half: QuerySet, path: str = "enrolment__", **numbers: Count | Value) -> QuerySet:
    """Return a row for each programme: what it is, and its numbers, as `Waits` has them."""
    said: dict[str, Aggregate | Value] = {"number": Count("pk"), "since": Min("since"), **numbers}
    counted = {name: said.get(name, Value(0)) for name in Waits.__dataclass_fields__}
    of_programme = [f"{path}{name}" for name in OF_PROGRAMME]
    asked = {f"n_{name}": number for name, number in counted.items()}
    return half.values(*of_programme).annotate(**asked).values_list(*of_programme, *asked)
