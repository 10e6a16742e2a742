"""Pages that only come from doing something: two people at one register, and taking it back.

A walk is played once in the demo, by one person, perhaps with the help of another; at each stop
of it the page is drawn in every look. What it changes it takes back in the end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page

from lms.tests.pages import ADMIN, LEARNER, TEACHER

UNDECIDED = (
    "select[name^=status-]:has([value=completed]:enabled):has([value=not_passed]:enabled) >> nth={}"
)
ENROLMENTS = "/admin/learners/enrolment/"
UNDER_WAY = "/teaching/?q=KAMP"  # a run of which certificates are held until its last meeting


@dataclass(frozen=True)
class Stop:
    """A page on the way: its address, and the button there that shows it where no address does."""

    name: str
    address: str
    press: str = ""


@dataclass(frozen=True)
class Walk:
    """Who walks, who comes in between if anybody, and what they do."""

    who: str
    other: str
    stops: tuple[str, ...]
    play: Callable[[Page, Page], Iterator[Stop]]


def keep_a_register(teacher: Page, colleague: Page) -> Iterator[Stop]:
    """Fill in a register that a colleague saves meanwhile, answer, issue a certificate and undo."""
    for window in (teacher, colleague):
        window.goto(UNDER_WAY)
        window.goto(window.locator("main a[href*=participants]").first.get_attribute("href") or "")
    effort = "select[name^=effort-] >> nth=0"
    mine, theirs = _others_than(teacher, effort, 2)
    colleague.locator(effort).select_option(theirs)
    _press(colleague, "[name=continue]")
    teacher.locator(effort).select_option(mine)
    teacher.locator(UNDECIDED.format(1)).select_option("not_passed")
    teacher.locator(UNDECIDED.format(2)).select_option("completed")
    _press(teacher, "[name=continue]")
    yield Stop("register-question", teacher.url)
    _press(teacher, "form[action$='/save/'] [type=submit]")
    saving = teacher.url
    yield Stop("register-differences", saving)
    _press(teacher, "form[action$='/differences/'] [type=submit]")
    teacher.goto(saving)
    yield Stop("register-saved", saving)
    teacher.goto(teacher.locator("main a[href$='/issue/']").first.get_attribute("href") or "")
    yield Stop("register-issue", teacher.url)
    _press(teacher, "main form .btn-primary")
    teacher.goto(saving)
    teacher.locator("#progress .icon-block-good").wait_for(timeout=60_000)
    undo = "form[action$='/undo/'] [type=submit]"
    yield Stop("register-undo", saving, undo)
    _press(teacher, undo)
    _press(teacher, "[name=confirmed]")
    yield Stop("register-undone", saving)
    _press(colleague, undo)


def change_earlier_marks(teacher: Page, _other: Page) -> Iterator[Stop]:
    """Give everybody's first mark another value at all meetings, look at what is asked, and leave
    it."""
    teacher.goto("/teaching/?q=AALST-1")
    register = teacher.locator("main a[href*=participants]").first.get_attribute("href") or ""
    teacher.goto(register)
    teacher.locator("#all-meetings").check()
    for tick in teacher.locator("label.tick").all()[:6]:
        tick.click()
    yield Stop("register-earlier-marks", _continued(teacher))
    teacher.goto(register)
    _press(teacher, "form[action$='/forget/'] [type=submit], [formaction$='/forget/']")


def _continued(window: Page) -> str:
    _press(window, "[name=continue]")
    return window.url


def plan_a_series(teacher: Page, _other: Page) -> Iterator[Stop]:
    """Look at the days of a series before they are planned, and look for who is not there."""
    teacher.goto("/teaching/?q=GENT-4")
    run = teacher.locator("main a[href*=participants]").first.get_attribute("href") or ""
    yield Stop("register-nobody-found", f"{run}?q=zzz")
    yield Stop("register-found", f"{run}?q=an")
    plan = run.replace("participants/", "meetings/plan/")
    day = date.today() + timedelta(days=21)
    said = f"first_day={day}&begins=19:00&ends=22:00&weeks=1&times=4&place=Gent"
    yield Stop("meeting-plan-days", f"{plan}?{said}")


def change_run(learner: Page, _other: Page) -> Iterator[Stop]:
    """Ask what changing to another run means."""
    learner.goto("/my-learning/courses/?text=EVENT")
    for link in ("main .row-title a", "main a[href*=other-run]"):
        learner.goto(learner.locator(link).first.get_attribute("href") or "")
    run = learner.locator("main [name=run]").first.get_attribute("value")
    yield Stop("run-change-confirm", f"{learner.url}?run={run}")


def take_a_calendar(learner: Page, _other: Page) -> Iterator[Stop]:
    """Make the address of one's own calendar."""
    learner.goto("/profile/")
    _press(learner, "form[action$='/profile/calendar/'] [type=submit]")
    yield Stop("profile-calendar", "/profile/")


def act(administrator: Page, _other: Page) -> Iterator[Stop]:
    """Ask what archiving, cancelling, exempting and extending a term mean."""
    for name, rows, wanted in (
        ("admin-archive-programme", "/admin/learners/programme/", "archive"),
        ("admin-archive-course", "/admin/learners/course/", "archive"),
        ("admin-cancel-run", "/admin/learners/run/?when=coming", "cancel_run"),
        ("admin-extend-term", f"{ENROLMENTS}?status__exact=term_lapsed", "extend_term"),
        ("admin-exempt", f"{ENROLMENTS}?status__exact=enrolled", "exempt"),
        ("admin-archive", f"{ENROLMENTS}?status__exact=started", "archive"),
    ):
        administrator.goto(rows)
        row = administrator.locator("#result_list tbody th a").first.get_attribute("href")
        yield Stop(name, row or "", f"form:has([name=action][value={wanted}]) button")


def hand_in_nothing(learner: Page, _other: Page) -> Iterator[Stop]:
    """Press 'Upload' before choosing a file."""
    learner.goto("/my-learning/certifications/?text=rijbewijs")
    page = learner.locator("main .row-title a").first.get_attribute("href") or ""
    yield Stop("proof-upload-without-file", page, "form[action$='/proof/'] [type=submit]")


def judge(administrator: Page, _other: Page) -> Iterator[Stop]:
    """Accept evidence without a day, refuse it without a reason, and look at what assigning would
    do to many."""
    administrator.goto("/proofs/")
    waiting = administrator.locator("main .row-title a").first.get_attribute("href") or ""
    yield Stop("proof-accept-without-day", waiting, "form[action$='/accept/'] [type=submit]")
    yield Stop("proof-refuse-without-reason", waiting, "form[action$='/refuse/'] [type=submit]")
    jobs = "/admin/certifications/assigningjob/"
    yield Stop("admin-assign-many-without-whom", f"{jobs}add/", "main form [type=submit]")
    for name, state in (("preview", "ready"), ("done", "done")):
        administrator.goto(f"{jobs}?state__exact={state}")
        row = administrator.locator("#result_list tbody th a").first.get_attribute("href")
        yield Stop(f"admin-assigning-{name}", row or "")


def _others_than(window: Page, select: str, number: int) -> list[str]:
    """Return so many values that are not the chosen one."""
    chosen = window.locator(select).input_value()
    values = window.locator(select).locator("option").all()
    every = [one.get_attribute("value") or "" for one in values]
    return [value for value in every if value and value != chosen][:number]


def _press(window: Page, button: str) -> None:
    with window.expect_navigation():
        window.locator(button).first.click()


WALKS = (
    Walk(
        TEACHER,
        ADMIN,
        (
            "register-question",
            "register-differences",
            "register-saved",
            "register-issue",
            "register-undo",
            "register-undone",
        ),
        keep_a_register,
    ),
    Walk(
        TEACHER,
        "",
        ("register-nobody-found", "register-found", "meeting-plan-days"),
        plan_a_series,
    ),
    Walk(TEACHER, "", ("register-earlier-marks",), change_earlier_marks),
    Walk(LEARNER, "", ("run-change-confirm",), change_run),
    Walk(LEARNER, "", ("proof-upload-without-file",), hand_in_nothing),
    Walk(
        ADMIN,
        "",
        (
            "proof-accept-without-day",
            "proof-refuse-without-reason",
            "admin-assign-many-without-whom",
            "admin-assigning-preview",
            "admin-assigning-done",
        ),
        judge,
    ),
    Walk(LEARNER, "", ("profile-calendar",), take_a_calendar),
    Walk(
        ADMIN,
        "",
        (
            "admin-archive-programme",
            "admin-archive-course",
            "admin-cancel-run",
            "admin-extend-term",
            "admin-exempt",
            "admin-archive",
        ),
        act,
    ),
)
