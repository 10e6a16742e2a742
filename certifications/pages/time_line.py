"""The days of a validity as a line that can be drawn: valid, to be renewed, grace, and today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from certifications.cycles.validity import ONE_DAY
from certifications.models import Cycle

WIDTH = 1000  # of the drawing; its height is the template's
BESIDE = 24  # left free after the last day
LEAST = 14  # so that a stretch of a few days is still seen


@dataclass(frozen=True)
class Stretch:
    """A stretch of the line: which kind of days, from where, how wide."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True)
class TimeLine:
    """What is drawn: stretches from left to right, and where today lies, if it does."""

    stretches: list[Stretch]
    today_x: int | None


def time_line(cycle: Cycle, today: date) -> TimeLine | None:
    """Return the line of a cycle that ends; None for what is unlimited or not completed."""
    if cycle.valid_from is None or cycle.valid_until is None:
        return None
    spans = [(kind, first, last) for kind, first, last in _spans(cycle) if first <= last]
    begin, end = spans[0][1], spans[-1][2] + ONE_DAY
    scale = (WIDTH - BESIDE) / (end - begin).days
    stretches: list[Stretch] = []
    x = 0
    for kind, first, last in spans:
        width = max(LEAST, round((last + ONE_DAY - first).days * scale))
        stretches.append(Stretch(kind, x, width))
        x += width
    is_on_it = begin <= today <= end + timedelta(days=1)
    return TimeLine(stretches, _place(spans, stretches, today) if is_on_it else None)


def _spans(cycle: Cycle) -> Iterator[tuple[str, date, date]]:
    assert cycle.valid_from is not None, "asked by time_line"
    assert cycle.valid_until is not None, "asked by time_line"
    opens = cycle.window_opens_on if cycle.has_window else None
    yield "valid", cycle.valid_from, (opens - ONE_DAY if opens else cycle.valid_until)
    if opens:
        yield "window", opens, cycle.valid_until
    if cycle.grace_until:
        yield "grace", cycle.valid_until + ONE_DAY, cycle.grace_until


def _place(spans: list[tuple[str, date, date]], stretches: list[Stretch], today: date) -> int:
    """Return where a day lies, in the middle of its own width."""
    for (_kind, first, last), drawn in zip(spans, stretches, strict=True):
        if today <= last:
            days = (last - first).days + 1
            return drawn.x + round(drawn.width * ((today - first).days + 0.5) / days)
    return stretches[-1].x + stretches[-1].width
