"""The learners' guide to certifications, click by click and in its words, in Dutch and English."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from certifications import awarding
from certifications.models import Certificate, Evidence
from certifications.tests.factories import a_certification, an_elearning, assigned, completed
from learners.models import Enrolment, Role
from learners.tests.factories import OrganisationFactory, a_member, an_administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "nl": {
        "certifications": "Certificeringen",
        "mine": "Mijn leerervaring",
        "outstanding": "Openstaand",
        "pending": "Alle certificeringen in behandeling",
        "sort": "Sorteren op",
        "published": "Gepubliceerde datum",
        "relevance": "Relevantie",
        "filter": "Filteren",
        "start": "Start",
        "accept": "Accepteren",
        "browse": "Bladeren",
        "upload": "Uploaden",
        "facts": ("Geldig", "Uitgever", "Voltooiingsdatum", "Type", "Overzicht"),
        "uploaded": "Je bewijs is geüpload",
        "certificate": "Naar je certificaat",
    },
    "en": {
        "certifications": "Certifications",
        "mine": "My learning",
        "outstanding": "Outstanding",
        "pending": "All pending certifications",
        "sort": "Sort by",
        "published": "Date of publication",
        "relevance": "Relevance",
        "filter": "Filter",
        "start": "Start",
        "accept": "Accept",
        "browse": "Browse",
        "upload": "Upload",
        "facts": ("Valid", "Issuer", "Completion date", "Type", "Overview"),
        "uploaded": "Your proof was uploaded",
        "certificate": "To your certificate",
    },
}


@pytest.fixture
def window(browser, live_server):
    """Open a window in which somebody is signed in; it closes in the end."""
    contexts = []

    def opened(who, width=1440, *, scripts=True):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        client = Client()
        client.force_login(who)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def press(page, name):
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()


@pytest.mark.parametrize(("language", "width", "scripts"), [("nl", 1440, True), ("en", 390, False)])
def test_the_guide_for_learners_from_its_first_to_its_last_section(
    window, tmp_path, language, width, scripts
):
    say = WORDS[language]
    here = OrganisationFactory()
    learner = a_member(Role.LEARNER, here, language=language, name="Lotte Aerts")
    courses = [an_elearning(organisation=here) for _ in range(4)]
    for number, course in enumerate(courses):
        course.title_nl = course.title_en = f"Deel {number}"
        course.save()
    internal = a_certification(
        *courses, mandatory=courses[:2], minimum=2, title_nl="Redder", title_en="Redder"
    )
    external = a_certification(
        kind="external",
        organisation=here,
        issuer="Rode Kruis",
        title_nl="Brevet",
        title_en="Brevet",
    )
    assigned(internal, learner)
    assigned(external, learner)
    page = window(learner, width, scripts=scripts)

    # Taking up internal certifications
    page.goto("/")
    tile = page.locator(".tile", has_text=say["mine"])
    tile.get_by_role("link", name=say["certifications"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["certifications"])
    page.get_by_label(say["sort"]).select_option(label=say["published"])
    press(page, say["filter"])
    expect(page).to_have_url(re.compile("sort=published"))
    page.goto("/")
    page.get_by_role("link", name=say["pending"]).click()
    expect(page).to_have_url(re.compile("mode=pending"))
    page.goto("/")
    expect(page.get_by_role("heading", name=say["outstanding"])).to_be_visible()
    page.locator("main").get_by_role("link", name="Redder", exact=True).click()
    press(page, say["accept"])
    press(page, say["start"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Deel")

    # Completing certifications: two of four
    for course in courses[:2]:
        page.goto(internal.get_absolute_url())
        page.locator(".row-item", has_text=course.title_nl).get_by_role("button").click()
        completed(Enrolment.objects.get(learner=learner, course=course))
        awarding.drain()
    page.goto(internal.get_absolute_url())
    page.get_by_role("link", name=say["certificate"]).click()
    assert Certificate.objects.filter(learner=learner, cycle__isnull=False).count() == 1

    # Taking up external certifications
    page.goto("/my-learning/")
    page.locator("main").get_by_role("link", name="Brevet", exact=True).first.click()
    for words in say["facts"]:
        expect(page.locator("main dt, main h2").filter(has_text=words).first).to_be_visible()
    expect(page.get_by_text(say["browse"], exact=True)).to_be_visible()
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.7 a proof")
    page.get_by_label(say["browse"]).set_input_files(proof)
    press(page, say["upload"])
    expect(page.get_by_text(re.compile(say["uploaded"]))).to_be_visible()

    administrator = an_administrator(language=language)
    judging = window(administrator)
    judging.goto("/proofs/")
    judging.locator("main").get_by_role("link", name="Lotte Aerts").click()
    judging.locator("#id_obtained_on").fill("2026-01-15")
    judging.locator("form[action$='/accept/'] button").click()
    expect(judging.get_by_role("heading", level=1)).to_be_visible()
    assert Evidence.objects.accepted().count() == 1
    page.goto(external.get_absolute_url())
    expect(page.get_by_text(re.compile("Rode Kruis")).first).to_be_visible()
