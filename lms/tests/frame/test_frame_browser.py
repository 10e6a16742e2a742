"""The frame in a browser: the drawer, the menus and the skip link, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from learners.tests.factories import PASSWORD, UserFactory
from learners.tests.windows import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["with scripts", "without scripts"])
def phone(request, windows):
    """Somebody's phone, signed in."""
    who = UserFactory(language="en", name="Sanne Verhoeven")
    return windows(who, PHONE, scripts=request.param == "with scripts")


def test_the_drawer_opens_and_leads_on(phone):
    phone.goto("/")
    expect(phone.locator("#pane")).not_to_be_visible()
    phone.get_by_role("button", name="Menu", exact=True).click()
    phone.locator("#pane").get_by_role("link", name="My learning", exact=True).click()
    expect(phone.locator("h1")).to_have_text("My learning")
    expect(phone.locator("#pane")).not_to_be_visible()


def test_escape_closes_the_drawer(phone):
    phone.goto("/")
    phone.get_by_role("button", name="Menu", exact=True).click()
    phone.keyboard.press("Escape")
    expect(phone.locator("#pane")).not_to_be_visible()


def test_my_menu_speaks_the_other_language_and_signs_out(phone):
    phone.goto("/profile/")
    phone.get_by_role("button", name="Menu of Sanne Verhoeven").click()
    phone.locator("#me").get_by_role("button", name="Nederlands").click()
    expect(phone.locator("html")).to_have_attribute("lang", "nl")
    phone.locator(".me-button").click()
    phone.locator("#me form button").last.click()
    expect(phone).to_have_url(re.compile("/accounts/login/$"))


def test_the_keyboard_skips_to_the_content(phone):
    phone.goto("/")
    phone.keyboard.press("Tab")
    expect(phone.locator(".skip-link:focus")).to_have_text("Skip to the content")
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile("#main$"))


@pytest.mark.parametrize("path", ["/", "/my-learning/", "/profile/", "/notifications/", "/search/"])
def test_nothing_scrolls_sideways_on_a_phone(phone, path):
    phone.goto(path)
    box = phone.locator("body").bounding_box()
    assert box["width"] == PHONE["width"]


def test_a_form_with_an_error_begins_at_its_summary(page):
    UserFactory(email="noor@example.org", password=PASSWORD)
    page.goto("/accounts/login/")
    page.fill("#id_username", "noor@example.org")
    page.fill("#id_password", "wrong")
    page.locator("#id_password").press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#id_username")).to_have_value("noor@example.org")


def test_a_second_click_sends_nothing(page):
    page.goto("/accounts/forgotten/")
    page.fill("#id_email", "noor@example.org")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.locator("main form button[type=submit]").dblclick()
    page.wait_for_url("**/forgotten/sent/")
    assert len(posts) == 1
