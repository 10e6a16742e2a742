"""Every address of the administration, by everybody, as `docs/permissions.md` has it."""

from collections.abc import Iterator, Sequence

import pytest
from django.contrib import admin
from django.urls import URLPattern

from learners.tests.permissions.names import CLERK
from lms.tests.permissions import administration, gathered
from lms.tests.permissions.asking import ask
from lms.tests.permissions.table import ACT, Line, lines

pytestmark = pytest.mark.django_db
LINES = [line for line in lines() if line.address.startswith("admin:")]
STORES_NOTHING = {"admin:logout", *gathered.STORES_NOTHING}


def _addresses(patterns: Sequence) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"admin:{pattern.name or pattern.pattern}"
        else:
            yield from _addresses(pattern.url_patterns)


def test_every_address_has_a_line_and_every_line_an_address():
    assert set(_addresses(admin.site.urls[0])) == {line.url_name for line in LINES}


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_gets_what_the_table_says(line: Line, world):
    asked = administration.asked(line)
    heard = {name: ask(world, name, line, asked) for name in [*line.cells]}

    assert CLERK in heard
    wrong = {name: one.cell for name, one in heard.items() if one.cell != line.cells[name]}
    assert wrong == {}
    assert {str(heard[name].status) for name in line.let_in} == set(line.answer.split()) - {"–"}
    assert [name for name in line.refused if heard[name].is_changed] == []
    if line.how == ACT:
        does_something = any(heard[name].is_changed for name in line.let_in)
        assert does_something is (line.address not in STORES_NOTHING and line.answer != "–")
