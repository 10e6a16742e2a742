"""Files in pieces in a real browser: what breaks on the way, and what the person is told."""

import hashlib
import os
import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from certifications.models import Evidence
from certifications.tests.factories import a_certification, assigned
from learners.models import Material, StoredFile, Upload
from learners.tasks import finish_upload
from learners.tests.factories import CourseFactory, UserFactory, an_administrator
from learners.tests.pictures import a_picture
from learners.tests.windows import DESK, PHONE, sign_in
from learners.uploading import finishing, tickets
from lms.tests.whole.test_pages_axe import complaints_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tasks_at_once"),
]

MEGABYTE = 1024 * 1024
RIGHT = re.compile("Teruggelezen: klopt")
PIECES = re.compile(r"/uploads/[^/]+/$")


@pytest.fixture
def learner():
    return UserFactory(name="Sanne Vermeulen", language="nl")


@pytest.fixture
def address(learner):
    """The page on which she hands in what she earned elsewhere."""
    certification = a_certification(kind="external", title_nl="Rijbewijs B")
    assigned(certification, learner)
    return certification.get_absolute_url()


@pytest.fixture
def report(tmp_path):
    """A report of 12 MB on her device."""
    path = tmp_path / "verslag 🌍.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(12 * MEGABYTE))
    return path


def choose(page: Page, *paths) -> None:
    page.locator("input[type=file]").first.set_input_files([str(path) for path in paths])


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Uploaden").click()


def is_whole(path) -> bool:
    stored = StoredFile.objects.get()
    return stored.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_file_is_there_before_its_form_is_sent(windows, learner, address, report, size):
    page = windows(learner, size)
    page.goto(address)
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert is_whole(report)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    hand_in(page)
    expect(page.get_by_text("Je bewijs is geüpload")).to_be_visible()
    assert Evidence.objects.get().files.get().file.name == report.name


def test_a_form_that_is_sent_too_early_waits_and_goes_by_itself(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)
    page.route(PIECES, lambda route: _after(page, 500, route))
    choose(page, report)
    hand_in(page)
    expect(page.get_by_text("Het wordt vanzelf verstuurd")).to_be_visible()
    expect(page.get_by_text("Je bewijs is geüpload")).to_be_visible()
    assert is_whole(report)


def _after(page: Page, milliseconds: int, route: Route) -> None:
    page.wait_for_timeout(milliseconds)
    route.continue_()


class Line:
    """A line that breaks whenever a test says so; `offsets` are those of the pieces that it let
    through."""

    def __init__(self, page: Page) -> None:
        self.is_cut = lambda _number: False
        self.number = 0
        self.offsets: list[int] = []
        page.route(PIECES, self.carry)

    def carry(self, route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        self.number += 1
        if self.is_cut(self.number):
            route.abort("connectionreset")
            return
        self.offsets.append(int(route.request.headers["upload-offset"]))
        route.continue_()


def _fails_first(route: Route, method: str, answers: Iterator[int]) -> None:
    """Answer so many requests of a method with these statuses, and let the others through."""
    if route.request.method == method and (status := next(answers, None)):
        route.fulfill(status=status, body="<html>")
    else:
        route.fallback()


def test_cut_again_and_again_it_goes_on_by_itself(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)
    line = Line(page)
    line.is_cut = lambda number: number in (2, 3, 6)
    choose(page, report)
    expect(page.get_by_text("De verbinding viel weg; het gaat vanzelf verder.")).to_be_visible()
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert is_whole(report)
    assert line.offsets == sorted(set(line.offsets))


def test_after_a_reload_the_same_file_goes_on_where_it_was(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)
    line = Line(page)
    line.is_cut = lambda number: number > 1
    choose(page, report)
    expect(page.get_by_text("De verbinding viel weg")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("5 van 1[23] MB staat er; kies hetzelfde"))).to_be_visible()
    line.is_cut = lambda _number: False
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert line.offsets[1] == 5 * MEGABYTE
    assert is_whole(report)
    assert not Upload.objects.exists()


def test_a_file_that_is_there_is_still_there_after_a_reload(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    page.reload()
    expect(page.get_by_text(RIGHT)).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("Je bewijs is geüpload")).to_be_visible()


def test_signed_out_on_the_way_it_goes_on_after_signing_in(
    windows, learner, address, report, live_server
):
    page = windows(learner)
    page.goto(address)
    line = Line(page)
    line.is_cut = lambda number: number == 2 and bool(Session.objects.all().delete())
    choose(page, report)
    expect(page.get_by_text("Je was afgemeld.")).to_be_visible()
    sign_in(page.context, live_server.url, learner)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert is_whole(report)


def test_two_windows_that_send_the_same_file_both_come_to_an_end(windows, learner, address, report):
    first, second = windows(learner), windows(learner)
    for page in (first, second):
        page.goto(address)
    for page in (first, second):
        choose(page, report)
    for page in (first, second):
        expect(page.get_by_text(RIGHT)).to_be_visible()
    hand_in(first)
    expect(first.get_by_text("Je bewijs is geüpload")).to_be_visible()
    assert Evidence.objects.count() == 1


def test_what_arrives_otherwise_is_refused_with_words(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)

    def spoil(route: Route) -> None:
        body = route.request.post_data_buffer
        if route.request.method == "PATCH" and body:
            route.continue_(post_data=body[:-1] + bytes([body[-1] ^ 1]))
        else:
            route.continue_()

    page.route(PIECES, spoil)
    choose(page, report)
    expect(page.get_by_text("Wat aankwam, is niet wat op je toestel staat")).to_be_visible()
    assert not StoredFile.objects.filter(let_go_at=None).exists()


def test_what_cannot_be_used_is_said_beside_it_and_keeps_the_form(
    windows, learner, address, tmp_path
):
    files = {"leeg.pdf": b"", "spel.exe": b"MZ\x90", "groot.pdf": b"%PDF-" + bytes(21 * MEGABYTE)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = windows(learner)
    page.goto(address)
    choose(page, *(tmp_path / name for name in files))
    for words in (
        "Dit bestand is leeg; kies een ander.",
        "Dit bestand kun je hier niet gebruiken.",
        "Dit bestand is 21 MB; hoogstens 20,0 MB is mogelijk.",
    ):
        expect(page.get_by_text(words)).to_be_visible()
    assert not Upload.objects.exists()
    hand_in(page)
    expect(page.get_by_text("Niet elk bestand staat er")).to_be_visible()
    page.get_by_role("button", name="Weghalen spel.exe").click()
    expect(page.get_by_text("Weggehaald: spel.exe")).to_be_visible()
    expect(page.locator(".upload-file")).to_have_count(2)


def test_an_executable_named_as_a_document_is_refused_once_it_is_looked_at(
    windows, learner, address, tmp_path
):
    (tmp_path / "verslag.pdf").write_bytes(b"MZ\x90\x00" + os.urandom(1000))
    page = windows(learner)
    page.goto(address)
    choose(page, tmp_path / "verslag.pdf")
    expect(page.get_by_text("Dit bestand kun je hier niet gebruiken.")).to_be_visible()


def test_it_is_paused_and_goes_on_by_keyboard(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)
    page.route(PIECES, lambda route: _after(page, 300, route))
    choose(page, report)
    page.get_by_role("button", name="Pauzeren verslag").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gepauzeerd")).to_be_visible()
    page.get_by_role("button", name="Verdergaan verslag").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert is_whole(report)


def test_a_choice_that_cannot_be_used_takes_no_file_away(windows, tmp_path):
    (tmp_path / "goed.png").write_bytes(a_picture())
    (tmp_path / "spel.exe").write_bytes(b"MZ")
    page = windows(an_administrator(language="nl"))
    page.goto("/admin/certifications/certification/add/")
    choose(page, tmp_path / "goed.png")
    expect(page.get_by_text(RIGHT)).to_be_visible()
    choose(page, tmp_path / "spel.exe")
    expect(page.get_by_text("Dit bestand kun je hier niet gebruiken.")).to_be_visible()
    expect(page.get_by_text(RIGHT)).to_be_visible()
    page.get_by_role("button", name="Weghalen spel.exe").click()
    expect(page.locator(".upload-file")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_how_it_goes(windows, learner, address, report, tmp_path, theme):
    (tmp_path / "spel.exe").write_bytes(b"MZ")
    (tmp_path / "klein.pdf").write_bytes(b"%PDF-1.7")
    page = windows(learner, PHONE, color_scheme=theme)
    page.goto(address)
    Line(page).is_cut = lambda number: number > 2
    choose(page, tmp_path / "klein.pdf", tmp_path / "spel.exe")
    expect(page.get_by_text(RIGHT)).to_be_visible()
    choose(page, report)
    expect(page.get_by_text("De verbinding viel weg")).to_be_visible()
    assert complaints_of(page) == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_does_not_say_how_far_it_is_is_asked_again(
    windows, learner, address, report, status
):
    page = windows(learner)
    page.goto(address)
    line = Line(page)
    line.is_cut = lambda number: number == 2
    answers = iter([status])
    page.route(PIECES, lambda route: _fails_first(route, "HEAD", answers))
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert line.offsets == sorted(set(line.offsets))
    assert is_whole(report)
    assert not Upload.objects.exists()


def test_signed_out_when_it_asks_how_far_it_is_it_goes_on_from_there(
    windows, learner, address, report, live_server
):
    page = windows(learner)
    page.goto(address)
    line = Line(page)
    line.is_cut = lambda number: number == 2
    sessions = [Session.objects.all()]

    def sign_out_first(route: Route) -> None:
        if route.request.method == "HEAD" and sessions:
            sessions.pop().delete()
        route.fallback()

    page.route(PIECES, sign_out_first)
    choose(page, report)
    expect(page.get_by_text("Je was afgemeld.")).to_be_visible()
    sign_in(page.context, live_server.url, learner)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert line.offsets == sorted(set(line.offsets))
    assert is_whole(report)


def test_where_the_answer_to_the_last_piece_is_lost_nothing_is_sent_again(
    windows, learner, address, report
):
    page = windows(learner)
    page.goto(address)
    sent = []

    def lose_the_last(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 3:
                route.fetch()
                route.abort("connectionreset")
                return
        route.continue_()

    page.route(PIECES, lose_the_last)
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert sent == [0, 5 * MEGABYTE, 10 * MEGABYTE]
    assert is_whole(report)


def test_what_is_gone_on_the_server_is_sent_from_its_beginning(windows, learner, address, report):
    page = windows(learner)
    page.goto(address)
    line = Line(page)
    line.is_cut = lambda number: number == 2 and bool(Upload.objects.all().delete())
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert is_whole(report)


def test_what_is_being_looked_at_is_still_there_after_a_reload(
    windows, learner, address, report, monkeypatch
):
    monkeypatch.setattr(finish_upload, "delay", lambda _upload_id: None)
    page = windows(learner)
    page.goto(address)
    choose(page, report)
    expect(page.get_by_text("het wordt bekeken")).to_be_visible()
    page.reload()
    expect(page.get_by_text("het wordt bekeken")).to_be_visible()
    finishing.finish_one(Upload.objects.get().pk)
    expect(page.get_by_text(RIGHT)).to_be_visible()


def test_a_page_that_stood_open_for_too_long_says_so(
    windows, learner, address, report, monkeypatch
):
    page = windows(learner)
    page.goto(address)
    monkeypatch.setattr(tickets, "LASTS", -1)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, report)
    expect(page.get_by_text("Deze pagina stond te lang open")).to_be_visible()
    assert sum(url.endswith("/uploads/") for url in asked) == 1


def test_a_proxy_that_takes_no_large_pieces_gets_small_ones_and_is_not_asked_for_ever(
    windows, learner, address, report
):
    page = windows(learner)
    page.goto(address)
    most, sizes = [MEGABYTE], []

    def proxy(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        sizes.append(len(body))
        if len(body) > most[0]:
            route.fulfill(status=413, body="<html>")
        else:
            route.continue_()

    page.route(PIECES, proxy)
    choose(page, report)
    expect(page.get_by_text(RIGHT)).to_be_visible()
    assert is_whole(report)
    most[0], sizes[:] = 1000, []
    choose(page, report)
    expect(page.get_by_text("Het lukte net niet.")).to_be_visible()
    assert len(sizes) < 10


def test_a_form_that_waits_is_not_sent_without_the_file_that_is_taken_away(
    windows, learner, address, report
):
    page = windows(learner)
    page.goto(address)
    page.route(PIECES, lambda route: route.abort() if route.request.method == "PATCH" else None)
    choose(page, report)
    page.evaluate(
        """() => {
            window.sent = 0;
            const form = document.querySelector("[data-upload]").closest("form");
            form.addEventListener("submit", (event) => { event.preventDefault(); window.sent++; });
        }"""
    )
    hand_in(page)
    expect(page.get_by_text("Het wordt vanzelf verstuurd")).to_be_visible()
    page.get_by_role("button", name="Weghalen verslag").click()
    expect(page.get_by_text("Weggehaald: verslag")).to_be_visible()
    assert page.evaluate("window.sent") == 0


def test_each_row_of_a_table_of_the_administration_takes_its_own_file(windows, report, tmp_path):
    (tmp_path / "spel.exe").write_bytes(b"MZ")
    course = CourseFactory()
    page = windows(UserFactory(is_staff=True, is_superuser=True, language="nl"))
    page.goto(reverse("admin:learners_course_change", args=[course.pk]))
    rows = page.locator("tr.form-row:not(.empty-form)")
    for number, path in enumerate((tmp_path / "spel.exe", report)):
        page.locator(".add-row a").click()
        rows.nth(number).locator("input[type=file]").set_input_files(str(path))
    expect(rows.nth(0).get_by_text("Dit bestand kun je hier niet gebruiken.")).to_be_visible()
    rows.nth(0).locator(".inline-deletelink").click()
    expect(rows).to_have_count(1)
    expect(rows.get_by_text(RIGHT)).to_be_visible()
    rows.locator("input[name$=-title]").fill("Verslag")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Material.objects.get().file.name == report.name


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_without_scripts_it_is_a_plain_choice_that_keeps_what_was_sent(
    windows, learner, address, tmp_path, size
):
    path = tmp_path / "verslag.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(1000))
    page = windows(learner, size, scripts=False)
    page.goto(address)
    choose(page, path)
    page.locator("summary").filter(has_text="Wat erop staat").click()
    page.get_by_label("Behaald op").fill("2026-02-01")
    page.get_by_label("Geldig tot").fill("2026-01-01")
    hand_in(page)
    expect(page.get_by_label("houden verslag.pdf")).to_be_checked()
    page.get_by_label("Geldig tot").fill("")
    hand_in(page)
    expect(page.get_by_text("Je bewijs is geüpload")).to_be_visible()
    assert Evidence.objects.get().files.get().file.name == "verslag.pdf"
