"""What an address or a form names is a key, or nothing."""

import pytest

from learners.keys import key_in


@pytest.mark.parametrize(("text", "key"), [("0", 0), ("12", 12), ("9" * 18, 10**18 - 1)])
def test_a_number_is_a_key(text: str, key: int) -> None:
    assert key_in(text) == key


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "²", "٣", " 1", "9" * 19])
def test_anything_else_is_none(text: str) -> None:
    assert key_in(text) is None
