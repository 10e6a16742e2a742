"""Texts of lessons: Markdown in, and nothing that a browser runs or fetches from elsewhere out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.telling.markdown import TAGS, shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Kop", "<h2>Kop</h2>"),
        ("###### Laag", "<h6>Laag</h6>"),
        ("**vet** en *schuin*", "<p><strong>vet</strong> en <em>schuin</em></p>"),
        ("- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>"),
        ("3. drie", '<ol start="3">\n<li>drie</li>\n</ol>'),
        ("| a |\n|---|\n| b |", None),
    ],
)
def test_what_writers_use_is_shown(text, html):
    assert shown(text).strip() == html if html else "<td>b</td>" in shown(text)


def test_a_link_leads_out_and_tells_nobody_from_where():
    said = shown("[kijk](https://example.org)")
    assert 'href="https://example.org"' in said
    assert 'rel="noopener noreferrer"' in said


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="https://example.org/x.png">',
        "![x](https://example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '<a onclick="x()">x</a>',
        "<iframe src=//example.org></iframe>",
    ],
)
def test_nothing_runs_and_nothing_comes_from_elsewhere(text):
    said = shown(text)
    assert not re.search(r"<(script|img|iframe)|<[^>]+\b(onclick|src)=", said)
    assert 'href="javascript' not in said
    assert 'href="data' not in said


@given(st.text())
def test_no_text_brings_another_tag(text):
    assert set(re.findall(r"<([a-z0-9]+)", shown(text))) <= TAGS
