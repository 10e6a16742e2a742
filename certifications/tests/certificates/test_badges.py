"""Badges: drawn from a title and a colour, and printed on the certificate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certifications.certificates import badges, pdf
from certifications.tests.sheets import a_sheet


@given(st.text(max_size=150))
def test_any_title_takes_at_most_three_short_lines(title):
    lines = badges.wrapped(title)
    assert 1 <= len(lines) <= badges.LINES
    assert max(map(len, lines)) <= badges.LONGEST


def test_a_long_word_stands_whole_in_smaller_letters():
    assert badges.wrapped("Heftruckbestuurder") == ["Heftruckbestuurder"]
    assert 'font-size="12"' in badges.drawn("Heftruckbestuurder", "#17389b")


@pytest.mark.parametrize("title", ["Levensredder", "<b>&</b>", "", "W" * 150])
def test_a_badge_is_drawn_for_every_title(title):
    picture = badges.drawn(title, "#17389b")
    assert picture.startswith("<svg")
    assert "<b>" not in picture


def test_a_certificate_with_a_badge_is_the_same_each_time_and_not_that_without():
    if pdf.why_not():
        pytest.skip(pdf.why_not())
    press = pdf.Press()
    with_badge = [press.print(a_sheet(badge="#b42318")) for _ in range(2)]
    assert with_badge[0] == with_badge[1]
    assert with_badge[0] != press.print(a_sheet())
