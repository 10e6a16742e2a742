"""The file in which a state is kept: its rows, its files, and what it had given out of its hands.

A compressed tar of text, so that it belongs to no database: `facts.json`, a file for each table in
`rows/`, and what was stored in `files/`.
"""

import io
import json
import tarfile
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

FOLDER = Path(__file__).parent / "kept"
ENDING = ".tar.xz"


@dataclass(frozen=True)
class Table:
    """The rows of one model of that time, each with its values in the order of the columns."""

    columns: list[str]
    rows: list[list[Any]]

    @property
    def dicts(self) -> list[dict[str, Any]]:
        """Each row by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, repr=False)
class Kept:
    """A state: what is known of it, its tables by model, and its files by their keys."""

    name: str
    facts: dict[str, Any]
    tables: dict[str, Table]
    files: dict[str, bytes]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def at(self) -> datetime:
        """The moment at which all of it was there, and at which it is taken up again."""
        return datetime.fromisoformat(self.facts["at"])

    @property
    def leaves(self) -> list[tuple[str, str]]:
        """The last migration of each app."""
        return [(app, migration) for app, migration in self.facts["migrations"]]

    def __getitem__(self, model: str) -> list[dict[str, Any]]:
        return self.tables[model].dicts


def names() -> list[str]:
    """Return what is kept, the oldest first."""
    return sorted(path.name.removesuffix(ENDING) for path in FOLDER.glob(f"*{ENDING}"))


def write(kept: Kept, path: Path) -> None:
    """Write a state to this file; the same state gives the same bytes."""
    with tarfile.open(path, "w:xz", preset=9) as tar:
        _add(tar, "facts.json", json.dumps(kept.facts, indent=1, ensure_ascii=False).encode())
        for model, table in sorted(kept.tables.items()):
            lines = [table.columns, *table.rows]
            text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
            _add(tar, f"rows/{model}.jsonl", text.encode())
        for name, content in sorted(kept.files.items()):
            _add(tar, f"files/{name}", content)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def read(name: str) -> Kept:
    """Read a state that is kept under this name."""
    return read_file(FOLDER / f"{name}{ENDING}")


def read_file(path: Path) -> Kept:
    """Read a state from this file."""
    facts: dict[str, Any] = {}
    tables, files = {}, {}
    with tarfile.open(path, "r:xz") as tar:
        for info in tar:
            content = tar.extractfile(info).read()  # type: ignore[union-attr]
            place, _slash, rest = info.name.partition("/")
            if place == "facts.json":
                facts = json.loads(content)
            elif place == "rows":
                columns, *rows = map(json.loads, content.decode().splitlines())
                tables[PurePosixPath(rest).stem] = Table(columns, rows)
            else:
                files[rest] = content
    return Kept(path.name.removesuffix(ENDING), facts, tables, files)
