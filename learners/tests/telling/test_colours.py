import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.telling import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_what_stands_on_a_colour_can_be_read(colour):
    assert colours.contrast(colours.on(colour), colour) >= 3.9


@given(COLOURS)
def test_a_colour_on_paper_can_be_read(colour):
    assert colours.contrast(colours.readable(colour), colours.PAPER) >= colours.READABLE


@pytest.mark.parametrize(("colour", "ink"), [("#17389b", "#ffffff"), ("#f2c200", "#1c2430")])
def test_light_colours_take_ink_and_dark_ones_white(colour, ink):
    assert colours.on(colour) == ink


def test_contrast_is_that_of_wcag():
    assert round(colours.contrast("#000000", "#ffffff"), 2) == 21
    assert round(colours.contrast("#777777", "#ffffff"), 2) == 4.48
