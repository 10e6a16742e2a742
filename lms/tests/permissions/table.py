"""Reading `docs/permissions.md`: one line for each address and each way to ask for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from learners.tests.permissions.names import NAMES

PAGE = Path("docs/permissions.md")
LET_IN, TO_SIGN_IN, NOT_FOUND, FORBIDDEN = "✓", "→", "404", "403"
CELLS = frozenset({LET_IN, TO_SIGN_IN, NOT_FOUND, FORBIDDEN})
LOOK, ACT = "look", "act"
EVERYBODY_ELSE = "everybody else"


@dataclass(frozen=True)
class Line:
    """What each of the people gets at one address; `answer` is the code for who is let in."""

    what: str
    address: str
    how: str
    answer: str
    cells: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.how} {self.address}"

    @property
    def url_name(self) -> str:
        """The name of the address; what stands behind it says which of its rows is asked for."""
        return self.address.split(" ")[0]

    @property
    def let_in(self) -> list[str]:
        return [name for name, cell in self.cells.items() if cell == LET_IN]

    @property
    def refused(self) -> list[str]:
        return [name for name, cell in self.cells.items() if cell != LET_IN]


def lines() -> list[Line]:
    """Return all lines of all tables of the page."""
    return list(_read(PAGE.read_text()))


def _read(text: str) -> Iterator[Line]:
    people: list[str] = []
    for row in text.splitlines():
        if not row.startswith("|"):
            continue
        parts = [part.strip() for part in row.strip("|").split("|")]
        if parts[0] == "what":
            people = parts[4:]
        elif people and not set(parts[0]) <= set("-: "):
            what, address, how, answer, *cells = parts
            found = dict(zip(people, cells, strict=True))
            yield Line(what, address.strip("`"), how, answer, _for_each(found))


def _for_each(cells: dict[str, str]) -> dict[str, str]:
    """Say of each person what a table says of everybody else."""
    assert set(cells.values()) <= CELLS, cells
    others = cells.pop(EVERYBODY_ELSE, None)
    named = {name: others for name in NAMES if name not in cells} if others else {}
    return {**named, **cells}
