"""The lines of a checked file, kept in blocks, so that a page of them costs the same wherever it is
and however the file was written."""

import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from learners.models import ImportBlock, ImportColumn, ImportJob
from learners.spreadsheets.reading import Row, Value

SIZE = 250  # lines in a block


class Keeper:
    """Keeps the lines of a job while they stream by; `close` keeps what is left of them."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self.number = 0
        self.waiting: list[Row] = []
        job.blocks.all().delete()

    def keep(self, rows: Iterable[Row]) -> None:
        self.waiting += rows
        full = len(self.waiting) // SIZE * SIZE
        self._write(self.waiting[:full])
        self.waiting = self.waiting[full:]

    def close(self) -> None:
        self._write(self.waiting)
        self.waiting = []

    def _write(self, rows: Sequence[Row]) -> None:
        blocks = [
            ImportBlock(job=self.job, number=self.number + n, lines=_packed(rows[begin:][:SIZE]))
            for n, begin in enumerate(range(0, len(rows), SIZE))
        ]
        self.number += len(blocks)
        ImportBlock.objects.bulk_create(
            blocks,
            update_conflicts=True,
            unique_fields=["job", "number"],
            update_fields=["lines"],
        )


def lines_at(job: ImportJob, places: Sequence[int]) -> list[Row]:
    """Return the lines at these places of the file, counted from 0 and in rising order: one query,
    and only the blocks in which they are."""
    by_block = {number: list(some) for number, some in groupby(places, lambda at: at // SIZE)}
    found: list[Row] = []
    for block in job.blocks.filter(number__in=by_block):
        rows = json.loads(zlib.decompress(block.lines))
        found += [_row(rows[at % SIZE]) for at in by_block[block.number] if at % SIZE < len(rows)]
    return found


def _packed(rows: Sequence[Row]) -> bytes:
    cells = [[row.line, {name: _plain(value) for name, value in row.cells.items()}] for row in rows]
    return zlib.compress(json.dumps(cells).encode())


def _plain(value: Value) -> str | list[str]:
    """A day is told apart from words by its brackets."""
    return [value.isoformat()] if isinstance(value, date) else value


def _row(packed: tuple[int, dict[str, str | list[str]]]) -> Row:
    line, cells = packed
    return Row(
        line,
        {
            ImportColumn(name): date.fromisoformat(value[0]) if isinstance(value, list) else value
            for name, value in cells.items()
        },
    )
