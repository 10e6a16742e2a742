"""The learners' guide to certifications, click by click and in its words, in Dutch and English."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from certifications import awarding
from certifications.models import Certificate, Evidence
from certifications.tests.factories import a_certification, assigned
from learners.models import Role
from learners.tests.factories import (
    OrganisationFactory,
    a_member,
    an_administrator,
    an_online_course,
)
from learners.tests.windows import DESK, PHONE

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


def press(page, name):
    page.locator("main").get_by_role("button", name=re.compile(f"^{name}")).first.click()


def follow_to_the_end(page) -> None:
    """Finish the lessons of a course, one after the other, until its page says that it is over."""
    for _lesson in range(9):
        finish = page.locator("form[data-finish] button")
        if not finish.count():
            return
        with page.expect_navigation():
            finish.click()


def a_course(organisation, title):
    return an_online_course(2, organisation=organisation, title_nl=title, title_en=title)


@pytest.mark.parametrize(
    ("language", "size", "scripts"),
    [("nl", DESK, True), ("en", PHONE, False)],
)
def test_the_guide_for_learners_from_its_first_to_its_last_section(
    windows, tmp_path, language, size, scripts
):
    say = WORDS[language]
    here = OrganisationFactory()
    learner = a_member(Role.LEARNER, here, language=language, name="Lotte Aerts")
    courses = [a_course(here, f"Deel {number}") for number in range(4)]
    both = {"title_nl": "Redder", "title_en": "Redder"}
    internal = a_certification(*courses, mandatory=courses[:2], minimum=2, **both)
    external = a_certification(
        kind="external",
        organisation=here,
        issuer="Rode Kruis",
        title_nl="Brevet",
        title_en="Brevet",
    )
    assigned(internal, learner, mode="nominated")  # what is mandatory needs no answer
    assigned(external, learner)
    page = windows(learner, size, scripts=scripts)

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

    # The newest pending course in the player, followed by the others, and the way back
    expect(page).to_have_url(re.compile("/lessons/"))
    followed = page.locator(".player-trail .player-step")
    expect(followed).to_have_count(3)
    expect(page.locator(".breadcrumbs").get_by_role("link", name="Redder")).to_be_visible()
    newest = page.locator(".breadcrumbs li").last.inner_text()

    # Completing certifications: two that are mandatory of four
    for course in courses[:2]:
        page.goto(internal.get_absolute_url())
        page.locator(".row-item", has_text=course.title_nl).get_by_role("button").click()
        follow_to_the_end(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Redder")
        awarding.drain()
    assert newest in {course.title_nl for course in courses}
    page.goto(internal.get_absolute_url())
    page.get_by_role("link", name=say["certificate"]).click()
    assert Certificate.objects.filter(learner=learner, cycle__isnull=False).count() == 1

    # Taking up external certifications
    page.goto("/my-learning/")
    page.locator("main").get_by_role("link", name="Brevet", exact=True).first.click()
    for words in say["facts"]:
        expect(page.locator("main dt, main h2").filter(has_text=words).first).to_be_visible()
    expect(page.get_by_text(say["browse"], exact=True)).to_be_visible()
    hand_in(page, say, tmp_path, "front.pdf")

    # Refused once, with a reason; tried again with the front and the back
    administrator = an_administrator(language=language)
    judging = windows(administrator)
    judging.goto("/proofs/")
    judging.locator("main").get_by_role("link", name="Lotte Aerts", exact=True).click()
    judging.locator("#id_reason").fill("The back is missing")
    with judging.expect_navigation():
        judging.locator("form[action$='/refuse/'] button").click()
    page.goto(external.get_absolute_url())
    expect(page.locator("#proof-card").get_by_text("The back is missing")).to_be_visible()
    hand_in(page, say, tmp_path, "front.pdf", "back.pdf")
    for name in ("front.pdf", "back.pdf"):
        expect(page.locator("#proof-card").get_by_text(name).first).to_be_visible()
    judging.goto("/proofs/")
    judging.locator("main").get_by_role("link", name="Lotte Aerts", exact=True).click()
    expect(judging.locator(".evidence-preview")).to_have_count(2)
    judging.locator("#id_obtained_on").fill("2026-01-15")
    with judging.expect_navigation():
        judging.locator("form[action$='/accept/'] button").click()
    assert Evidence.objects.accepted().count() == 1
    page.goto(external.get_absolute_url())
    expect(page.get_by_text(re.compile("Rode Kruis")).first).to_be_visible()


def hand_in(page, say, folder, *names):
    files = [folder / name for name in names]
    for file in files:
        file.write_bytes(b"%PDF-1.7 a proof")
    page.get_by_label(say["browse"]).set_input_files(files)
    press(page, say["upload"])
    expect(page.get_by_text(re.compile(say["uploaded"]))).to_be_visible()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("there", "rule"), [(2, {"mandatory": 2}), (4, {"minimum": 2})], ids=["all", "two of four"]
)
def test_who_completed_all_that_is_mandatory_and_enough_of_the_rest_is_certified(
    windows, language, there, rule
):
    say = WORDS[language]
    here = OrganisationFactory()
    learner = a_member(Role.LEARNER, here, language=language)
    courses = [a_course(here, f"Deel {number}") for number in range(there)]
    certification = a_certification(
        *courses,
        mandatory=courses[: rule.get("mandatory", 0)],
        minimum=rule.get("minimum"),
        title_nl="Redder",
        title_en="Redder",
    )
    assigned(certification, learner)
    page = windows(learner)
    for number in (1, 2):
        page.goto(certification.get_absolute_url())
        expect(page.get_by_role("link", name=say["certificate"])).to_have_count(0)
        press(page, say["start"])
        follow_to_the_end(page)
        awarding.drain()
        assert Certificate.objects.filter(cycle__isnull=False).count() == number // 2
    page.goto(certification.get_absolute_url())
    expect(page.get_by_role("link", name=say["certificate"])).to_be_visible()


def test_who_was_signed_out_meanwhile_loses_no_file_that_they_chose(
    windows, tmp_path, tasks_at_once
):
    here = OrganisationFactory()
    learner = a_member(Role.LEARNER, here, language="en")
    external = a_certification(kind="external", organisation=here, title_nl="Brevet")
    assigned(external, learner)
    page = windows(learner)
    page.goto(external.get_absolute_url())
    (tmp_path / "front.pdf").write_bytes(b"%PDF-1.7 a proof")
    page.get_by_label("Browse").set_input_files(tmp_path / "front.pdf")
    page.get_by_text("What it says, if you know it").click()
    page.get_by_label("Number").fill("NR-7")
    expect(page.get_by_text("Read back: it is right")).to_be_visible()
    kept = [c for c in page.context.cookies() if c["name"] == settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()

    press(page, "Upload")
    said = page.get_by_role("alert").filter(has_text="signed out")
    expect(said.get_by_role("link")).to_be_focused()
    page.context.add_cookies(kept)  # signed in again in another tab, with another token
    press(page, "Upload")

    expect(page.get_by_text("Your proof was uploaded")).to_be_visible()
    evidence = Evidence.objects.get()
    assert (evidence.number, evidence.files.count()) == ("NR-7", 1)
