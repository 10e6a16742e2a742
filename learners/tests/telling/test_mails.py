"""A mail: both forms of the same words, as an institution, readable in its colour."""

import re
from pathlib import Path

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from learners.models import Notification
from learners.telling import colours, mails, notify
from learners.telling.wording import Button, Item, Items, Paragraph, Words
from learners.tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = Path("static/css/tokens.css").read_text()
STYLE = Path("templates/email/style.css").read_text()


def html_of(words: Words, organisation=None) -> str:
    written = mails.write(words, to="noor@example.org", organisation=organisation)
    return str(written.alternatives[0][0])


def told(number: int, organisation_id=None) -> None:
    titles = {"title_nl": "Eerste hulp", "title_en": "First aid"}
    for _time in range(number):
        message = notify.Message(
            user_id=UserFactory().pk,
            organisation_id=organisation_id,
            key="k",
            params=titles,
            url="/",
        )
        notify.tell(kind="learners/enrolled", messages=[message])


def test_what_was_typed_is_text_in_both_forms():
    typed = '<script>alert(1)</script> & "quotes"'
    parts = [Paragraph(typed), Items([Item(typed, typed, "https://example.org/?a=1&b=2")] * 2)]
    words = Words(typed, [*parts, Button(typed, "https://example.org/?a=1&b=2")])
    html = html_of(words)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp;") == 8  # with that of the title
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert typed in words.body


def test_lines_that_were_typed_stay_lines():
    assert "Two<br>lines" in html_of(Words("S", [Paragraph("Two\nlines")]))


def test_a_list_of_one_is_no_list():
    one = Item("First aid", "valid until 3 May")
    assert "<ul" not in html_of(Words("S", [Items([one])]))
    assert html_of(Words("S", [Items([one, one])])).count("<li") == 2


def test_a_mail_is_from_the_institution_that_it_is_about_in_its_colour():
    told(1, OrganisationFactory(name="Rode Kruis & co", colour="#c8102e").pk)
    notify.send_due()
    (sent,) = mail.outbox
    html = str(sent.alternatives[0][0])
    assert "Deze mail komt van Rode Kruis & co, via Mijlpaal." in sent.body
    assert "Deze mail komt van Rode Kruis &amp; co, via Mijlpaal." in html
    assert "background-color: #c8102e" in html


def test_a_mail_about_no_institution_is_from_the_product():
    told(1)
    notify.send_due()
    (sent,) = mail.outbox
    assert "Deze mail komt van Mijlpaal." in sent.body
    assert mails.ITS_COLOUR in str(sent.alternatives[0][0])


def test_who_answers_by_itself_is_told_that_nobody_wrote_this():
    told(1)
    notify.send_due()
    assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


def test_what_was_told_as_an_institution_that_is_gone_stays():
    organisation = OrganisationFactory()
    told(1, organisation.pk)
    organisation.delete()
    assert Notification.objects.get().organisation is None


@pytest.mark.parametrize(("rows", "queries"), [(1, 4), (3, 10)])
def test_a_mail_asks_three_queries_and_its_looks_none(rows, queries, django_assert_num_queries):
    told(rows, OrganisationFactory().pk)
    # Which are due; of each: claim it, read it with its person and institution, note that it went.
    with django_assert_num_queries(queries):
        assert notify.send_due() == rows


def test_what_a_style_sheet_says_stands_at_each_element_too():
    html = html_of(Words("S", [Paragraph("P"), Button("B", "https://example.org")]))
    elements = re.findall(r"<(?:body|h1|p|a)\b[^>]*>", html)
    assert len(elements) == 7
    assert all("style=" in element for element in elements), elements
    assert "@media (prefers-color-scheme: dark)" in html


@given(COLOURS)
def test_words_in_and_on_the_colour_of_an_institution_can_be_read(colour):
    sender = mails.Sender("A", colour)
    for words, ground in (
        *((sender.on_light, ground) for ground in ("#ffffff", mails.LIGHT)),
        *((sender.on_dark, ground) for ground in ("#12161d", mails.DARK)),
        (sender.on_surface, sender.surface),
        ("#12161d", sender.on_dark),
    ):
        assert colours.contrast(words, ground) >= colours.READABLE


@pytest.mark.parametrize(
    ("colour", "surface", "words"),
    [
        ("#17389b", "#17389b", "#ffffff"),
        ("#f2c200", "#f2c200", "#1c2430"),
        ("#ffffff", mails.Sender("A", "#ffffff").on_light, "#ffffff"),
    ],
)
def test_a_button_has_the_colour_itself_where_that_can_be_read_and_seen(colour, surface, words):
    sender = mails.Sender("A", colour)
    assert (sender.surface, sender.on_surface) == (surface, words)


def test_a_mail_has_the_colours_of_the_house():
    used = set(re.findall(r"#[0-9a-f]{6}", STYLE)) | {mails.ITS_COLOUR, mails.LIGHT, mails.DARK}
    house = set(re.findall(r"#[0-9a-f]{6}", TOKENS)) | {"#ffffff"}
    assert used <= house
