"""Codes for paid time: what they look like, and what is read of what somebody types."""

import pytest

from learners.people import codes


def test_a_code_has_nothing_that_is_taken_for_something_else():
    made = "".join(codes.new_code() for _one in range(200))
    assert not set(made) & set("01OIL")
    assert len(set(made)) == len(codes.ALPHABET)


WAYS = ["7F3K-92QX-MB4T", "7f3k92qxmb4t", " 7F3K 92QX MB4T ", "7f3k–92qx—mb4t", "7F3K.92QXMB4T"]


@pytest.mark.parametrize("typed", WAYS)
def test_case_spaces_and_dashes_do_not_matter(typed):
    assert codes.read(typed) == "7F3K92QXMB4T"
    assert codes.shown(codes.read(typed)) == "7F3K-92QX-MB4T"


@pytest.mark.parametrize("typed", ["", "7F3K", "7F3K-92QX-MB4T-7", "7F3K-92QX-MB40", "é" * 12])
def test_what_cannot_be_a_code_is_none(typed):
    assert codes.read(typed) == ""
