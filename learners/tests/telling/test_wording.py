"""What is told, in parts: the words of a template without those between them."""

import pytest
from django.utils import translation

from learners.telling import wording
from learners.telling.wording import Address, Button, Heading, Item, Items, Paragraph

TEMPLATE = """
{% load wording %}
Nothing of this line is told.
{% subject %}
  About
  {{ title }}
{% endsubject %}
{% paragraph %}
  {{ reason }}
{% endparagraph %}
{% paragraph %}{% if no %}Not this{% endif %}{% endparagraph %}
{% heading %}Both{% endheading %}
{% for one in rows %}{% item one.title one.url %}said{% enditem %}{% endfor %}
{% button "/here/" %}To {{ title }}{% endbutton %}
{% button "" %}To nothing{% endbutton %}
{% address "https://elsewhere.example/a" %}
"""
ROWS = [{"title_nl": "Een", "title_en": "One", "url": "/1/"}, {"title_nl": "Twee", "title_en": ""}]


@pytest.fixture
def read(tmp_path, settings):
    settings.PUBLIC_URL = "https://leren.example.org"
    (tmp_path / "trying.txt").write_text(TEMPLATE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def read(language="en", **said):
        said = {"title_nl": "Een & ander", "title_en": "This & that", "rows": ROWS, **said}
        with translation.override(language):
            return wording.read("trying.txt", said)

    return read


def test_a_template_is_read_as_a_subject_and_parts(read):
    words = read(reason="Two\nlines <b>")
    assert words.subject == "About This & that"
    assert words.parts == [
        Paragraph("Two\nlines <b>"),
        Heading("Both"),
        Items([Item("One", "said", "https://leren.example.org/1/"), Item("Twee", "said")]),
        Button("To This & that", "https://leren.example.org/here/"),
        Address("https://elsewhere.example/a"),
    ]


def test_all_of_it_is_there_as_text(read):
    assert read(reason="So").body == (
        "So\n\nBoth\n\nOne: said\nhttps://leren.example.org/1/\n\nTwee: said\n\n"
        "To This & that:\nhttps://leren.example.org/here/\n\nhttps://elsewhere.example/a"
    )


@pytest.mark.parametrize(("language", "title"), [("nl", "Een & ander"), ("en", "This & that")])
def test_what_is_there_in_both_languages_is_said_in_that_of_the_reader(read, language, title):
    assert read(language).subject == f"About {title}"


def test_a_title_with_lines_makes_one_line_of_a_subject(read):
    assert (
        read(title_en="First\r\nBcc: all@example.org").subject == "About First Bcc: all@example.org"
    )


@pytest.mark.parametrize("name", ["نور الدين", "דנה", "Noor نور"])
def test_a_name_from_right_to_left_turns_nothing_around_it(read, name):
    assert read(title_en=name).subject == f"About \u2068{name}\u2069"
    assert read(rows=[{"title": name}]).parts[1] == Items([Item(f"\u2068{name}\u2069", "said")])


def test_a_name_from_left_to_right_is_as_it_was_typed():
    assert wording.isolated("Zoë Đặng 京子") == "Zoë Đặng 京子"
