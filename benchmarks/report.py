"""Writing docs/performance.md between its marks, and the chart beside it."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import django

from benchmarks import chart, words
from benchmarks.chart import Bar, Group
from benchmarks.measuring import Figure

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, CHART = DOCS / "performance.md", DOCS / "pictures" / "performance.svg"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
CHART_SCALE = 600  # milliseconds
PLANNED = (
    *("show a register of 200, 8", "home", "my courses", "administration", "due", "lapse"),
    *("on a day", "that day", "remind of", "the preview", "coach's queue", "board's queue"),
)
Table = Mapping[str, Mapping["Series", Figure]]


@dataclass(frozen=True, eq=False)
class Series:
    """What was measured on one database at one size."""

    database: str
    size: int
    figures: Sequence[Figure]

    @property
    def name(self) -> str:
        return f"{self.database}, {self.size:,}"

    def told(self) -> str:
        """Say it in a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def heard(cls, line: str) -> "Series":
        """Read what `told` said."""
        content = json.loads(line)
        return cls(
            content["database"], content["size"], [Figure(**each) for each in content["figures"]]
        )


def write(found: Sequence[Series]) -> None:
    """Put the tables where the old ones stood, and draw the chart."""
    before, rest = PAGE.read_text().split(BEGIN)
    after = rest.split(END)[1]
    found = sorted(found, key=lambda one: (one.database == "PostgreSQL", one.size))
    table = by_name(found)
    largest = [one for one in found if one.size == max(each.size for each in found)]
    parts = [
        machine(),
        *beside_the_peer(largest),
        "## All that was measured\n",
        *measured(found, table),
        f"{words.MEMORY}\n",
        "## What holds and what does not\n",
        *verdicts(table),
        f"## How the databases go about it, at {largest[0].size:,} enrolments\n",
        f"{words.PLANS}\n",
        *plans(largest),
    ]
    PAGE.write_text(f"{before}{BEGIN}\n{chr(10).join(parts)}{END}{after}")
    CHART.write_text(draw(largest))


def by_name(found: Sequence[Series]) -> Table:
    """Return the figures by what was measured, in the order in which that was first seen."""
    table: dict[str, dict[Series, Figure]] = {}
    for series in found:
        for figure in series.figures:
            table.setdefault(figure.name, {})[series] = figure
    return table


def machine() -> str:
    """Say when and on what this was measured."""
    versions = f"Python {platform.python_version()}, Django {django.__version__}"
    return (
        f"Measured on {date.today().isoformat()} with {versions}, on a machine with"
        f" {os.cpu_count()} cores that others used as well.\n"
    )


def beside_the_peer(largest: Sequence[Series]) -> Iterator[str]:
    """Yield the table of what the peer does too."""
    yield "## Beside a well-known PHP peer\n"
    yield "![Processor time beside that of a well-known PHP peer](pictures/performance.svg)\n"
    heads = [f"{one.database}: CPU ms / queries" for one in largest]
    yield f"| at {largest[0].size:,} enrolments | {' | '.join(heads)} | the peer | |"
    yield f"|---|{'---|' * len(largest)}---|---|"
    for name, peer in words.PEER.items():
        own = [figure_of(one, peer.ours) for one in largest]
        cells = [f"{f.cpu:,.0f} / {f.queries:,}" for f in own]
        most = max(f.cpu for f in own)
        marks = f"{peer.cpu:,} / {peer.queries:,}" if peer.queries else f"{peer.cpu:,}"
        yield f"| {name} | {' | '.join(cells)} | {marks} | {peer.cpu / most:.1f} times |"
    yield f"\n{words.BESIDE}\n"


def figure_of(series: Series, name: str) -> Figure:
    """Find what is called so."""
    return next(figure for figure in series.figures if figure.name == name)


def measured(found: Sequence[Series], table: Table) -> Iterator[str]:
    """Yield a table for each database and size side by side."""
    yield (
        "In each cell: CPU milliseconds (of which in PostgreSQL's own process) · times its floor ·"
        " queries · megabytes more at most. Registers show a hundred people at a time. A thousand"
        " divided by the milliseconds of a certificate is how many a core makes in a second.\n"
    )
    yield f"| | {' | '.join(one.name for one in found)} |"
    yield f"|---|{'---|' * len(found)}"
    for name, by_series in table.items():
        cells = [cell(by_series[one]) if one in by_series else "" for one in found]
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def cell(figure: Figure) -> str:
    """Return a figure in one line."""
    rows = f"{figure.rows:,} rows: " if figure.rows else ""
    inside = "" if figure.database is None else f" ({figure.database:,.0f})"
    ratio = "" if figure.ratio is None else f" · {figure.ratio:.1f}×"
    said = f"{figure.cpu:,.{1 if figure.cpu < 10 else 0}f}{inside}{ratio} · {figure.queries:,}"
    return f"{rows}{said} · {figure.memory:.0f}"


def verdicts(table: Table) -> Iterator[str]:
    """Yield for each budget whether it holds, everywhere, and else why not."""
    yield "| | budget | worst of all | |"
    yield "|---|---|---|---|"
    for name, by_series in table.items():
        figures = list(by_series.values())
        if all(figure.holds is None for figure in figures):
            continue
        holds = all(figure.holds for figure in figures)
        why = "holds" if holds else f"**does not hold**: {words.WHY.get(name, '')}"
        yield f"| {name} | {budget(figures)} | {worst(figures)} | {why} |"
    yield ""


def budget(figures: Sequence[Figure]) -> str:
    """Say what was allowed."""
    queries = sorted({f.most_queries for f in figures if f.most_queries is not None})
    said = [" or ".join(f"{most:,}" for most in queries) + spelled(queries[-1])] if queries else []
    if times := figures[0].most_times_floor:
        said.append(f"{times:g} × the floor")
    return ", ".join(said)


def worst(figures: Sequence[Figure]) -> str:
    """Say the highest of what is counted against a budget."""
    queries = max(figure.queries for figure in figures)
    ratios = [figure.ratio for figure in figures if figure.most_times_floor and figure.ratio]
    return f"{queries:,}{spelled(queries)}" + (f", {max(ratios):.2f} ×" if ratios else "")


def spelled(queries: int) -> str:
    """Return the word after their number."""
    return " query" if queries == 1 else " queries"


def plans(largest: Sequence[Series]) -> Iterator[str]:
    """Yield how each database goes about the dearest read of what is hot, folded."""
    for series in largest:
        for figure in series.figures:
            if figure.plan and any(hot in figure.name for hot in PLANNED):
                yield f"<details><summary>{series.database}: {figure.name}</summary>\n"
                yield f"```\n{figure.plan}\n```\n\n</details>\n"


def draw(largest: Sequence[Series]) -> str:
    """Return the chart of ours beside the peer's."""
    colours = dict(zip((one.database for one in largest), ("ours", "other"), strict=False))
    groups = []
    for name, peer in words.PEER.items():
        own = [(one, figure_of(one, peer.ours)) for one in largest]
        bars = [
            Bar(colours[one.database], f.cpu, f"{f.cpu:,.0f} ms, {f.queries:,} queries")
            for one, f in own
        ]
        queries = f", {peer.queries:,} queries" if peer.queries else ""
        groups.append(Group(name, [*bars, Bar("peer", peer.cpu, f"{peer.cpu:,} ms{queries}")]))
    legend = [(colour, database) for database, colour in colours.items()]
    title = f"Processor milliseconds at {largest[0].size:,} enrolments"
    legend.append(("peer", "a well-known PHP peer"))
    return chart.draw(title, groups, legend, scale=CHART_SCALE)
