"""Every page in both themes, without a violation that axe can see."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from certifications import evidence
from certifications.tests.factories import a_certification, assigned
from learners import enrolling, new_enrolments
from learners.models import Actor, Coaching, CourseKind, Organisation, Role, User
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_member,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
)
from lms.demo import data, lessons
from lms.tests.factories import certified
from lms.tests.pages import ADMIN, ASSESSOR, BOARD, COACH, LEARNER, PAGES, TEACHER, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Text reaches 7:1 on our own pages; Django's administration is held to the usual 4.5:1.
OURS = {"rules": {"color-contrast-enhanced": {"enabled": True}}}
# The pages that no address leads to, with what they show.
BROKEN: dict[str, dict[str, object]] = {
    "400": {},
    "403_csrf": {},
    "500": {"request_id": "7f3a92c1"},
    "503": {"address": "/", "sent": [("reason", "Verhuisd")]},
}
AS_THEY_ARE = {"preload": False}  # axe would fetch our imported style sheets from wrong addresses


@pytest.fixture
def _world(settings) -> None:
    """A learner with something of everything, and a teacher with a run of today."""
    settings.DEMO = True
    organisation = OrganisationFactory(name="Vrijwilligersacademie Vlaanderen")
    learner = a_member(Role.LEARNER, organisation, email=LEARNER, name="Lotte Aerts")
    teacher = a_member(Role.TEACHER, organisation, email=TEACHER, name="Mieke Vos")
    an_administrator(email=ADMIN, name="Ada Admin")
    run = a_run(-7, 0, 7, course=CourseFactory(organisation=organisation))
    run.teachers.add(teacher)
    new_enrolments.enrol_many(
        news=[new_enrolments.NewEnrolment(learner=learner, course=run.course, run=run)],
        by=None,
        actor=Actor.SYSTEM,
    )
    a_participant(run)
    certified(learner, 23)
    certified(learner, -30)
    a_run(9, course=CourseFactory(organisation=organisation, open_for_enrolment=True))
    _add_lessons(organisation, learner)
    _add_programme(organisation, learner)
    _add_certifications(organisation, learner)


def _add_lessons(organisation: Organisation, learner: User) -> None:
    """Let the learner follow an e-learning that has what the demo's has, as its admin knows it."""
    rows = data.read("lessons.toml")["lesson"]
    course = CourseFactory(organisation=organisation, kind=CourseKind.ELEARNING, code="GRENS")
    lessons.write_course(course, [row for row in rows if row["course"] == "VAV/GRENS"], learner)
    an_enrolment(course, learner)


def _add_programme(organisation: Organisation, learner: User) -> None:
    """Let the learner follow a programme in which a run is to be chosen, with a coach."""
    course = CourseFactory(organisation=organisation, title_nl="Levensreddend handelen")
    a_run(12, course=course)
    whole = enrolling.enrol_in_programme(
        learner=learner,
        programme=a_programme(course, organisation=organisation),
        by=None,
        actor=Actor.SYSTEM,
    )
    coach = a_member(Role.COACH, organisation, email=COACH, name="Joris De Wachter")
    Coaching.objects.create(enrolment=whole, coach=coach)
    a_member(Role.ASSESSOR, organisation, email=ASSESSOR, name="Oliver Bennett")
    a_member(Role.BOARD, organisation, email=BOARD, name="Fatima El Amrani")


def _add_certifications(organisation: Organisation, learner: User) -> None:
    """Assign one of each kind, and hand in a proof for a second external one."""
    course = CourseFactory(organisation=organisation, kind=CourseKind.ELEARNING)
    assigned(a_certification(course, title_nl="Intern", title_en="Intern"), learner)
    assigned(a_certification(kind="external", title_nl="Extern", title_en="Extern"), learner)
    proven = assigned(a_certification(kind="external", organisation=organisation), learner)
    upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof", "application/pdf")
    files = evidence.store(files=[upload], by=learner)
    evidence.hand_in(cycle=proven, files=files, by=learner, facts=evidence.Facts())


def sign_in(context, live_server, email: str) -> None:
    """Put the session of this person into the browser."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


def violations(window, page: Page) -> list[str]:
    """Visit a page and return what axe has against it, in a line each."""
    page.visit(window)
    return complaints_of(window, is_ours=not page.path.startswith("/admin/"))


def complaints_of(window, *, is_ours: bool = True) -> list[str]:
    """Return what axe has against the page that is shown, in a line each."""
    options = AS_THEY_ARE | OURS if is_ours else AS_THEY_ARE
    found = Axe().run(window, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:120]} {[why['message'] for why in node['any']]}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_violation(browser, live_server, theme):
    found = {}
    for who in sorted({page.who for page in PAGES}):
        context = browser.new_context(base_url=live_server.url, color_scheme=theme, locale="nl-NL")
        if who:
            sign_in(context, live_server, who)
        context.set_default_timeout(10_000)
        window = context.new_page()
        for page in PAGES:
            if page.who == who and (complaints := violations(window, page)):
                found[page.name] = complaints
        context.close()
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_what_went_wrong_has_one(browser, live_server, theme):
    context = browser.new_context(base_url=live_server.url, color_scheme=theme, locale="nl-NL")
    window = context.new_page()
    window.goto("/c/")
    found = {}
    for name, shown in BROKEN.items():
        request = None if shown else RequestFactory().get("/")
        window.set_content(render_to_string(f"{name}.html", shown, request))
        found[name] = complaints_of(window)
    context.close()
    assert not any(found.values()), found


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_on_the_way_to_a_saved_register_have_none(browser, live_server, theme):
    context = browser.new_context(base_url=live_server.url, color_scheme=theme, locale="nl-NL")
    sign_in(context, live_server, TEACHER)
    window = context.new_page()
    next(page for page in PAGES if page.name == "register").visit(window)
    window.locator("select[name^=status-]").first.select_option("completed")
    found = {}
    for name in ("register", "question", "saving"):
        found[name] = complaints_of(window)
        if name != "saving":
            window.get_by_role("button", name="Doorgaan", exact=True).first.click()
            window.wait_for_load_state()
    assert "/savings/" in window.url
    context.close()
    assert found == {"register": [], "question": [], "saving": []}
