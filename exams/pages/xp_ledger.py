"""XP as an account: what was earned when, and how that went, as a line that can be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from exams.assignments.standing import Standing
from exams.pages.told import Told

WIDTH, HEIGHT = 1000, 220  # of the drawing, in its own units
LEFT, TOP, BELOW = 4, 14, 6


@dataclass(frozen=True)
class Entry:
    """XP that was earned: with which assignment, when, and how many there were after it."""

    title: str
    at: datetime
    xp: int
    sum: int


@dataclass(frozen=True)
class Chart:
    """The line of XP over time, as the steps of a path, the surface below it, and the height at
    which the exam comes in reach."""

    path: str
    surface: str
    end_x: int
    end_y: int
    needed_y: int | None


@dataclass(frozen=True)
class Ledger:
    """What was earned, the first first, and the drawing of it."""

    entries: Sequence[Entry]
    chart: Chart | None


def of(standing: Standing, told: Mapping[int, Told], now: datetime) -> Ledger:
    """Return the account of somebody's XP, earned when it was told of each work; what an exempt
    assignment gave counts no more."""
    rows = [
        (at, one.work.pk, one)
        for one in standing.counting
        if one.work and (at := told[one.work.pk].earned_at)
    ]
    entries: list[Entry] = []
    for at, _pk, one in sorted(rows, key=lambda row: row[:2]):
        before = entries[-1].sum if entries else 0
        xp = one.earned or 0
        entries.append(Entry(one.version.title, at, xp, before + xp))
    return Ledger(entries, _chart(entries, standing, now) if entries else None)


def _chart(entries: Sequence[Entry], standing: Standing, now: datetime) -> Chart:
    first = standing.enrolment.created_at
    begin, end = min(first, entries[0].at), max(now, entries[-1].at)
    span = max((end - begin).total_seconds(), 1.0)
    most = max(standing.total, 1)

    def x(at: datetime) -> int:
        return LEFT + round((at - begin).total_seconds() / span * (WIDTH - 2 * LEFT))

    def y(xp: int) -> int:
        return TOP + round((1 - xp / most) * (HEIGHT - TOP - BELOW))

    steps = [f"M{x(begin)} {y(0)}", *(f"H{x(one.at)}V{y(one.sum)}" for one in entries)]
    path = "".join([*steps, f"H{x(end)}"])
    needed = standing.needed if standing.plan else 0
    return Chart(
        path=path,
        surface=f"{path}V{y(0)}H{x(begin)}Z",
        end_x=x(end),
        end_y=y(entries[-1].sum),
        needed_y=y(needed) if needed else None,
    )
