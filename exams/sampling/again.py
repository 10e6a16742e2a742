"""Drawing samples again from what is stored with them, and comparing: the proof that nobody chose
what was looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from exams.models import Sample, SampleItem
from exams.sampling import drawing

BATCH = 500  # samples that are held at once


@dataclass
class Compared:
    """How many samples were drawn again, and which are not what their seeds draw, with why."""

    all: int = 0
    different: list[tuple[int, str]] = field(default_factory=list)

    @property
    def same(self) -> int:
        return self.all - len(self.different)


def compare(samples: QuerySet[Sample]) -> Compared:
    """Draw these samples again, and say which are others; two queries for each 500 of them."""
    found = Compared()
    for rows in _batches(samples):
        held = _held([one.pk for one in rows])
        for one in rows:
            found.all += 1
            why = why_different(held.get(one.pk, []), one.drawn_from, one.size, one.seed)
            if why:
                found.different.append((one.pk, why))
    return found


def why_different(held: list[tuple[int, int]], stored: list[dict], size: int, seed: str) -> str:
    """Say why the hand-ins and works that a sample holds, in their order, are not those that its
    seed draws from its list; '' where they are."""
    try:
        candidates = drawing.from_list(stored)
    except ImproperlyConfigured:
        return "its list is of no known form"
    drawn = drawing.draw(candidates, size=size, seed=seed)
    expected = [(one.hand_in, one.work) for one in drawn]
    if held == expected:
        return ""
    has, draws = (", ".join(str(key) for key, _work in keys) for keys in (held, expected))
    return f"it holds the hand-ins {has}, and its seed draws {draws}"


def _batches(samples: QuerySet[Sample]) -> Iterator[list[Sample]]:
    after = 0
    while rows := list(samples.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield rows
        if len(rows) < BATCH:
            return
        after = rows[-1].pk


def _held(samples: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Return the hand-ins that these samples hold, in order, each with its work."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = SampleItem.objects.filter(sample__in=samples).order_by("sample", "position", "pk")
    for sample, hand_in, work in rows.values_list("sample", "hand_in", "hand_in__work"):
        found.setdefault(sample, []).append((hand_in, work))
    return found
