"""`docs/security.md` forgets no requirement, and names tests and files that are there."""

import re
from pathlib import Path

PAGE = Path("docs/security.md").read_text()
# How many requirements of level 1 and 2 each section of ASVS 5.0.0 begins with.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
ROW = re.compile(r"^\| (\d+\.[\d.,– ]+) \|.*\| (✓|○|op|–|✗) \| (.*) \|$", re.MULTILINE)


def _points(said: str) -> set[str]:
    """Return every point that the first cell of a row speaks of: one, or a span."""
    points = set()
    for part in said.split(", "):
        first, _dash, last = part.strip().partition("–")
        section, _dot, number = first.rpartition(".")
        end = int((last or first).rpartition(".")[2])
        points |= {f"{section}.{at}" for at in range(int(number), end + 1)}
    return points


def test_no_requirement_is_forgotten():
    wanted = {f"{name}.{at}" for name, last in SECTIONS.items() for at in range(1, last + 1)}
    said = set().union(*(_points(row[0]) for row in ROW.findall(PAGE)))
    assert len(wanted) == 253
    assert sorted(wanted - said) == []


def test_what_is_proved_names_a_proof_and_each_is_there():
    tests = {
        name
        for path in Path().glob("*/tests/**/*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    files = set(re.findall(r"`((?:\w+/)+[\w.]+\.\w+)`", PAGE))
    assert sorted(named - tests) == []
    assert [name for name in files if not Path(name).exists()] == []


def test_what_is_missing_is_explained_at_the_end():
    missing = {point for point, sign, _why in ROW.findall(PAGE) if sign == "✗"}
    explained = set(re.findall(r"\((\d+\.\d+\.\d+)\)", PAGE.split("## What is missing")[1]))
    assert {point.strip() for point in missing} == explained
