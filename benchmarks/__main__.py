"""Measure everything on SQLite and PostgreSQL, and write docs/performance.md.

    python -m benchmarks [--sizes 1000 1000000] [--from FIGURES]

PostgreSQL is the server of DATABASE_URL (127.0.0.1 without it); there the database
`bench_mijlpaal` is made anew and dropped. The figures are also kept in var/benchmarks.json, from
which `--from` writes the page again without measuring.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks import report
from benchmarks.measuring import Figure
from benchmarks.report import Series
from benchmarks.world import LARGE, SMALL

HERE = Path(__file__).resolve().parent.parent
KEPT = HERE / "var" / "benchmarks.json"
USUAL_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
DATABASE = "bench_mijlpaal"


def main() -> None:
    """Measure, or read what was measured, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[SMALL, LARGE])
    parser.add_argument("--from", type=Path, dest="kept", help="figures that were kept")
    asked = parser.parse_args()
    found = read(asked.kept) if asked.kept else []
    if not found:
        for one in measured(asked.sizes):
            found.append(one)
            keep(found)
    report.write(found)
    print("written: docs/performance.md")


def measured(sizes: list[int]) -> Iterator[Series]:
    """Yield the figures of each database and size."""
    server = os.environ.get("DATABASE_URL", USUAL_SERVER)
    for size in sizes:
        yield Series("SQLite", size, measure_one("", size))
        if answers(server):
            yield Series("PostgreSQL", size, on_postgres(server, size))
        else:
            print(f"PostgreSQL does not answer at {server}: left out", file=sys.stderr)


def on_postgres(server: str, size: int) -> list[Figure]:
    """Measure in a new database of the server, and drop it."""
    name = sql.Identifier(DATABASE)
    address = urlsplit(server)._replace(path=f"/{DATABASE}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        figures = measure_one(address, size)
        connection.execute(sql.SQL("DROP DATABASE {}").format(name))
    return figures


def measure_one(database: str, size: int) -> list[Figure]:
    """Measure in a process of its own, whose memory nobody else used."""
    print(f"\n{database or 'SQLite'}, {size:,} enrolments", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="mijlpaal-bench-") as folder:
        environment = {**os.environ, "DATA_DIR": folder, "DATABASE_URL": database}
        command = [sys.executable, "-m", "benchmarks.everything", str(size)]
        told = subprocess.run(
            command, cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return [Figure(**json.loads(line)) for line in told.stdout.splitlines()]


def answers(server: str) -> bool:
    """Whether there is a PostgreSQL."""
    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def keep(found: list[Series]) -> None:
    """Keep the figures beside the page."""
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text("\n".join(one.told() for one in found))


def read(file: Path) -> list[Series]:
    """Read figures that were kept."""
    return [Series.heard(line) for line in file.read_text().splitlines()]


if __name__ == "__main__":
    main()
