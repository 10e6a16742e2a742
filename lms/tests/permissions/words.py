"""The table of `docs/rights.md`: what the many lines of `docs/permissions.md` say, for each role.

`python -m lms.tests.rights` writes that table anew.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from learners.tests.permissions.names import ADMINISTRATOR, GUEST, NAMES, NOBODY
from lms.tests.permissions.table import Line, lines

PAGE = Path("docs/rights.md")
BEGIN, END = "<!-- the table, from permissions.md -->\n", "<!-- the end of the table -->\n"
ROLES = ("learner", "teacher", "coach", "assessor", "board", "author")
YES, NO, HERE = "yes", "–", "of their institutions"
THEIRS = {"learner": "their own", "teacher": "of their runs", "coach": "of whom they coach"}


def in_words() -> str:
    """Return the table of rights in Markdown: a line for each thing, a column for each role."""
    heads = [NOBODY, *ROLES, ADMINISTRATOR]
    rows = [f"| what | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for what, cells in by_thing(lines()).items():
        said = [_plainly(name, cells) for name in (NOBODY, ADMINISTRATOR)]
        rows.append(f"| {what} | {said[0]} | {_of_roles(cells)} | {said[1]} |")
    return "\n".join(rows) + "\n"


def by_thing(found: Iterable[Line]) -> dict[str, frozenset[str]]:
    """Return who is let in to each thing; its addresses must agree."""
    things: dict[str, frozenset[str]] = {}
    for line in found:
        if line.answer == NO:
            continue  # for nobody at all: there is nothing to say
        people = frozenset(line.let_in) & set(NAMES)
        assert things.setdefault(line.what, people) == people, line
    return things


def _plainly(name: str, let_in: frozenset[str]) -> str:
    return YES if name in let_in else NO


def _of_roles(let_in: frozenset[str]) -> str:
    return " | ".join(_of_role(role, let_in) for role in ROLES)


def _of_role(role: str, let_in: frozenset[str]) -> str:
    """Say of a role whether all of it is let in, who belongs to the institution, or the one whose
    it is."""
    people = {name: name in let_in for name in NAMES if role in name.split() and name != GUEST}
    if all(people.values()):
        return YES
    if not any(people.values()):
        return NO
    here = {name: is_in for name, is_in in people.items() if not _is_away(name)}
    if all(here.values()) and (len(here) > 1 or role not in THEIRS):
        return HERE
    assert _names(people) == {role}, people
    return THEIRS[role]


def _is_away(name: str) -> bool:
    return bool({"elsewhere", "former"} & set(name.split()))


def _names(people: Mapping[str, bool]) -> set[str]:
    return {name for name, is_in in people.items() if is_in}


def write() -> None:
    """Put the table where it stands on the page."""
    before, rest = PAGE.read_text().split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}{in_words()}{END}{after}")
