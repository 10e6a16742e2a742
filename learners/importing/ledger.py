"""What the lines so far asked for: a small scratch database, so that memory stays flat."""

import sqlite3
from dataclasses import dataclass
from types import TracebackType

NO_RUN = 0


@dataclass(frozen=True)
class Said:
    """An earlier line about the same learner and run."""

    line: int
    what: str


@dataclass(frozen=True)
class Left:
    """Whether the newest line about a learner in a course leaves them open there."""

    line: int
    is_open: bool


class Ledger:
    """Remembers people and lines of one file; it lives in memory, and on disk once it grows."""

    def __init__(self) -> None:
        self.db = sqlite3.connect("")  # a temporary database of SQLite's own
        self.db.executescript(
            """
            PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -4000;
            CREATE TABLE person (key TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
            CREATE TABLE said (token TEXT, course INTEGER, run INTEGER, line INTEGER, what TEXT,
                PRIMARY KEY (token, course, run)) WITHOUT ROWID;
            CREATE TABLE last (token TEXT, course INTEGER, line INTEGER, is_open INTEGER,
                PRIMARY KEY (token, course)) WITHOUT ROWID;
            """
        )

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.db.close()

    def name_of(self, key: str) -> str | None:
        """Return the name under which the file itself introduced somebody."""
        found = self.db.execute("SELECT name FROM person WHERE key = ?", [key]).fetchone()
        return found[0] if found else None

    def introduce(self, key: str, name: str) -> None:
        """Remember somebody whom the file makes known."""
        self.db.execute("INSERT OR IGNORE INTO person VALUES (?, ?)", [key, name])

    def said(self, token: str, course: int, run: int) -> Said | None:
        """Return the earlier line about this learner and run."""
        found = self.db.execute(
            "SELECT line, what FROM said WHERE token = ? AND course = ? AND run = ?",
            [token, course, run],
        ).fetchone()
        return Said(*found) if found else None

    def open_since(self, token: str, course: int) -> Left | None:
        """Return how the lines so far leave this learner in the course."""
        found = self.db.execute(
            "SELECT line, is_open FROM last WHERE token = ? AND course = ?", [token, course]
        ).fetchone()
        return Left(found[0], bool(found[1])) if found else None

    def say(self, token: str, course: int, run: int, *, line: int, what: str) -> None:
        """Remember what a line says about this learner and run."""
        self.db.execute(
            "INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?)", [token, course, run, line, what]
        )

    def leave(self, token: str, course: int, *, line: int, is_open: bool) -> None:
        """Remember whether a line leaves this learner open in the course."""
        self.db.execute(
            "INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)", [token, course, line, is_open]
        )
