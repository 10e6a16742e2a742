"""Every address, by everybody: what `docs/permissions.md` says is what happens."""

import pytest
from django.urls import get_resolver

from learners.tests.permissions.names import ADMINISTRATOR, NAMES
from learners.tests.permissions.parts import Asked
from lms.tests.permissions.asking import ask
from lms.tests.permissions.gathered import ADDRESSES, FOR_OTHERS, STORES_NOTHING, addresses
from lms.tests.permissions.readers import READERS, things_read
from lms.tests.permissions.table import ACT, LOOK, TO_SIGN_IN, Line, lines

pytestmark = pytest.mark.django_db
LINES = [line for line in lines() if not line.address.startswith("admin:")]


def test_every_address_has_a_line_and_every_line_an_address():
    assert set(addresses(get_resolver().url_patterns)) == {line.url_name for line in LINES}
    assert set(ADDRESSES) == {line.address for line in LINES}


def test_every_line_stands_there_once():
    said = [str(line) for line in lines()]
    assert sorted(set(said)) == sorted(said)


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_gets_what_the_table_says(line: Line, world):
    heard = {name: ask(world, name, line, ADDRESSES[line.address]) for name in line.cells}

    assert [
        f"{name}: {one.cell}" for name, one in heard.items() if one.cell != line.cells[name]
    ] == []
    assert {str(heard[name].status) for name in line.let_in} == set(line.answer.split()) - {"–"}
    assert [name for name in line.refused if heard[name].is_changed] == []
    if line.address not in FOR_OTHERS:
        assert [
            f"{name}: {thing}"
            for name, one in heard.items()
            for thing in things_read(world, one.text)
            if name not in READERS[thing]
        ] == []
    if line.how == ACT:
        does_something = any(heard[name].is_changed for name in line.let_in)
        assert does_something is (line.address not in STORES_NOTHING)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_asks_in_a_way_that_has_no_line(name, world):
    ways = {LOOK: "get", ACT: "post"}
    said = {(line.url_name, line.how) for line in LINES}
    unsaid = [
        (line, method)
        for line in LINES
        for how, method in ways.items()
        if (line.url_name, how) not in said
    ]

    heard = {
        f"{method} {line.address}": ask(world, name, line, _bare(line), method=method)
        for line, method in unsaid
    }

    assert {
        what: one.status
        for what, one in heard.items()
        if one.status != 405 and not (one.cell == TO_SIGN_IN and _leads_to_the_door(name, what))
    } == {}
    assert [what for what, one in heard.items() if one.is_changed] == []


def _leads_to_the_door(name: str, what: str) -> bool:
    """The administration asks everybody else to sign in, before it looks how it was asked."""
    return name == "nobody" or (" administration:" in what and name != ADMINISTRATOR)


def _bare(line: Line) -> Asked:
    """Return how to ask for the address of a line without a form."""
    return Asked(ADDRESSES[line.address].path)
