"""Two people in two browsers, from the application to the last page of the instruction: what the
guide for participants says of XP, sample, refusal, early release and subscription, by the words
that are on the screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from exams.models import Application, Attempt, AttemptState, Sample
from exams.releasing import releases, way
from exams.releasing.way import Step
from exams.tests.factories import a_coach, a_follower, an_exam, an_exam_programme
from exams.tests.walking import walk_to
from learners.models import Enrolment, Role
from learners.tests.factories import a_member
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DUTCH = {
    "Apply for the exam": "Examen aanvragen",
    "Approve": "Goedkeuren",
    "Approve the sample": "Steekproef goedkeuren",
    "Assess": "Beoordelen",
    "Ask for a new sample": "Vraag een nieuwe steekproef",
    "Check feedback": "Feedback bekijken",
    "Draw": "Trekken",
    "Draw a sample": "Steekproef trekken",
    "Feedback": "Feedback",
    "Feedback about the whole": "Feedback over het geheel",
    "Hand in a new version": "Een nieuwe versie inleveren",
    "Next": "Volgende",
    "Open the exam": "Examen openen",
    "Reason": "Reden",
    "Refuse the sample": "Steekproef afwijzen",
    "Release early": "Vervroegd vrijgeven",
    "Release early…": "Vervroegd vrijgeven…",
    "Release the exam": "Examen vrijgeven",
    "Report": "Verslag",
    "Save and go on": "Opslaan en verdergaan",
    "Send back": "Terugsturen",
    "Start exam": "Start examen",
    "To the release": "Naar het vrijgeven",
    "To the subscription": "Naar het abonnement",
    "Use 10 days for free": "10 dagen gratis gebruiken",
    "Waits for me": "Wacht op mij",
    "What you hand in": "Wat je inlevert",
}
SIZES = {"nl": PHONE, "en": DESK}
ONCE = "Noem ook wie je sprak."
WHOLE = "Nu ben je er klaar voor."


class Clicking:
    """Somebody who clicks what they read, in their language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language

    def word(self, english: str) -> str:
        return DUTCH[english] if self.language == "nl" else english

    def sees(self, english: str) -> Locator:
        """Expect a heading, or whatever carries these words."""
        found = self.page.get_by_text(self.word(english), exact=True).first
        expect(found).to_be_visible()
        return found

    def clicks(self, english: str) -> None:
        """Click the link or button that begins with these words."""
        words = re.compile(rf"^\s*{re.escape(self.word(english))}\s*(:|\d*\s*$)")
        page = self.page
        either = page.get_by_role("link", name=words).or_(page.get_by_role("button", name=words))
        either.first.click()

    def fills(self, label: str, text: str) -> None:
        self.page.get_by_label(self.word(label), exact=True).fill(text)

    def fits(self) -> None:
        """Expect that nobody has to scroll sideways."""
        assert not self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture(params=["nl", "en"], ids=["nl-phone", "en-desk"])
def language(request) -> str:
    return request.param


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme, pages=3)
    return programme


@pytest.fixture
def coach(programme, language):
    return a_coach(programme, name="Bram Kuipers", language=language)


@pytest.fixture
def enrolment(programme, coach, language) -> Enrolment:
    person = {"name": "Sanne Vermeulen", "language": language}
    return a_follower(
        programme, coach, learner=a_member(Role.LEARNER, programme.organisation, **person)
    )


@pytest.fixture
def sits(windows, language) -> Callable[..., Clicking]:
    return lambda who: Clicking(windows(who, SIZES[language]), language)


def test_from_the_application_by_a_refusal_to_the_last_page(sits, enrolment, coach):
    walk_to(Step.IN_REACH, enrolment, coach)
    learner, coaching = sits(enrolment.learner), sits(coach)
    learner.page.goto(enrolment.get_absolute_url())
    learner.clicks("Apply for the exam")
    expect(
        learner.page.get_by_role("button", name=learner.word("Apply for the exam"))
    ).to_be_hidden()

    refuses(coaching)
    improves(learner)
    learner.page.goto(enrolment.get_absolute_url())
    learner.fits()
    learner.clicks("Ask for a new sample")
    assert step(enrolment) is Step.ASKED_AGAIN

    opens_what_waits(coaching, "Draw")
    coaching.clicks("Draw a sample")
    approves(coaching)
    coaching.fits()
    assert step(enrolment) is Step.TO_RELEASE
    coaching.clicks("To the release")
    coaching.fits()
    coaching.clicks("Release the exam")
    expect(coaching.page.locator(".notice-good").first).to_be_visible()
    assert step(enrolment) is Step.RELEASED

    reads_the_exam(learner)
    assert (Sample.objects.count(), Application.objects.count()) == (2, 2)
    assert Attempt.objects.get().state == AttemptState.STARTED


def test_released_early_with_a_reason_it_asks_no_sample(sits, enrolment, coach):
    here = enrolment.organisation
    here.early_release = True
    here.save()
    learner, coaching = sits(enrolment.learner), sits(coach)
    coaching.page.goto(f"/my-learners/{enrolment.pk}/exam/")
    coaching.clicks("Release early…")
    coaching.clicks("Release early")
    expect(coaching.page.locator(".invalid-feedback").first).to_be_visible()
    coaching.fits()
    coaching.fills("Reason", "Coachte zes jaar elders.")
    coaching.clicks("Release early")
    expect(coaching.page.get_by_text("Coachte zes jaar elders.")).to_be_visible()

    learner.page.goto(enrolment.get_absolute_url())
    learner.clicks("Open the exam")
    expect(learner.page.get_by_text("Coachte zes jaar elders.")).to_have_count(0)
    learner.clicks("Start exam")
    goes_to_the_last_page(learner)
    assert Attempt.objects.get().reason == "Coachte zes jaar elders."


def test_a_subscription_that_ended_keeps_the_exam_until_the_free_days_begin(sits, enrolment, coach):
    walk_to(Step.TO_RELEASE, enrolment, coach)
    attempt = releases.release(enrolment=enrolment, by=coach)
    here = enrolment.organisation
    here.programmes_need_subscription = True
    here.save()
    learner = sits(enrolment.learner)
    learner.page.goto(attempt.get_absolute_url())
    expect(learner.page.get_by_role("button", name=learner.word("Start exam"))).to_have_count(0)
    learner.fits()
    learner.clicks("To the subscription")
    learner.clicks("Use 10 days for free")

    learner.clicks("Open the exam")
    learner.clicks("Start exam")
    goes_to_the_last_page(learner)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.STARTED


def step(enrolment: Enrolment) -> Step:
    return way.of(enrolment).step


def opens_what_waits(coaching: Clicking, act: str) -> None:
    """Go from the people of a coach to what waits longest, and do this."""
    coaching.page.goto("/my-learners/")
    coaching.clicks("Waits for me")
    coaching.clicks(act)


def refuses(coaching: Clicking) -> None:
    """Send the first of two back, approve the other, and refuse the sample."""
    opens_what_waits(coaching, "Assess")
    judges(coaching, "Send back", ONCE)
    coaching.fits()
    judges(coaching, "Approve", "")
    coaching.fills("Feedback about the whole", "Bijna.")
    coaching.fits()
    coaching.clicks("Refuse the sample")
    expect(coaching.page.locator(".notice-good").first).to_be_visible()


def approves(coaching: Clicking) -> None:
    for _one in range(2):
        judges(coaching, "Approve", "Helder.")
    coaching.fills("Feedback about the whole", WHOLE)
    coaching.clicks("Approve the sample")


def judges(coaching: Clicking, verdict: str, feedback: str) -> None:
    coaching.page.get_by_label(coaching.word(verdict), exact=True).check()
    if feedback:
        coaching.fills("Feedback", feedback)
    coaching.clicks("Save and go on")


def improves(learner: Clicking) -> None:
    """Read from home what was said, and hand in a newer version of what was sent back."""
    goes_from_home(learner)
    if not learner.page.url.endswith("/feedback/"):
        learner.clicks("Check feedback")
    expect(learner.page.get_by_text(ONCE)).to_be_visible()
    expect(learner.page.get_by_text("Bijna.")).to_be_visible()
    learner.fits()
    sent_back = learner.page.locator("section.card", has_text=ONCE).get_by_role("link").first
    sent_back.click()
    expect(learner.page.get_by_text(ONCE).first).to_be_visible()
    learner.page.locator("[data-draft-text]").fill("Ik sprak Ilse en Tom.")
    learner.clicks("Hand in a new version")
    expect(learner.page.locator(".notice-good").first).to_be_visible()


def goes_from_home(learner: Clicking) -> None:
    """Follow the one row of a programme on home."""
    learner.page.goto("/")
    learner.page.locator("main .row-item a[href*='/my-learning/programmes/']").first.click()
    learner.page.wait_for_url("**/my-learning/programmes/**")


def reads_the_exam(learner: Clicking) -> None:
    """Open the exam from home, check the feedback at the top left, start it and read it."""
    goes_from_home(learner)
    if not learner.page.url.rstrip("/").endswith("/exam"):
        learner.clicks("Open the exam")
    learner.fits()
    learner.clicks("Check feedback")
    expect(learner.page.get_by_text(WHOLE)).to_be_visible()
    learner.page.go_back()
    learner.clicks("Start exam")
    goes_to_the_last_page(learner)


def goes_to_the_last_page(learner: Clicking) -> None:
    """Go through the three pages of the instruction, to what is handed in."""
    for number in (1, 2, 3):
        expect(learner.page.get_by_role("heading", level=1)).to_have_text(f"Pagina {number}")
        learner.clicks("Next")
    expect(learner.page.get_by_role("heading", level=1)).to_have_text(
        learner.word("What you hand in")
    )
    learner.sees("Report")
    expect(learner.page.get_by_role("link", name=learner.word("Next"))).to_have_count(0)
    learner.fits()
