"""How a register looks while somebody works in it: widths, heads, names, and withdrawals."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from attendance.tests.factories import a_class, a_crowd
from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.models import Actor, StudyStatus
from learners.tests.factories import a_participant, an_administrator
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATUS = "select[name^=status-] >> nth=0"
# How many pixels the chosen words are wider than the room that a select leaves them.
TOO_WIDE = """select => {
  const style = getComputedStyle(select);
  const brush = document.createElement("canvas").getContext("2d");
  brush.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const words = brush.measureText(select.selectedOptions[0].text.trim()).width;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return Math.max(0, Math.ceil(words - room));
}"""


def register(page: Page, run) -> Page:
    page.goto(f"/teaching/{run.pk}/participants/")
    return page


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_status_can_be_read_whole_once_it_is_chosen(windows, school, size, language):
    run, teacher, _people = school
    teacher.language = language
    teacher.save()
    page = register(windows(teacher, size), run)
    select = page.locator(STATUS)
    too_wide = {}
    for value in select.evaluate("one => [...one.options].map(option => option.value)"):
        select.select_option(value)
        expect(select).to_have_value(value)
        too_wide[value] = select.evaluate(TOO_WIDE)
    assert set(too_wide.values()) == {0}, too_wide


def test_the_heads_of_the_columns_stay_under_the_bar_while_a_long_list_scrolls(windows):
    run, teacher, _nobody = a_class(-7, people=0)
    a_crowd(run, 40)
    page = register(windows(teacher, DESK), run)
    head = page.get_by_role("columnheader", name="Aanwezig")
    before = head.bounding_box()["y"]
    page.locator(".register-row").nth(30).scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    page.wait_for_function("scrollY > 500")
    bar = page.locator(".topbar").bounding_box()
    expect(head).to_be_in_viewport()
    assert head.bounding_box()["y"] == pytest.approx(bar["y"] + bar["height"], abs=1)
    assert before > head.bounding_box()["y"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_names_stand_in_the_order_of_family_names_with_what_precedes_them(windows, size):
    run, teacher, _nobody = a_class(-7, people=0)
    for name in ("Zoë Aerts", "Anna van den Berg", "Bo Çelik", "Wim Vandenberghe", "Ann Aerts"):
        a_participant(run, name=name)
    page = register(windows(teacher, size), run)
    expect(page.locator("a.person-name")).to_have_text(
        ["Ann Aerts", "Zoë Aerts", "Bo Çelik", "Anna van den Berg", "Wim Vandenberghe"]
    )


def test_a_withdrawal_with_evidence_of_force_majeure_says_so_where_the_teacher_looks(windows):
    run, teacher, _nobody = a_class(5, people=0)
    noor = a_participant(run, name="Noor Janssens")
    note = SimpleUploadedFile("attest.pdf", b"%PDF-1.7 an attest", "application/pdf")
    evidence = force_majeure.withdraw(
        enrolment=noor,
        by=noor.learner,
        actor=Actor.LEARNER,
        notified_on=noor.organisation.today(),
        files=judging.store(files=[note], by=noor.learner),
    )
    page = register(windows(teacher, DESK), run)
    row = page.get_by_role("row").filter(has_text="Noor Janssens")
    expect(row.locator(".status-pill")).to_have_text(
        str(StudyStatus.WITHDRAWN_INVALID.label).capitalize()
    )
    force_majeure.accept(evidence=evidence, by=an_administrator(name="Ada Admin"))
    register(page, run)
    expect(row.locator(".status-pill")).to_have_text("Uitgeschreven met geldige reden")
    page.get_by_role("link", name="Noor Janssens").click()
    statuses = page.locator("section", has=page.get_by_role("heading", name="Studiestatus"))
    expect(statuses.get_by_role("listitem").first).to_contain_text("Ada Admin (beheerder)")
    expect(statuses.get_by_role("listitem").first).to_contain_text(
        "“Bewijs van overmacht geaccepteerd”"
    )
