"""What every kind of file comes to: a plan for a batch of lines, and somebody who does it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from learners.importing.cells import Findings, LearnerKey
from learners.models import LineOutcome, Severity, User
from learners.spreadsheets.reading import Row

Asked = TypeVar("Asked")


@dataclass
class Person:
    """Whom a line is about; without a `user` the file makes them known."""

    key: LearnerKey
    user: User | None
    name: str

    @property
    def token(self) -> str:
        """By which the ledger knows them, whichever batch they are in."""
        return str(self.key)


@dataclass
class Plan(Generic[Asked]):
    """What a batch of lines asks for, what was found in it, and what becomes of each line."""

    steps: list[Asked] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    outcomes: dict[int, LineOutcome] = field(default_factory=dict)

    def outcomes_of(self, rows: Sequence[Row]) -> str:
        """Return a letter for each of these rows, by what becomes of it."""
        wrong = {f.line for f in self.findings.rows if f.severity == Severity.ERROR}
        unchanged = LineOutcome.UNCHANGED
        return "".join(
            LineOutcome.ERROR if row.line in wrong else self.outcomes.get(row.line, unchanged)
            for row in rows
        )


class Planner(Protocol):
    """Plans one file batch by batch, and counts."""

    counts: Counter[str]
    run_ids: set[int]

    def plan(self, rows: Sequence[Row]) -> Plan:
        """Return what these rows ask for, after all the rows before them."""


class Applier(Protocol):
    """Does what plans ask for; the caller holds the transaction and the locks of the runs."""

    def apply(self, plan: Any) -> None:
        """Do one plan, of those that the planner of its kind makes."""
