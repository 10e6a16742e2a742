"""Mails as programs show them: on a small phone, light and dark, with a style sheet and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation

from learners.models import Organisation
from learners.telling import mails, wording
from lms.tests.samples import SAMPLES

pytestmark = pytest.mark.browser
# A mail stands within a page, whose landmarks are not its own.
PAGES_OWN = {rule: {"enabled": False} for rule in ("landmark-one-main", "region")}
AXE = {"preload": False, "resultTypes": ["violations"], "rules": PAGES_OWN}
SMALL = {"width": 320, "height": 640}
LONG = "Brandveiligheidsverantwoordelijkenbijscholing" * 2
INSTITUTIONS = [
    Organisation(name="Vlaamse Vormingsacademie", colour="#17389b"),
    Organisation(name=LONG, colour="#f2c200"),
    None,
]


@pytest.fixture(scope="module")
def written() -> list[str]:
    """The HTML of every sample, as one institution or another, with titles that are too long."""
    found = []
    for number, (kind, said) in enumerate(SAMPLES):
        app, name = kind.split("/")
        said = {**said, "title_nl": LONG, "course_nl": LONG, "title": LONG, "url": "/a/"}
        with translation.override("nl"):
            words = wording.read(f"{app}/notifications/{name}.txt", said)
            institution = INSTITUTIONS[number % len(INSTITUTIONS)]
            mail = mails.write(words, to="noor@example.org", organisation=institution)
        found.append(str(mail.alternatives[0][0]))
    return found


@pytest.fixture
def asked():
    """What was asked of the network."""
    return []


@pytest.fixture
def shown(browser, asked):
    """Shows a mail on a small phone in a theme."""
    page = browser.new_page(viewport=SMALL)
    page.on("request", lambda request: asked.append(request.url))

    def shown(html: str, theme: str):
        page.emulate_media(color_scheme=theme)
        page.set_content(html)
        return page

    yield shown
    page.close()


def complaints_of(page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_mail_is_wider_than_a_small_phone_nor_asks_for_anything(written, shown, asked, theme):
    for html in written:
        page = shown(html, theme)
        assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
    assert asked == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("keeps_style", [True, False])
def test_no_mail_has_a_violation(written, shown, theme, keeps_style):
    found = []
    for html in written[10:14]:  # evidence that waits, and the digests
        kept = html if keeps_style else re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
        found += complaints_of(shown(kept, theme))
    assert found == []


def test_a_mail_without_its_style_sheet_looks_the_same(written, shown):
    html = written[12]
    with_style = shown(html, "light").screenshot()
    bare = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    assert "<style" not in bare
    assert shown(bare, "light").screenshot() == with_style


def test_a_mail_is_dark_where_the_reader_asks_for_it(written, shown):
    ground = "getComputedStyle(document.body).backgroundColor"
    assert shown(written[0], "light").evaluate(ground) == "rgb(247, 246, 243)"
    assert shown(written[0], "dark").evaluate(ground) == "rgb(18, 22, 29)"
