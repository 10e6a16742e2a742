"""Every page in both themes, without a violation that axe can see."""

from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from certifications import evidence
from certifications.defining import publication
from certifications.models import Certification, Evidence
from certifications.tests.bulk import a_rule
from certifications.tests.factories import a_certification, assigned
from exams.assignments import drafts
from exams.conversing import conversations
from exams.defining import exams
from exams.models import Verdict
from exams.releasing.way import Step
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_remark,
    a_review,
    a_stored_file,
    an_exam,
    an_exam_programme,
    work_on,
)
from exams.tests.walking import walk_to
from learners.enrolling import entering, force_majeure, waiting_lists
from learners.evidence import judging
from learners.models import (
    Actor,
    Coaching,
    Course,
    CourseKind,
    ForceMajeure,
    ImportKind,
    Organisation,
    Role,
    StudyStatus,
    User,
)
from learners.people import code_batches
from learners.studying import new_enrolments, study_status
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
)
from learners.tests.importing.lists import a_csv, applied, checked
from lms.demo.chapters import lessons
from lms.demo.data import reading
from lms.tests.factories import certified
from lms.tests.pages import ADMIN, ASSESSOR, BOARD, COACH, LEARNER, PAGES, TEACHER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# axe would fetch our imported style sheets from wrong addresses, and tell all that is right.
QUIETLY = {"preload": False, "resultTypes": ["violations"]}
# The pages that no address leads to, with what they show.
BROKEN: dict[str, dict[str, object]] = {
    "400": {},
    "403_csrf": {},
    "500": {"request_id": "7f3a92c1"},
    "503": {"address": "/", "sent": [("reason", "Verhuisd")]},
}
AXE = Axe()
# A colour that glides from one theme into the other has arrived.
SETTLED = "Promise.allSettled(document.getAnimations().map(animation => animation.finished))"
LEARNERS, TEACHERS, ADMINISTRATORS = (
    [page for page in PAGES if page.who == who] for who in (LEARNER, TEACHER, ADMIN)
)
GROUPS = {  # a world for each
    "others": [page for page in PAGES if page.who in ("", COACH, ASSESSOR, BOARD)],
    "learner": LEARNERS,
    "teacher": TEACHERS,
    "administrator, first half": ADMINISTRATORS[::2],
    "administrator, second half": ADMINISTRATORS[1::2],
}


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
    _add_assignments(organisation, learner)
    _add_way(organisation, learner)
    _add_certifications(organisation, learner)
    _add_planning(organisation, learner, teacher)
    _add_registers(organisation, teacher)
    _add_withdrawals(organisation, learner)
    _add_assigning(organisation)
    _add_exemptions(organisation)
    _add_import(organisation)


def _add_planning(organisation: Organisation, learner: User, teacher: User) -> None:
    """Let the learner wait for one run and have a place in another, and the teacher plan one."""
    full = CourseFactory(organisation=organisation, code="REA", open_for_enrolment=True)
    run = a_run(16, course=full, code="GENT-3", capacity=1)
    a_participant(run)
    waiting_lists.enter_open(learner=learner, run=run)
    event = CourseFactory(organisation=organisation, code="EVENT", open_for_enrolment=True)
    entering.enrol_in_open_run(learner=learner, run=a_run(30, course=event))
    planned = a_run(20, 27, course=full, code="GENT-4", capacity=1)
    planned.teachers.add(teacher)
    a_participant(planned)
    waiting_lists.enter_open(learner=UserFactory(), run=planned)


def _add_registers(organisation: Organisation, teacher: User) -> None:
    """Let the teacher have a register that can be closed, and two that closed by themselves."""
    course = CourseFactory(organisation=organisation, title_nl="Eerste hulp bij ongevallen")
    for code, day in (("AALST-1", -4), ("KORTRIJK-1", -44), ("GENT-2", -320)):
        run = a_run(day, course=course, code=code)
        run.teachers.add(teacher)
        a_participant(run)


def _add_withdrawals(organisation: Organisation, learner: User) -> None:
    """Let the learner withdraw too late, and others prove why: one waits, one was refused."""
    course = CourseFactory(organisation=organisation, code="DEMENT")
    evidence = [_withdrawn(course, UserFactory()) for _ in range(2)]
    _withdrawn(course, learner, is_proved=False)
    judge = an_administrator()
    force_majeure.refuse(evidence=evidence[0], by=judge, reason="Niet leesbaar")


def _withdrawn(course: Course, who: User, *, is_proved: bool = True) -> ForceMajeure | None:
    """Withdraw somebody five days before a course, with evidence or without."""
    run = a_run(5, course=course)
    new = new_enrolments.NewEnrolment(learner=who, course=course, run=run)
    (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof", "application/pdf")
    return force_majeure.withdraw(
        enrolment=enrolment,
        by=who,
        actor=Actor.LEARNER,
        notified_on=course.organisation.today(),
        files=judging.store(files=[upload], by=who) if is_proved else (),
    )


def _add_exemptions(organisation: Organisation) -> None:
    """Have an exemption file that waits for consent, and one that was applied."""
    for code in ("VRIJ-1", "VRIJ-2"):
        course = CourseFactory(organisation=organisation, code=code)
        content = a_csv(
            f"{UserFactory().email},,{course.code},Basislijst",
            headings="learner,name,course,ground",
        )
        process = applied if code == "VRIJ-1" else checked
        process(organisation, content, kind=ImportKind.EXEMPTIONS)


def _add_import(organisation: Organisation) -> None:
    """Have a file of more lines than a page shows, that was refused for one of them."""
    course = CourseFactory(organisation=organisation, code="INVOER")
    lines = [f"{course.code},,nieuw{n}@example.org,Nieuw {n},,," for n in range(60)]
    checked(organisation, a_csv(*lines, "NERGENS,,nieuw@example.org,Nieuw,,,"))


def _add_assigning(organisation: Organisation) -> None:
    """Have a rule that assigns a certification to who teaches."""
    course = CourseFactory(organisation=organisation, kind=CourseKind.ELEARNING)
    certification = a_certification(course, title_nl="Docent", title_en="Teacher")
    a_rule(certification, group="role", organisation=organisation, role=Role.TEACHER)


def _add_lessons(organisation: Organisation, learner: User) -> None:
    """Let the learner follow an e-learning that has what the demo's has, as its admin knows it."""
    rows = reading.read("lessons.toml")["lesson"]
    course = CourseFactory(organisation=organisation, kind=CourseKind.ELEARNING, code="GRENS")
    lessons.write_course(course, [row for row in rows if row["course"] == "VAV/GRENS"], learner)
    an_enrolment(course, learner)


def _add_programme(organisation: Organisation, learner: User) -> None:
    """Let the learner follow a programme in which a run is to be chosen, with a coach."""
    course = CourseFactory(organisation=organisation, title_nl="Levensreddend handelen")
    a_run(12, course=course)
    whole = entering.enrol_in_programme(
        learner=learner,
        programme=a_programme(course, organisation=organisation),
        by=None,
        actor=Actor.SYSTEM,
    )
    coach = a_member(Role.COACH, organisation, email=COACH, name="Joris De Wachter")
    Coaching.objects.create(enrolment=whole, coach=coach)
    a_member(Role.ASSESSOR, organisation, email=ASSESSOR, name="Oliver Bennett")
    a_member(Role.BOARD, organisation, email=BOARD, name="Fatima El Amrani")


def _add_assignments(organisation: Organisation, learner: User) -> None:
    """Let the learner have an assignment in each state, and the coach and the board work."""
    programme = an_exam_programme(5, organisation=organisation)
    programme.title_nl, programme.title_en = "Vrijwilligers coachen", "Coaching volunteers"
    programme.save()
    coach = User.objects.get(email=COACH)
    hers = a_follower(programme, coach, learner=learner)
    a_review(a_hand_in(work_on(hers, 1)), coach)
    back = a_hand_in(work_on(hers, 2))
    a_remark(hand_in=back, by=coach, text="Wie zei dat?", place=1)
    a_review(back, coach, Verdict.SENT_BACK, "Schrijf op wat je hoorde.")
    a_hand_in(work_on(hers, 3), files=(a_stored_file(learner),))
    for window, text in (("home", "Ik begin hier."), ("work", "Of liever hier.")):
        work = work_on(hers, 4)
        drafts.save_text(work=work, by=learner, text=text, revision=0, window=window)
    conversations.say(work=work_on(hers, 3), by=learner, text="Mag het ook korter?")
    a_hand_in(work_on(a_follower(programme)))


def _add_way(organisation: Organisation, learner: User) -> None:
    """Release an exam to the learner that waits for a subscription; let the coach have a sample, a
    new one that was asked for and an exam to release; and let a version of an exam be made."""
    organisation.early_release = True
    organisation.save()
    coach = User.objects.get(email=COACH)
    for step in (Step.SAMPLE, Step.ASKED_AGAIN, Step.TO_RELEASE):
        programme = an_exam_programme(3, organisation=organisation)
        exam = an_exam(programme)
        walk_to(step, a_follower(programme, coach), coach)
    exams.begin(programme=exam.programme, by=an_administrator())
    closed = an_exam_programme(3, organisation=OrganisationFactory(), needed_xp=20)
    closed.title_nl, closed.title_en = "Wondzorg in de praktijk", "Wound care in practice"
    closed.save()
    an_exam(closed, announcement_nl="Begin **ruim** op tijd.")
    walk_to(Step.RELEASED, a_follower(closed, learner=learner), a_coach(closed))
    here = closed.organisation
    here.programmes_need_subscription = True
    here.save()
    code_batches.make(
        organisation=here, name="2026", days=30, number=2, ends_on=here.today(), by=None
    )


def _add_certifications(organisation: Organisation, learner: User) -> None:
    """Assign one of each kind, and hand in evidence for other external ones: some that waits, some
    that was refused and some that was accepted."""
    course = CourseFactory(organisation=organisation, kind=CourseKind.ELEARNING)
    assigned(a_certification(course, title_nl="Levensredder"), learner)
    assigned(a_certification(kind="external", title_nl="Rijbewijs B"), learner)
    _add_renewal(course, learner)
    judge = an_administrator()
    _hand_in(learner, a_certification(kind="external", organisation=organisation))
    refused = _hand_in(learner, a_certification(kind="external", title_nl="Heftruckbestuurder"))
    evidence.refuse(evidence=refused, by=judge, reason="De achterkant ontbreekt.")
    accepted = _hand_in(learner, a_certification(kind="external", title_nl="Hoger redder"))
    facts = evidence.Facts(obtained_on=timezone.localdate(), issuer="Redfed")
    evidence.accept(evidence=accepted, by=judge, facts=facts)


def _hand_in(learner: User, certification: Certification) -> Evidence:
    cycle = assigned(certification, learner)
    upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof", "application/pdf")
    files = evidence.store(files=[upload], by=learner)
    return evidence.hand_in(cycle=cycle, files=files, by=learner, facts=evidence.Facts())


def _add_renewal(course: Course, learner: User) -> None:
    """Let the learner have to renew what they completed a good while ago, and a second version of
    it be made."""
    study_status.change_status(
        enrolment=an_enrolment(course, learner),
        to=StudyStatus.COMPLETED,
        by=None,
        actor=Actor.SYSTEM,
        at=timezone.now() - timedelta(days=350),
    )
    rule = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
    certification = a_certification(course, title_nl="Brandwacht", accepts_days_old=400, **rule)
    assigned(certification, learner)
    publication.begin(certification=certification, by=an_administrator())


@pytest.fixture
def looked_at(windows):
    """Opens a window of this person, in which nothing moves."""

    def opened(who: str = ""):
        somebody = User.objects.get(email=who) if who else None
        return windows(somebody, reduced_motion="reduce")

    return opened


def complaints_of(window, *, is_ours: bool = True) -> list[str]:
    """Return what axe has against the page that is shown, in a line each.

    All of it in the light theme; in the dark one the colours, which are what a theme changes. Text
    reaches 7:1 on our own pages; Django's administration is held to the usual 4.5:1.
    """
    colours = ["color-contrast", *(["color-contrast-enhanced"] if is_ours else [])]
    everything = {"rules": {rule: {"enabled": True} for rule in colours}}
    found = []
    for theme, options in (("light", everything), ("dark", {"runOnly": colours})):
        window.emulate_media(color_scheme=theme)
        window.evaluate(SETTLED)
        told = AXE.run(window, options=QUIETLY | options).response["violations"]
        found += [
            f"{theme}: {violation['id']}: {node['html'][:120]} "
            f"{[why['message'] for why in node['any']]}"
            for violation in told
            for node in violation["nodes"]
        ]
    return found


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("pages", GROUPS.values(), ids=GROUPS)
def test_no_page_has_a_violation(looked_at, pages):
    windows = {who: looked_at(who) for who in {page.who for page in pages}}
    found = {}
    for page in pages:
        page.visit(windows[page.who])
        is_ours = not page.path.startswith("/admin/")
        if complaints := complaints_of(windows[page.who], is_ours=is_ours):
            found[page.name] = complaints
    assert found == {}


def test_every_page_is_visited():
    assert Counter(page for pages in GROUPS.values() for page in pages) == Counter(PAGES)


def test_no_page_of_what_went_wrong_has_one(looked_at):
    window = looked_at()
    answers = {
        f"/{name}/": render_to_string(
            f"{name}.html", shown, None if shown else RequestFactory().get("/")
        )
        for name, shown in BROKEN.items()
    }
    window.route(
        lambda url: urlsplit(url).path in answers,
        lambda route: route.fulfill(body=answers[urlsplit(route.request.url).path]),
    )
    found = {}
    for name in answers:
        window.goto(name)
        found[name] = complaints_of(window)
    assert not any(found.values()), found


@pytest.mark.usefixtures("_world")
def test_the_pages_on_the_way_to_a_saved_register_have_none(looked_at):
    window = looked_at(TEACHER)
    next(page for page in PAGES if page.name == "register").visit(window)
    window.locator("select[name^=status-]").first.select_option("completed")
    found = {}
    for name, button in (("register", "Doorgaan"), ("question", "Opslaan"), ("saving", "")):
        found[name] = complaints_of(window)
        if button:
            window.get_by_role("button", name=button, exact=True).first.click()
            window.wait_for_load_state()
    assert "/savings/" in window.url
    assert found == {"register": [], "question": [], "saving": []}
