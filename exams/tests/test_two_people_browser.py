"""Two people in two browsers, from the enrolment to the last assignment that is reviewed."""

import re

import pytest
from playwright.sync_api import Page, expect

from exams.assignments import standing
from exams.models import HandIn, Verdict, WorkState
from exams.tests.factories import a_coach, a_follower, an_exam_programme
from learners.models import Role
from learners.tests.factories import a_member
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "nl": {"approve": "Goedkeuren", "send back": "Terugsturen", "waits": "Wacht op mij"},
    "en": {"approve": "Approve", "send back": "Send back", "waits": "Waits for me"},
}
HAND_IN = "button[formaction$='/hand-in/']"


@pytest.mark.parametrize(
    ("language", "size"), [("nl", PHONE), ("en", DESK)], ids=["nl-phone", "en-desk"]
)
def test_a_learner_and_a_coach_go_from_the_enrolment_to_the_last_review(windows, language, size):
    programme = an_exam_programme(2, needed_xp=20)
    coach = a_coach(programme, name="Bram Kuipers", language=language)
    person = {"name": "Sanne Vermeulen", "language": language}
    sanne = a_member(Role.LEARNER, programme.organisation, **person)
    enrolment = a_follower(programme, coach, learner=sanne)
    learning, coaching = windows(sanne, size), windows(coach, size)
    says = WORDS[language]

    hands_in(learning, "Mijn eerste indruk.")
    reviews(coaching, says, Verdict.SENT_BACK, "Noem ook wie je sprak.")

    learning.goto("/")
    learning.locator(f"main a[href*='/programmes/{enrolment.pk}/assignments/']").first.click()
    expect(learning.get_by_text("Noem ook wie je sprak.").first).to_be_visible()
    asks(learning, "Mag het ook een groepje zijn?")
    answers(coaching, says, "Ja, noem dan allen.")
    learning.reload()
    expect(learning.get_by_text("Ja, noem dan allen.")).to_be_visible()
    types_and_sends(learning, "Mijn eerste indruk, met Ilse en Tom.")
    reviews(coaching, says, Verdict.APPROVED, "Zo is het helder.")

    hands_in(learning, "Ik plande drie avonden.")
    reviews(coaching, says, Verdict.APPROVED, "")

    learning.goto(enrolment.get_absolute_url())
    expect(learning.get_by_text(re.compile("20 (of|van( de)?) 20 XP")).first).to_be_visible()
    assert not overflows(learning)
    assert not overflows(coaching)
    stands = standing.of(enrolment)
    assert [one.state for one in stands.asked] == [WorkState.APPROVED, WorkState.APPROVED]
    assert (stands.earned, stands.is_in_reach, HandIn.objects.count()) == (20, True, 3)


def hands_in(page: Page, text: str) -> None:
    """Go from home to what is to be made next, and hand this in."""
    page.goto("/")
    page.locator("main .row-item a[href*='/my-learning/programmes/']").first.click()
    if "/assignments/" not in page.url:
        page.locator(".exam-box-action").click()
    types_and_sends(page, text)


def types_and_sends(page: Page, text: str) -> None:
    page.locator("[data-draft-text]").fill(text)
    page.locator(HAND_IN).click()
    expect(page.locator(".notice-good").first).to_be_visible()


def reviews(page: Page, says: dict[str, str], verdict: Verdict, feedback: str) -> None:
    """Go from home to what waits longest, and say this of it."""
    from_home_to_the_queue(page, says)
    page.locator("main a[href*='/reviews/']").first.click()
    page.get_by_label("Feedback").fill(feedback)
    button = "approve" if verdict == Verdict.APPROVED else "send back"
    page.get_by_role("button", name=says[button]).click()
    expect(page.locator(".notice-good").first).to_be_visible()


def from_home_to_the_queue(page: Page, says: dict[str, str]) -> None:
    page.goto("/my-learners/")
    page.get_by_role("link", name=re.compile(says["waits"])).first.click()


def asks(page: Page, text: str) -> None:
    conversation = page.locator("#conversation")
    conversation.locator("textarea").fill(text)
    conversation.locator("button.btn-secondary").first.click()
    expect(conversation.get_by_text(text)).to_be_visible()


def answers(page: Page, says: dict[str, str], text: str) -> None:
    """Answer the question that waits longest."""
    from_home_to_the_queue(page, says)
    page.locator("main a[href*='/reviews/']").first.click()
    asks(page, text)


def overflows(page: Page) -> bool:
    """Whether one has to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
