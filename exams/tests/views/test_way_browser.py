"""Applying for the exam in a browser: on a phone without scripts, and with a double click."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from exams.models import Application, Sample
from exams.releasing.way import Step
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    an_exam,
    an_exam_programme,
    work_on,
)
from exams.tests.walking import walk_to
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
    return a_coach(an_exam_programme(), name="Joris De Wachter")


@pytest.fixture
def mine(coach):
    here = coach.memberships.get().organisation
    programme = an_exam_programme(3, needed_xp=20, organisation=here)
    an_exam(programme, announcement_nl="Twee **delen**.")
    learner = a_member(Role.LEARNER, here, name="Lotte Aerts", language="en")
    return a_follower(programme, coach, learner=learner)


def complaints_of(window):
    found = Axe().run(window, options=STRICT).response["violations"]
    return [(one["id"], node["html"][:150]) for one in found for node in one["nodes"]]


def is_as_wide_as_the_screen(window):
    return window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_without_scripts_one_applies(windows, mine, coach):
    walk_to(Step.IN_REACH, mine, coach)
    window = windows(mine.learner, PHONE, scripts=False)
    window.goto(mine.get_absolute_url())
    window.get_by_role("button", name="Apply for the exam").click()
    expect(window.locator("#exam-box")).to_contain_text("Your coach checks whether you are ready")
    expect(window.get_by_role("button", name="Apply for the exam")).to_have_count(0)
    window.get_by_role("link", name="See the sample").click()
    expect(window.get_by_role("heading", name="Sample 1 of 1")).to_be_visible()
    assert Sample.objects.get().application is not None


def test_a_double_click_applies_once(windows, mine, coach):
    walk_to(Step.IN_REACH, mine, coach)
    window = windows(mine.learner)
    window.goto(mine.get_absolute_url())
    window.get_by_role("button", name="Apply for the exam").dblclick()
    expect(window.locator("#exam-box")).to_contain_text("Your coach checks whether you are ready")
    assert (Application.objects.count(), Sample.objects.count()) == (1, 1)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_after_a_refusal_the_feedback_leads_to_a_new_sample(windows, mine, coach, size):
    walk_to(Step.REFUSED, mine, coach)
    window = windows(mine.learner, size, reduced_motion="reduce")
    window.goto(mine.get_absolute_url())
    expect(window.locator("#exam-box")).to_contain_text("Application refused")
    assert complaints_of(window) == []
    assert is_as_wide_as_the_screen(window)
    window.get_by_role("link", name="Check feedback").click()
    expect(window.get_by_text("Bijna.")).to_be_visible()
    assert complaints_of(window) == []
    assert is_as_wide_as_the_screen(window)
    walk_on(mine)
    window.get_by_role("link", name="Back to the programme").click()
    expect(window.locator("#exam-box")).to_contain_text("You had 1 sample so far.")
    window.get_by_role("button", name="Ask for a new sample").click()
    expect(window.locator("#exam-box")).to_contain_text("Your coach draws a new sample")
    for tab in ("Samples", "Exam"):
        window.get_by_role("link", name=tab, exact=True).click()
        assert complaints_of(window) == []
        assert is_as_wide_as_the_screen(window)


def walk_on(enrolment):
    """Improve what was sent back."""
    a_hand_in(work_on(enrolment, 1), "Beter.")
