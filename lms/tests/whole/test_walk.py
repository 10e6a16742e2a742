"""The one real path through the whole house, in a browser, as the teachers' guide describes it.

A teacher ticks and completes, a real worker makes the certificate, the learner downloads it, a
stranger checks it; then the teacher corrects, and the stranger sees it withdrawn.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from learners.models import Role
from learners.tests import factories
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = [
    pytest.param((DESK, True), id="desktop", marks=pytest.mark.services),
    pytest.param((PHONE, True), id="phone"),
    pytest.param((DESK, False), id="desktop-without-script"),
    pytest.param((PHONE, False), id="phone-without-script"),
]
PATIENCE = 60_000  # milliseconds for a worker on a busy machine


@pytest.fixture
def course(settings) -> SimpleNamespace:
    """A first aid course whose last meeting ended just now, with Sanne Vermeulen in it."""
    settings.UNDO_TIME = timedelta(seconds=1)
    organisation = factories.OrganisationFactory(name="Academie", code="ACA")
    run = factories.a_run(
        -8, -1, course=factories.CourseFactory(organisation=organisation, certificate_months=24)
    )
    teacher = factories.a_member(
        Role.TEACHER,
        organisation,
        name="Marieke Vos",
        email="teacher@example.org",
        password=factories.PASSWORD,
    )
    run.teachers.add(teacher)
    for name, email in (
        ("Sanne Vermeulen", "learner@example.org"),
        ("Emma Van den Broeck", "emma@example.org"),
        ("محمد عبد الله الحسني", "mohammed@example.org"),
    ):
        factories.a_participant(run, name=name, email=email, password=factories.PASSWORD)
    return SimpleNamespace(run=run)


@pytest.fixture(params=WAYS)
def window(request, windows) -> Callable[[str], Page]:
    """Opens a window for somebody new, as wide as this way of walking asks."""
    size, scripts = request.param

    def opened(email: str) -> Page:
        page = windows(size=size, scripts=scripts)
        if email:
            sign_in(page, email)
        return page

    return opened


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label(re.compile("E-mail")).fill(email)
    page.get_by_label(re.compile("Wachtwoord")).fill(factories.PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()


def open_participants(page: Page) -> None:
    """Step 1 of the guide: the blue tile, the gear, 'Deelnemers tonen'."""
    page.goto("/")
    page.locator("main").get_by_role("link", name="Mijn te geven opleidingen").click()
    page.locator(".gear summary").click()
    page.get_by_role("link", name="Deelnemers tonen").click()
    expect(page.get_by_role("columnheader", name="Studiestatus aanpassen")).to_have_count(1)


def row_of(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("row").filter(has_text=name)


def press_continue(page: Page) -> None:
    page.get_by_role("button", name="Doorgaan").click()


def press_save(page: Page) -> None:
    """Answer the page that says what will happen."""
    page.get_by_role("button", name="Opslaan").click()


def test_from_a_tick_to_a_certificate_that_anybody_can_check(course, window, worker, tmp_path):
    teacher = window("teacher@example.org")
    complete_sanne(teacher)

    learner = window("learner@example.org")
    code = download_certificate(learner, tmp_path / "certificate.pdf")
    assert "Sanne Vermeulen" in PdfReader(tmp_path / "certificate.pdf").pages[0].extract_text()

    stranger = window("")
    stranger.goto(code)
    expect(stranger.get_by_role("heading", name="Dit certificaat is geldig")).to_be_visible()
    expect(stranger.get_by_text("Sanne Vermeulen")).to_be_visible()

    correct_sanne(teacher)
    reload_until(stranger, stranger.get_by_role("heading", name=re.compile("ingetrokken")))


def complete_sanne(page: Page) -> None:
    """Steps 1 to 6: she was there and completed the course; about the others nothing is said."""
    open_participants(page)
    sanne = row_of(page, "Sanne Vermeulen")
    sanne.locator(".tick").click()
    sanne.get_by_label("Studiestatus aanpassen").select_option(label="Voltooid")
    sanne.get_by_label("Inzet").select_option(label="Goed")
    meetings = page.get_by_role("group", name="Aanwezigheid registreren per bijeenkomst")
    expect(meetings.get_by_role("checkbox", checked=True)).to_have_count(1)
    maximum = page.get_by_label("Maximum aantal studiepunten van deze cursus negeren?")
    expect(maximum).not_to_be_checked()
    press_continue(page)
    expect(page.get_by_role("heading", name="1 × voltooid: 1 certificaat")).to_be_visible()
    page.get_by_label("Niet geregistreerd").check()
    press_save(page)
    expect(page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen")).to_be_visible()


def download_certificate(page: Page, path: object) -> str:
    """Wait for the certificate, store it, and return the address of its public page."""
    page.goto("/my-learning/certificates/")
    link = page.get_by_role("link", name="Downloaden")
    reload_until(page, link)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(path)
    page.locator(".row-title").get_by_role("link", name="Eerste hulp bij ongevallen").click()
    stranger_sees = page.get_by_role("link", name="Bekijk het zoals een buitenstaander")
    return str(stranger_sees.get_attribute("href"))


def correct_sanne(page: Page) -> None:
    """The teacher was mistaken: says so, is told what that means, and goes on."""
    open_participants(page)
    status = row_of(page, "Sanne Vermeulen").get_by_label("Studiestatus aanpassen")
    status.select_option(label="Niet geslaagd")
    press_continue(page)
    expect(page.get_by_role("heading", name="1 certificaat wordt ingetrokken")).to_be_visible()
    press_save(page)
    expect(page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen")).to_be_visible()


def reload_until(page: Page, wanted) -> None:  # type: ignore[no-untyped-def]
    """Look again every second, as somebody would, until it is there."""
    for _ in range(PATIENCE // 1000):
        if wanted.count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(wanted).to_be_visible()
