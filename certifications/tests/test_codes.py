import pytest
from hypothesis import given
from hypothesis import strategies as st

from certifications import codes

CODES = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


@pytest.mark.parametrize(
    "typed",
    [
        "7F3K-92QX-MB4T",
        "7f3k92qxmb4t",
        " 7F3K 92QX MB4T ",
        "7f3k–92qx—mb4t",
        "7F3K.92QX.MB4T",
    ],
)
def test_a_code_is_read_however_it_was_typed(typed):
    assert codes.read(typed) == "7F3K92QXMB4T"


def test_letters_that_look_like_digits_are_read_as_those():
    assert codes.read("oOiI-lLuU-0000") == "00111" + "1VV0000"


@pytest.mark.parametrize("typed", ["", "7F3K", "7F3K-92QX-MB4T-7", "7F3K-92QX-MB4É", "x" * 5000])
def test_what_cannot_be_a_code_is_none(typed):
    assert codes.read(typed) == ""


@given(CODES)
def test_what_is_shown_is_read_back(code):
    assert codes.read(codes.shown(code)) == code
    assert codes.read(codes.shown(code).lower()) == code


def test_new_codes_are_codes_and_differ():
    made = {codes.new_code() for _ in range(1000)}
    assert len(made) == 1000
    assert all(codes.read(code) == code for code in made)
