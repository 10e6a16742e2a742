"""Saying what was measured on the screen."""

import sys
from collections.abc import Iterable

from django.db import connection

from benchmarks.measuring import Figure

HEADS = ("", "queries", "CPU ms", "database", "floor ms", "ratio", "MB", "budget")
LAYOUT = "{:<44} {:>8} {:>10} {:>9} {:>9} {:>6} {:>6}  {}"


def asked_for(usual: int) -> int:
    """Return how many enrolments there should be: the first word after the command."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else usual


def print_figures(figures: Iterable[Figure]) -> None:
    """Print a line as soon as it is known."""
    print(f"{connection.vendor}: {connection.settings_dict['NAME']}")
    print(LAYOUT.format(*HEADS))
    for figure in figures:
        print(line(figure), flush=True)


def line(figure: Figure) -> str:
    """Return a line of the table."""
    return LAYOUT.format(
        f"{figure.name} ({figure.rows:,})" if figure.rows else figure.name,
        f"{figure.queries:,}",
        f"{figure.cpu:,.1f}",
        "–" if figure.database is None else f"{figure.database:,.1f}",
        "–" if figure.floor is None else f"{figure.floor:,.1f}",
        "–" if figure.ratio is None else f"{figure.ratio:.2f}",
        f"{figure.memory:.0f}",
        {True: "holds", False: "DOES NOT HOLD", None: ""}[figure.holds],
    )
