"""The page that leads through the house names what is there, and each room as it names itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from lms.tests.own import own_apps

HOUSE = Path(settings.BASE_DIR)
TEXT = (HOUSE / "docs" / "architecture.md").read_text()
NO_ROOMS = {"tests", "migrations", "management", "formats"}
STEP = re.compile(r"`([\w/]+\.py)`(?:: ((?:`\w+`(?:, )?)+))?")


def rooms() -> dict[str, str]:
    """Return what each room says of itself."""
    found = {}
    for app in own_apps():
        for path in sorted(Path(app.path).rglob("__init__.py")):
            where = path.parent.relative_to(HOUSE)
            if not NO_ROOMS.intersection(where.parts):
                found[f"{where.as_posix()}/"] = sentence(path)
    return found


def sentence(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    return " ".join(said.split("\n\n")[0].split())


def steps() -> Iterator[tuple[str, list[str]]]:
    """Yield the files that the page names, each with the names that it names in it."""
    for path, names in STEP.findall(TEXT):
        if "/" in path:
            yield path, re.findall(r"\w+", names)


@pytest.mark.parametrize(("path", "names"), list(steps()))
def test_what_the_page_names_is_there(path, names):
    if path.startswith("offered/"):
        assert any((Path(app.path) / path).exists() for app in own_apps())
        return
    tree = ast.parse((HOUSE / path).read_text())
    there = {getattr(node, "name", "") for node in ast.walk(tree)}
    there |= {target.id for node in tree.body for target in targets(node)}
    assert [name for name in names if name not in there] == []


def targets(node: ast.stmt) -> list[ast.Name]:
    """Return what a line of a module gives a name to."""
    given = [*getattr(node, "targets", ()), getattr(node, "target", None)]
    return [one for one in given if isinstance(one, ast.Name)]


def test_the_page_leads_through_twelve_steps():
    assert len(re.findall(r"^\| \d+ \|", TEXT, re.MULTILINE)) == 12


def test_every_room_is_on_the_page_in_its_own_words():
    shown = dict(re.findall(r"^\| `([\w/]+/)` \| (.+) \|$", TEXT, re.MULTILINE))
    floors = dict(re.findall(r"^### `([\w/]+/)`\n\n(.+)$", TEXT, re.MULTILINE))
    assert shown | floors == rooms()


def test_every_room_says_what_it_decides():
    assert [room for room, said in rooms().items() if not said.endswith(".")] == []
