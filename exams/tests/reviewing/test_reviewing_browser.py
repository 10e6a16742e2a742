"""Reviewing in a browser: remarks beside the work, feedback that keeps itself, the verdict."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from exams.models import HandInFile, Review, WorkState
from exams.reviewing import reviews
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_remark,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from learners.files import file_kinds, keeping
from learners.models import Role
from learners.tests.factories import a_member
from learners.tests.windows import DESK, PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON_DEVICE = "Object.keys(localStorage).filter((key) => key.startsWith('draft '))"
FILM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm"
STRICT = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}


@pytest.fixture
def coach():
    return a_coach(an_exam_programme(), name="Joris De Wachter", language="en")


@pytest.fixture
def work(coach):
    programme = an_exam_programme(organisation=coach.memberships.get().organisation)
    learner = a_member(Role.LEARNER, programme.organisation, name="Lotte Aerts")
    made = work_on(a_follower(programme, coach, learner=learner))
    a_hand_in(made, "Eerste regel.\nTweede regel.\nDerde regel.", (a_stored_file(learner),))
    return made


def complaints_of(window):
    found = Axe().run(window, options=STRICT).response["violations"]
    return [(one["id"], node["html"][:150]) for one in found for node in one["nodes"]]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_coach_remarks_on_a_line_writes_feedback_and_approves(windows, coach, work, size):
    window = windows(coach, size, reduced_motion="reduce")
    window.goto(work.get_review_url())
    window.locator("#line-2 .line-number").click()
    expect(window.get_by_label("Line", exact=True)).to_have_value("2")
    window.locator("#remark-text").fill("Sterk gezegd.")
    window.locator("#line-2").get_by_role("button", name="Add remark").click()
    expect(window.locator("#remarks .remark-words")).to_have_text("Sterk gezegd.")
    expect(window.locator("#line-2 .line-remark")).to_have_count(1)
    window.get_by_label("Feedback").fill("Mooi gedaan.")
    expect(window.locator("#kept")).to_contain_text("Kept at")
    assert Review.objects.get().feedback == "Mooi gedaan."
    assert complaints_of(window) == []
    expect(window.get_by_role("button", name="Approve")).to_be_in_viewport()
    window.get_by_role("button", name="Approve").click()
    expect(window.get_by_text("Approved. Lotte Aerts has been told.")).to_be_visible()
    expect(window.get_by_role("link", name="Back to the queue")).to_be_visible()
    assert complaints_of(window) == []
    work.refresh_from_db()
    assert work.state == WorkState.APPROVED
    (review,) = reviews.given(work.hand_ins.get())
    assert [(one.place, one.text) for one in review.remarks.all()] == [(2, "Sterk gezegd.")]


def test_the_reader_of_a_pdf_takes_the_focus_from_nobody_who_types(windows, coach, work):
    window = windows(coach)
    window.goto(work.get_review_url())
    window.get_by_label("Feedback").focus()
    window.evaluate("document.querySelector('iframe').loading = 'eager'")
    window.evaluate("document.querySelector('iframe').focus()")
    expect(window.get_by_label("Feedback")).to_be_focused()


def test_by_keyboard_alone_a_line_is_chosen_and_left_again(windows, coach, work):
    window = windows(coach)
    window.goto(work.get_review_url())
    window.locator("#line-1 .line-number").focus()
    window.keyboard.press("ArrowDown")
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    expect(window.locator("#line-3 #remark-text")).to_be_focused()
    window.keyboard.press("Escape")
    expect(window.locator("#line-3 .line-number")).to_be_focused()


def test_without_scripts_the_number_of_a_line_is_typed(windows, coach, work):
    window = windows(coach, scripts=False)
    window.goto(work.get_review_url())
    window.locator("#place-text").fill("3")
    window.locator("#remark-text").fill("Waarom?")
    window.get_by_label("Feedback").fill("Bijna.")
    window.get_by_role("button", name="Send back").click()
    expect(window.get_by_text("Sent back. Lotte Aerts has been told.")).to_be_visible()
    review = reviews.given(work.hand_ins.get()).get()
    assert (review.feedback, review.remarks.get().place) == ("Bijna.", 3)


def test_what_was_typed_is_there_after_signing_in_again(windows, coach, work, live_server):
    window = windows(coach, reduced_motion="reduce")
    HandInFile.objects.all().delete()  # the reader of a PDF takes the focus once it is there
    window.goto(work.get_review_url())
    Session.objects.all().delete()
    window.get_by_label("Feedback").fill("Mooi, en lang over nagedacht.")
    window.locator("#remark-text").fill("Sterk gezegd.")
    window.get_by_label("Your message").fill("Kom je morgen?")
    expect(window.locator("#kept")).to_contain_text("You were signed out")
    window.get_by_role("button", name="Approve").click()
    window.wait_for_url("**/give/")
    sign_in(window.context, live_server.url, coach)  # in another tab
    window.goto(window.url)
    expect(window.get_by_label("Feedback")).to_have_value("Mooi, en lang over nagedacht.")
    expect(window.locator("#remark-text")).to_have_value("Sterk gezegd.")
    expect(window.get_by_label("Your message")).to_have_value("Kom je morgen?")
    expect(window.locator("#kept")).to_contain_text("Kept at")
    window.locator("#place-text").fill("2")
    window.get_by_role("button", name="Approve").click()
    expect(window.get_by_text("Approved. Lotte Aerts has been told.")).to_be_visible()
    (review,) = reviews.given(work.hand_ins.get())
    assert (review.feedback, review.remarks.get().text) == (
        "Mooi, en lang over nagedacht.",
        "Sterk gezegd.",
    )
    window.get_by_role("button", name="Send message").click()
    expect(window.locator(".talk")).to_contain_text("Kom je morgen?")
    assert window.evaluate(ON_DEVICE) == []


def test_signed_in_again_in_another_tab_it_is_kept_and_given(windows, coach, work, live_server):
    window = windows(coach, reduced_motion="reduce")
    HandInFile.objects.all().delete()  # the reader of a PDF takes the focus once it is there
    window.goto(work.get_review_url())
    Session.objects.all().delete()
    window.get_by_label("Feedback").fill("Mooi.")
    expect(window.locator("#sign-in")).to_be_visible()
    window.context.clear_cookies()  # whoever signs in has another token
    sign_in(window.context, live_server.url, coach)
    window.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(window.locator("#kept")).to_contain_text("Kept at")
    window.get_by_role("button", name="Approve").click()
    expect(window.get_by_text("Approved. Lotte Aerts has been told.")).to_be_visible()


def test_two_windows_of_a_coach_show_each_other_and_one_text_is_chosen(windows, coach, work):
    here, there = windows(coach, reduced_motion="reduce"), windows(coach, reduced_motion="reduce")
    for window in (here, there):
        window.goto(work.get_review_url())
    here.get_by_label("Feedback").fill("Van hier.")
    expect(here.locator("#kept")).to_contain_text("Kept at")
    there.get_by_label("Feedback").fill("Van daar.")
    other = there.locator("#other-window")
    expect(other).to_contain_text("You went on in another window at")
    expect(other).to_contain_text("Van hier.")
    assert complaints_of(there) == []
    assert Review.objects.get().feedback == "Van hier."
    other.get_by_role("button", name="Use what is typed here").click()
    expect(there.locator("#kept")).to_contain_text("Kept at")
    expect(other).to_be_hidden()
    assert Review.objects.get().feedback == "Van daar."
    here.get_by_label("Feedback").fill("Van hier, verder.")
    here.locator("#other-window").get_by_role("button", name="Use the other text").click()
    expect(here.get_by_label("Feedback")).to_have_value("Van daar.")
    here.get_by_label("Feedback").fill("Van daar, en klaar.")
    expect(here.locator("#kept")).to_contain_text("Kept at")
    here.get_by_role("button", name="Approve").click()
    expect(here.get_by_text("Approved. Lotte Aerts has been told.")).to_be_visible()
    assert reviews.given(work.hand_ins.get()).get().feedback == "Van daar, en klaar."


def test_a_remark_takes_the_moment_of_a_film_and_leads_back_to_it(windows, coach):
    programme = an_exam_programme(organisation=coach.memberships.get().organisation)
    learner = a_member(Role.LEARNER, programme.organisation, name="Bram Kuipers")
    made = work_on(a_follower(programme, coach, learner=learner))
    report, film = a_stored_file(learner), a_film(learner)
    hand_in = a_hand_in(made, "Tekst.", (report, film))
    a_remark(hand_in=hand_in, by=coach, text="Lees terug", place=2, file=report)
    window = windows(coach)
    window.goto(made.get_review_url())
    window.locator(f".viewer-tab[href='#file-{film.pk}']").click()
    part = window.locator(f"#file-{film.pk}")
    set_moment(part, 83)
    part.get_by_role("button", name="At 1:23").click()
    expect(part.get_by_label("Moment")).to_have_value("1:23")
    part.get_by_label("Remark").fill("Mooi antwoord")
    part.get_by_role("button", name="Add remark").click()
    expect(window.locator("#remarks")).to_contain_text("film.webm, 1:23")
    set_moment(part, 0)
    window.get_by_role("link", name="verslag.pdf, page 2").click()
    frame = window.locator(f"#file-{report.pk} iframe")
    expect(frame).to_be_visible()
    expect(frame).to_have_attribute("src", re.compile(r"#page=2&"))
    window.get_by_role("link", name="film.webm, 1:23").click()
    expect(part).to_be_visible()
    assert part.locator("video").evaluate("film => film.currentTime") == 83


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_field_that_has_the_focus_stays_under_the_bar(windows, coach, work, size):
    window = windows(coach, size, reduced_motion="reduce")
    window.goto(work.get_review_url())
    for name in ("Feedback", "Remark"):
        window.get_by_label(name, exact=True).first.focus()
        window.wait_for_function(
            """() => document.activeElement.getBoundingClientRect().bottom
                <= document.querySelector(".review-bar").getBoundingClientRect().top"""
        )


def a_film(owner):
    upload = SimpleUploadedFile("film.webm", FILM)
    kinds = (file_kinds.WEBM,)
    return keeping.store(upload=upload, owner=owner, kinds=kinds, max_size=1_000_000)


def set_moment(part, second):
    """Let a film stand at a second, as its player says it does."""
    part.locator("video").evaluate(
        """(film, second) => {
            film.currentTime = second;
            film.dispatchEvent(new Event("timeupdate"));
        }""",
        second,
    )
