"""Files for a spreadsheet: what somebody typed stays text in them."""

import pytest

from learners.spreadsheets import writing


def test_text_that_looks_like_a_formula_becomes_text() -> None:
    assert [writing.safe(text) for text in ("=1+1", "-2", "@x", "+3", "Ada")] == [
        "'=1+1",
        "'-2",
        "'@x",
        "'+3",
        "Ada",
    ]


@pytest.mark.parametrize(
    "start", [*writing.STARTS_FORMULA, " =", "\t=", "\n@", "=cmd|'/c calc'!A0"]
)
def test_no_cell_begins_as_a_formula(start):
    assert writing.safe(f"{start}1+1").startswith("'")
