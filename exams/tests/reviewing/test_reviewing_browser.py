"""Reviewing in a browser: remarks beside the work, feedback that keeps itself, the verdict."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from exams.models import Review, WorkState
from exams.reviewing import reviews
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from learners.models import Role
from learners.tests.factories import a_member
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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
