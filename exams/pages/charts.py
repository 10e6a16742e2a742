"""Charts of a programme: how XP are spread over its people, and what is handed in each week. Drawn
on the server; the table with the same numbers stands behind each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db.models import Count, Q
from django.utils.functional import cached_property

from exams.assignments.sums import Scale, Share
from exams.models import HandIn
from learners.models import Organisation
from learners.models.enrolment import EnrolmentQuerySet

WIDTH, HEIGHT = 480, 150  # of what is drawn, without the words below it
FULL = 7 / 8  # of its slot that a bar is wide
ABOVE = 22  # left free for the number above the highest bar
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000)
MOST_BARS = 10
WEEKS = 12
Span = tuple[int | date, int | date]


@dataclass(frozen=True)
class Bar:
    """One bar: what it counts from and to, and how many; `reached` of them stand on the others."""

    first: int | date
    last: int | date
    number: int
    reached: int
    x: int
    width: int
    height: int
    reached_height: int

    @property
    def y(self) -> int:
        return HEIGHT - self.height

    @property
    def lower_y(self) -> int:
        return self.y + self.reached_height

    @property
    def lower_height(self) -> int:
        return self.height - self.reached_height

    @property
    def begin(self) -> int:
        """Where its slot begins, which what it counts from is written under."""
        return self.x - round(self.width * (1 / FULL - 1) / 2)

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class Chart:
    """Bars beside each other, and where a line is drawn, if one is."""

    bars: Sequence[Bar]
    mark_x: int | None = None
    mark: int = 0

    @cached_property
    def number(self) -> int:
        """How many all bars count."""
        return sum(bar.number for bar in self.bars)

    @cached_property
    def reached(self) -> int:
        return sum(bar.reached for bar in self.bars)


def of_xp(shares: Iterable[Share], scale: Scale) -> Chart:
    """Return how the XP of a programme are spread over its people, in steps that are round."""
    step = next((one for one in STEPS if scale.whole <= one * MOST_BARS), STEPS[-1])
    number = max(1, -(-scale.whole // step))
    counted, reached = [0] * number, [0] * number
    for share in shares:
        place = min(share.earned // step, number - 1)
        counted[place] += share.people
        if scale.planned is not None and scale.is_in_reach(share):
            reached[place] += share.people
    spans: list[Span] = [(n * step, (n + 1) * step - 1) for n in range(number)]
    begin = (number - 1) * step
    spans[-1] = (begin, max(scale.whole, begin))
    mark = scale.needed if scale.planned is not None else 0
    x = round(WIDTH * mark / (number * step)) if mark else None
    return Chart(_bars(spans, counted, reached), x, mark)


def of_weeks(people: EnrolmentQuerySet, organisation: Organisation) -> Chart:
    """Return how much these people handed in, in each of the last weeks; one query."""
    today = organisation.today()
    monday = today - timedelta(days=today.weekday())
    spans: list[Span] = [
        (monday - timedelta(weeks=back), monday - timedelta(weeks=back, days=-6))
        for back in range(WEEKS - 1, -1, -1)
    ]
    mondays = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -2, -1)]
    begins = [datetime.combine(day, time.min, organisation.tz) for day in mondays]
    rows = HandIn.objects.filter(
        work__enrolment__in=people.values("pk"), handed_in_at__gte=begins[0]
    )
    # counted from each Monday on, as SQLite truncates a hundred thousand moments one by one in
    # Python, and asking for both ends of each week takes twice as long
    since = rows.order_by().aggregate(
        **{
            f"since_{number}": Count("pk", filter=Q(handed_in_at__gte=begin))
            for number, begin in enumerate(begins)
        }
    )
    numbers = [number - later for number, later in pairwise(since.values())]
    return Chart(_bars(spans, numbers, [0] * WEEKS))


def _bars(
    spans: Sequence[Span],
    numbers: Sequence[int],
    reached: Sequence[int],
) -> list[Bar]:
    slot = WIDTH / len(spans)
    scale = (HEIGHT - ABOVE) / max(1, *numbers)
    return [
        Bar(
            first,
            last,
            number,
            good,
            x=round(slot * (place + (1 - FULL) / 2)),
            width=round(slot * FULL),
            height=round(number * scale),
            reached_height=round(good * scale),
        )
        for place, ((first, last), number, good) in enumerate(
            zip(spans, numbers, reached, strict=True)
        )
    ]
