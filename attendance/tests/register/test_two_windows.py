"""Two teachers who have one register open, each in a window of their own: what is the same cell and
what is not, and the page on which somebody answers whose value stands."""

import pytest
from playwright.sync_api import Page, expect

from attendance.models import Attendance
from attendance.tests.factories import a_class, a_teacher
from learners.models import Enrolment
from learners.tests.factories import a_participant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHANGED = "Iemand anders heeft dit intussen gewijzigd"

# kind of cell → two values: what a teacher fills in or chooses
CELLS = {
    "presence": ("present", "absent"),
    "late": ("10", "30"),
    "status": ("not_passed", "absent"),
    "effort": ("good", "very_good"),
    "remark": ("Belde om 13:50", "Komt volgende keer"),
}
# kind of cell → of whom it is filled in, and of whom nobody else fills it in
PEOPLE = {kind: (f"Anna {kind}", f"Bram {kind}") for kind in CELLS}


@pytest.fixture
def teachers(windows) -> tuple[Page, Page]:
    """Tom's window and that of the teacher who saves after him, with the same register open."""
    run, teacher, _people = a_class(-0.05, people=0)
    for pair in PEOPLE.values():
        for name in pair:
            a_participant(run, name=name)
    both = windows(a_teacher(run, name="Tom Claes")), windows(teacher)
    for page in both:
        page.goto(f"/teaching/{run.pk}/participants/")
    return both


def fill(page: Page, kind: str, value: str, who: str) -> None:
    """Fill in a cell as one does with a mouse and a keyboard."""
    row = page.get_by_role("row").filter(has_text=who)
    if kind == "presence":
        tick = page.get_by_role("checkbox", name=f"Aanwezig: {who}")
        tick.click()
        if value == "absent":
            tick.click()
    elif kind == "late":
        row.locator(".register-details summary").click()
        row.get_by_label("Minuten te laat").fill(value)
    elif kind == "remark":
        row.locator(".register-remark summary").click()
        row.get_by_label("Opmerking voor medewerkers").fill(value)
    else:
        label = {"status": "Studiestatus aanpassen", "effort": "Inzet"}[kind]
        page.get_by_label(f"{label}: {who}").select_option(value)


def save(page: Page) -> None:
    """Go on, and record nobody whom one did not touch."""
    with page.expect_navigation():
        page.get_by_role("button", name="Doorgaan").click()
    if "/question/" in page.url:
        left_open = page.get_by_label("Niet geregistreerd: ik kom erop terug")
        if left_open.count():
            left_open.check()
        with page.expect_navigation():
            page.get_by_role("button", name="Opslaan").click()


def stands(kind: str, who: str) -> str:
    """Return what is stored of somebody."""
    enrolment = Enrolment.objects.get(learner__name=who)
    if kind in ("status", "effort", "remark"):
        return str(getattr(enrolment, kind))
    mark = Attendance.objects.get(enrolment=enrolment)
    return mark.presence if kind == "presence" else str(mark.minutes_late)


def test_the_same_cell_with_another_value_is_asked_in_words(teachers):
    tom, mine = teachers
    for kind, (first, second) in CELLS.items():
        fill(tom, kind, first, PEOPLE[kind][0])
        fill(mine, kind, second, PEOPLE[kind][0])
    save(tom)
    expect(tom.get_by_text(CHANGED)).to_have_count(0)
    save(mine)
    question = mine.locator("form[action$='/differences/']")
    expect(question.get_by_role("heading")).to_have_text(CHANGED)
    for who, _other in PEOPLE.values():
        asked = question.get_by_role("group").filter(has_text=who)
        expect(asked.locator("label").nth(0)).to_contain_text("Tom Claes")
        expect(asked.get_by_role("radio").nth(0)).to_be_checked()
        expect(asked.locator("label").nth(1)).to_contain_text("wat jij invulde")
        asked.get_by_role("radio").nth(1).check()
    with mine.expect_navigation():
        question.get_by_role("button").click()
    for kind, (_first, second) in CELLS.items():
        assert stands(kind, PEOPLE[kind][0]) == second


def test_the_same_value_and_the_cells_of_others_go_together(teachers):
    tom, mine = teachers
    for kind, (first, second) in CELLS.items():
        fill(tom, kind, first, PEOPLE[kind][0])
        fill(mine, kind, first, PEOPLE[kind][0])
        fill(mine, kind, second, PEOPLE[kind][1])
    for page in (tom, mine):
        save(page)
        expect(page.get_by_text(CHANGED)).to_have_count(0)
    for kind, values in CELLS.items():
        assert tuple(stands(kind, who) for who in PEOPLE[kind]) == values
