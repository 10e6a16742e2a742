"""Answers in a real browser: a train, a session that is lost, two windows, phone and desk. Nothing
that was typed is lost, and what counts is said."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from exams.assignments import drafts
from exams.models import LONGEST_TEXT, DraftCopy, HandIn
from exams.tests.factories import a_follower, an_exam_programme, work_on
from learners.models import Role, User
from learners.tests.factories import a_member
from learners.tests.windows import PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = re.compile(r"^(Kept at|Bewaard om) \d\d:\d\d$")
AWAY = re.compile("No connection|Geen verbinding")
SIGNED_OUT = re.compile("You were signed out|Je bent afgemeld")
HAND_IN = "button[formaction$='/hand-in/']"
ON_DEVICE = "Object.keys(localStorage).filter((key) => key.startsWith('draft '))"


@pytest.fixture
def work():
    programme = an_exam_programme()
    names = {"name": "Sanne Vermeulen", "language": "nl"}
    learner = a_member(Role.LEARNER, programme.organisation, **names)
    return work_on(a_follower(programme, learner=learner))


@pytest.fixture
def learner(work) -> User:
    return work.enrolment.learner


def opened(page: Page, work) -> Page:
    page.goto(work.get_absolute_url())
    return page


def area(page: Page):
    return page.locator("[data-draft-text]")


def state(page: Page):
    return page.locator("[data-draft-state]")


def types(page: Page, text: str) -> None:
    area(page).press_sequentially(text)


def keeps(page: Page) -> None:
    expect(state(page)).to_have_text(KEPT)


def hands_in(page: Page) -> None:
    page.locator(HAND_IN).click()


def kept(work) -> str:
    return drafts.of(work).text


def test_what_is_typed_is_kept_by_itself_and_leaves_the_device(windows, learner, work):
    page = opened(windows(learner), work)
    types(page, "Ik zag drie mensen.")
    assert len(page.evaluate(ON_DEVICE)) == 1
    keeps(page)
    assert kept(work) == "Ik zag drie mensen."
    assert page.evaluate(ON_DEVICE) == []


def test_in_a_train_it_is_kept_on_the_device_and_is_there_after_the_page_was_lost(
    windows, learner, work
):
    page = opened(windows(learner), work)
    page.context.set_offline(True)
    types(page, "In de tunnel getypt")
    expect(state(page)).to_have_text(AWAY)
    hands_in(page)
    expect(state(page)).to_have_text(re.compile("Nothing was sent|Er is niets verstuurd"))
    assert not HandIn.objects.exists()
    page.close()  # the phone was out of battery
    later = page.context.new_page()
    page.context.set_offline(False)
    opened(later, work)
    expect(area(later)).to_have_value("In de tunnel getypt")
    keeps(later)
    assert kept(work) == "In de tunnel getypt"
    assert later.evaluate(ON_DEVICE) == []


def test_it_is_sent_by_itself_once_there_is_a_connection(windows, learner, work):
    page = opened(windows(learner), work)
    page.context.set_offline(True)
    types(page, "In de tunnel getypt")
    expect(state(page)).to_have_text(AWAY)
    page.context.set_offline(False)
    keeps(page)
    assert kept(work) == "In de tunnel getypt"


def test_signed_out_meanwhile_it_goes_on_after_signing_in_in_another_tab(
    windows, learner, work, live_server
):
    page = opened(windows(learner), work)
    Session.objects.all().delete()
    types(page, "Te lang nagedacht")
    expect(state(page)).to_have_text(SIGNED_OUT)
    expect(page.locator("[data-draft-sign-in]")).to_be_visible()
    hands_in(page)
    expect(state(page)).to_have_text(re.compile("Nothing was sent|Er is niets verstuurd"))
    page.context.clear_cookies()  # whoever signs in has another token
    sign_in(page.context, live_server.url, learner)
    hands_in(page)
    expect(page.locator(".notice-good").first).to_be_visible()
    assert HandIn.objects.get().text == "Te lang nagedacht"


def test_somebody_else_who_signs_in_there_is_shown_nothing_and_sends_nothing(
    windows, learner, work, live_server
):
    page = opened(windows(learner), work)
    other = a_follower(work.enrolment.programme)
    Session.objects.all().delete()
    types(page, "Van Sanne")
    expect(state(page)).to_have_text(SIGNED_OUT)
    sign_in(page.context, live_server.url, other.learner)
    theirs = opened(page.context.new_page(), work_on(other))
    expect(area(theirs)).to_have_value("")
    sign_in(page.context, live_server.url, learner)
    page.close()
    again = opened(theirs, work)
    expect(area(again)).to_have_value("Van Sanne")


def test_two_windows_the_one_that_is_behind_says_so_and_both_texts_stay(windows, learner, work):
    one = opened(windows(learner), work)
    two = opened(one.context.new_page(), work)
    types(two, "Het tweede venster")
    keeps(two)
    types(one, "Het eerste venster")
    expect(one.locator("[data-draft-beside]")).to_be_visible()
    assert kept(work) == "Het tweede venster"
    assert DraftCopy.objects.get().text == "Het eerste venster"
    hands_in(one)
    expect(one.locator("#answer-others")).to_contain_text("Het eerste venster")
    expect(area(one)).to_have_value("Het tweede venster")
    assert not HandIn.objects.exists()
    one.locator("#answer-others button[formaction$='/take/']").click()
    expect(area(one)).to_have_value("Het eerste venster")
    expect(one.locator("#answer-others")).to_contain_text("Het tweede venster")


def test_from_the_window_that_is_behind_its_own_text_can_be_chosen_at_once(windows, learner, work):
    one = opened(windows(learner), work)
    drafts.save_text(work=work, by=learner, text="Elders", revision=0)
    types(one, "Hier")
    one.locator("[data-draft-take]").click()
    expect(one.locator("#answer-others")).to_contain_text("Elders")
    expect(area(one)).to_have_value("Hier")
    assert kept(work) == "Hier"


def test_phone_then_desk_the_desk_shows_what_the_phone_typed(windows, learner, work):
    desk = opened(windows(learner), work)
    phone = opened(windows(learner, PHONE), work)
    types(phone, "Op de telefoon")
    keeps(phone)
    desk.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(area(desk)).to_have_value("Op de telefoon")
    types(desk, "Aan het bureau: ")
    keeps(desk)
    expect(desk.locator("[data-draft-beside]")).to_be_hidden()
    assert "Op de telefoon" in kept(work)
    assert "Aan het bureau" in kept(work)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.usefixtures("tasks_at_once")
def test_a_file_of_the_phone_is_there_at_the_desk_before_any_button_and_is_taken_away(
    windows, learner, work, tmp_path
):
    report = tmp_path / "verslag.pdf"
    report.write_bytes(b"%PDF-1.7\n%%EOF\n")
    phone = opened(windows(learner, PHONE), work)
    desk = opened(windows(learner), work)
    phone.locator("input[type=file]").first.set_input_files(str(report))
    row = "[data-draft-files] li"
    expect(phone.locator(row)).to_contain_text("verslag.pdf")
    expect(phone.locator("[data-upload] li.upload-file")).to_have_count(0)
    assert drafts.of(work).files.count() == 1
    desk.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(desk.locator(row)).to_contain_text("verslag.pdf")
    desk.locator(f"{row} button").click()
    expect(desk.locator(row)).to_have_count(0)
    types(phone, "Zie mijn verslag")
    keeps(phone)
    hands_in(phone)
    expect(phone.locator(".notice-late").first).to_be_visible()  # it did not show what the desk did
    assert not HandIn.objects.exists()
    hands_in(phone)
    expect(phone.locator(".notice-good").first).to_be_visible()
    assert not HandIn.objects.get().files.exists()


def test_where_the_server_is_busy_it_says_so_and_keeps_it_on_the_device(windows, learner, work):
    page = opened(windows(learner), work)
    page.route("**/draft/keep/", lambda route: route.fulfill(status=429, body="Too much"))
    types(page, "Te druk")
    expect(state(page)).to_have_text(re.compile("The server is busy|De server heeft het druk"))
    page.unroute("**/draft/keep/")
    keeps(page)
    assert kept(work) == "Te druk"


@pytest.mark.parametrize("status", [400, 413])
def test_what_is_too_much_is_said_and_not_sent_again_until_it_was_changed(
    windows, learner, work, status
):
    page = opened(windows(learner), work)
    asked = []

    def refuse(route):
        asked.append(route.request.method)
        route.fulfill(status=status, body="Too much")

    page.route("**/draft/keep/", refuse)
    area(page).fill("Te lang")
    expect(state(page)).to_have_text(re.compile("too much to send|te veel om"))
    for _time in range(2):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        page.evaluate("window.dispatchEvent(new Event('online'))")
    hands_in(page)
    expect(state(page)).to_have_text(re.compile("Nothing was sent|Er is niets verstuurd"))
    assert (asked, len(page.evaluate(ON_DEVICE))) == (["POST"], 1)
    page.unroute("**/draft/keep/")
    area(page).fill("Kort")
    keeps(page)
    assert (kept(work), page.evaluate(ON_DEVICE)) == ("Kort", [])


def test_a_text_left_behind_that_is_too_long_is_in_the_field_before_it_leaves_the_device(
    windows, learner, work
):
    page = opened(windows(learner), work)
    page.context.set_offline(True)
    text = "x" * (LONGEST_TEXT + 1)
    area(page).fill(text)
    expect(state(page)).to_have_text(AWAY)
    page.close()
    later = page.context.new_page()
    page.context.set_offline(False)
    opened(later, work)
    expect(area(later)).to_have_value(text)
    expect(state(later)).to_have_text(re.compile(str(LONGEST_TEXT)))
    (left,) = later.evaluate(ON_DEVICE)
    assert text in later.evaluate("(key) => localStorage.getItem(key)", left)
    area(later).fill("Kort")
    keeps(later)
    assert (kept(work), later.evaluate(ON_DEVICE)) == ("Kort", [])


def test_two_clicks_and_then_back_hand_in_once_and_ask_before_another_version(
    windows, learner, work
):
    page = opened(windows(learner), work)
    types(page, "Ik zag drie mensen.")
    page.locator(HAND_IN).dblclick()
    expect(page.locator(".notice-good").first).to_be_visible()
    assert HandIn.objects.count() == 1
    page.go_back()
    page.locator("details.disclosure").evaluate_all("all => all.forEach(one => one.open = true)")
    area(page).fill("Ik zag vier mensen.")
    keeps(page)
    hands_in(page)
    page.wait_for_load_state()
    expect(page.locator(".notice").first).to_be_visible()
    assert HandIn.objects.filter(text="Ik zag drie mensen.").count() == 1
    assert HandIn.objects.count() <= 2


def test_without_scripts_the_buttons_keep_and_hand_in(windows, learner, work):
    page = opened(windows(learner, scripts=False), work)
    area(page).fill("Zonder scripts")
    page.locator("[data-draft] button:not([formaction])[type=submit].btn-secondary").last.click()
    expect(area(page)).to_have_value("Zonder scripts")
    page.locator(HAND_IN).click()
    assert HandIn.objects.get().text == "Zonder scripts"


def test_signing_out_waits_until_what_was_typed_is_kept(windows, learner, work):
    page = opened(windows(learner), work)
    types(page, "Nog gauw getypt")
    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    page.wait_for_url("**/accounts/login/**")
    assert kept(work) == "Nog gauw getypt"
    assert page.evaluate(ON_DEVICE) == []
