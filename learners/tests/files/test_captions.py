"""Captions: WebVTT that comes at the right moment, and a line for what is wrong."""

import contextlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from learners.files import captions

TWO = b"WEBVTT\n\n1\n00:00.000 --> 00:02.500\nHallo\n\n01:00:02.500 --> 01:00:04.000 line:0\nDag\n"


@pytest.mark.parametrize("content", [TWO, b"\xef\xbb\xbf" + TWO, TWO.replace(b"\n", b"\r\n")])
def test_captions_are_counted(content):
    assert captions.check(content) == 2


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "header", "WEBVTT"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSRT\n", "header", "WEBVTT"),
        (b"WEBVTT\n", "none", "no captions"),
        (b"WEBVTT\n\n00:01 --> 00:02\nx\n", "time", "Line 3"),
        (b"WEBVTT\n\n00:02.000 --> 00:02.000\nx\n", "order", "Line 3"),
        ("WEBVTT\n\né".encode("latin-1"), "encoding", "UTF-8"),
    ],
)
def test_what_is_wrong_is_said(content, code, said):
    with pytest.raises(ValidationError, match=said) as caught:
        captions.check(content)
    assert caught.value.code == code


@given(st.binary(max_size=300))
def test_no_file_makes_it_fail(content):
    with contextlib.suppress(ValidationError):
        assert captions.check(content) > 0
