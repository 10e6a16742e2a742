"""Every mail that the product can send: as text and as HTML, in both languages."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core import mail

from learners.telling import notify
from learners.tests.factories import OrganisationFactory, UserFactory
from learners.tests.told import RIGHT_TO_LEFT
from lms.tests.own import own_sources
from lms.tests.samples import SAMPLES, kinds

pytestmark = pytest.mark.django_db
# An element that fetches something or runs; a mail has none.
FETCHES = {"img", "link", "script", "iframe", "object", "embed", "video", "audio", "form", "base"}


class Page(HTMLParser):
    """The elements of a mail with their attributes, and the text of its body."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def sent_to(user) -> tuple[str, str, Page]:
    """Mail what is due; return the subject, the text and the HTML of the only mail."""
    notify.send_due()
    (sent,) = mail.outbox
    ((html, kind),) = sent.alternatives
    assert (kind, sent.to) == ("text/html", [user.email])
    return sent.subject, sent.body, Page(html)


def tell(kind, said, language):
    user = UserFactory(language=language)
    message = notify.Message(
        user_id=user.pk,
        organisation_id=OrganisationFactory(name="Rode Kruis").pk,
        key="k",
        params=said,
        url="/my-learning/courses/7/",
    )
    notify.tell(kind=kind, messages=[message])
    return user


def test_each_kind_that_there_are_words_for_is_tried_here():
    assert {kind for kind, _said in SAMPLES} == kinds()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("kind", "said"), SAMPLES)
def test_each_kind_says_the_same_as_text_and_as_html(kind, said, language):
    subject, text, page = sent_to(tell(kind, said, language))
    assert [one["lang"] for one in page.all("html") + page.all("div")] == [language] * 2
    assert [one["dir"] for one in page.all("html") + page.all("div")] == ["ltr"] * 2
    assert len(page.all("h1")) == 1
    assert page.text.count(subject) >= 2  # the title and the heading
    assert not re.search(r"\{[{%]|&amp;|&lt;|\n\n\n|None", subject + text)
    shown = " ".join(page.text.split())
    for paragraph in re.split(r"\n+", text):
        if not paragraph.startswith(("http", "-- ")):
            assert " ".join(paragraph.split()).removesuffix(":") in shown


@pytest.mark.parametrize(("kind", "said"), SAMPLES)
def test_each_address_stands_in_full_in_the_text(kind, said, settings):
    _subject, text, page = sent_to(tell(kind, said, "en"))
    links = [str(one["href"]) for one in page.all("a")]
    assert [link for link in links if link not in text.split()] == []
    assert links[-1] == settings.PUBLIC_URL


@pytest.mark.parametrize(("kind", "said"), SAMPLES)
def test_no_mail_fetches_or_runs_anything(kind, said):
    user = tell(kind, said, "nl")
    notify.send_due()
    html = str(mail.outbox[0].alternatives[0][0])
    page = Page(html)
    assert not FETCHES & {name for name, _attributes in page.elements}
    assert not re.search(r"url\(|@import|src=|srcset=|background=|\son\w+=", html)
    assert {one["role"] for one in page.all("table")} == {"presentation"}
    assert mail.outbox[0].to == [user.email]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_title_is_text_however_it_looks(language):
    said = {"title_nl": "AED <script>&", "title_en": "AED <script>&"}
    subject, _text, page = sent_to(tell("learners/enrolled", said, language))
    assert "AED <script>&" in subject
    assert not page.all("script")
    assert "AED <script>&" in unescape(page.text)


def test_a_name_from_right_to_left_is_kept_apart_in_both_forms():
    said = {"title_nl": "EHBO", "title_en": "First aid", "learner": RIGHT_TO_LEFT}
    subject, _text, page = sent_to(tell("certifications/proof_waits", said, "en"))
    assert subject == f"\u2068{RIGHT_TO_LEFT}\u2069 handed in a proof for “First aid”"
    assert subject in page.text


def test_a_digest_is_a_list_with_a_link_for_each_and_dates_in_words():
    kind, said = next(s for s in SAMPLES if s[1].get("about") == "both" and s[1]["own"])
    _subject, text, page = sent_to(tell(kind, said, "nl"))
    assert len(page.all("li")) == 4
    assert len([one for one in page.all("a") if "/my-certifications/4/" in str(one["href"])]) == 2
    assert "31 december 2026" in text
    assert "30 januari 2028" in page.text


def test_every_mail_is_written_in_the_one_place_that_makes_both_forms():
    writes = [path for path in own_sources() if "mail import Email" in path.read_text()]
    assert writes == [Path("learners/telling/mails.py")]
