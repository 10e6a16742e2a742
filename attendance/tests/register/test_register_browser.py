"""The teachers' guide, step by step and in its words: with and without scripts, desk and phone."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from attendance.models import Attendance
from attendance.tests.factories import a_class, a_crowd, mark, save, typed
from attendance.tests.keyboard import Keyboard
from certifications import awarding
from certifications.certificates import rendering
from learners.models import Enrolment
from learners.tests.factories import a_meeting
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = {"preload": False, "rules": {"color-contrast-enhanced": {"enabled": True}}}


def violations(page) -> list[str]:
    """Return what axe has against a page, in a line each."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def presences(meeting) -> dict[str, str]:
    marks = Attendance.objects.filter(meeting=meeting)
    return dict(marks.values_list("enrolment__learner__name", "presence"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_who_follows_the_guide_reaches_its_end(windows, school, size, scripts, settings):
    settings.UNDO_TIME = timedelta(0)
    run, teacher, _people = school
    page = windows(teacher, size, scripts=scripts)
    # Step 1: the blue tile, the gear, the participants
    page.goto("/")
    page.locator(".tile-primary", has_text="Mijn te geven opleidingen").click()
    page.locator("details.gear summary").click()
    page.get_by_role("link", name="Deelnemers tonen").click()
    # Step 2: present
    page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts").check()
    page.get_by_role("checkbox", name="Aanwezig: Daan Bakker").check()
    # Step 3: the study status
    status = page.get_by_label("Studiestatus aanpassen: Lotte Aerts")
    expect(status.locator("option")).to_have_text(
        [
            "Geen wijziging",
            "Voltooid",
            "Niet geslaagd",
            "Afwezig",
            "Uitgeschreven zonder geldige reden",
            "Uitgeschreven met geldige reden",
        ]
    )
    status.select_option(label="Voltooid")
    # Step 4: the meetings; the one that is on is chosen beforehand
    meetings = page.get_by_role("group", name="Aanwezigheid registreren per bijeenkomst")
    expect(meetings.get_by_role("checkbox").nth(1)).to_be_checked()
    every = page.get_by_label("Verwerk de aanwezigheid van de uitvoering in alle bijeenkomsten")
    maximum = page.get_by_label("Maximum aantal studiepunten van deze cursus negeren?")
    expect(every).not_to_be_checked()
    expect(maximum).not_to_be_checked()
    # Step 5: effort
    page.get_by_label("Inzet: Daan Bakker").select_option(label="Zeer goed")
    # Step 6: save; who was left open is asked about, and what others will see is said first
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_text("Jef Peeters").wait_for()
    expect(page.get_by_label("Afwezig")).to_be_checked()
    assert not Attendance.objects.exists()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen").wait_for()
    assert presences(run.meetings.last()) == {
        "Lotte Aerts": "present",
        "Daan Bakker": "present",
        "Jef Peeters": "absent",
    }
    statuses = dict(Enrolment.objects.values_list("learner__name", "status"))
    assert statuses["Lotte Aerts"] == "completed"
    assert Enrolment.objects.get(learner__name="Daan Bakker").effort == "very_good"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_page_after_saving_turns_ready_by_itself(windows, school, settings):
    settings.UNDO_TIME = timedelta(seconds=1)
    run, teacher, _people = school
    run.meetings.last().delete()
    run.ends_at = run.meetings.last().ends_at
    run.save()
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_label("Studiestatus aanpassen: Lotte Aerts").select_option(label="Voltooid")
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_text("Tot dan kun je dit ongedaan maken").wait_for()
    page.get_by_text("elk moment").wait_for()  # the undo time is over
    awarding.drain()
    rendering.render_waiting(seconds=60)
    page.get_by_text("1 certificaat is klaar").wait_for()


def test_marks_follow_the_meetings_until_somebody_touches_them(windows, school):
    run, teacher, people = school
    first, _second = run.meetings.all()
    mark(run, teacher, first, present=people[:1], absent=people[1:2])
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    ticks = page.locator("label.tick")
    chips = page.locator(".meeting-chip")
    expect(ticks).to_have_class(["tick tick-none"] * 3)
    chips.nth(0).click()
    expect(ticks).to_have_class(["tick tick-mixed", "tick tick-mixed", "tick tick-none"])
    page.get_by_role("checkbox", name="Aanwezig: Jef Peeters").check()
    chips.nth(1).click()
    expect(ticks).to_have_class(["tick tick-present", "tick tick-absent", "tick tick-present"])
    expect(page.locator("#save-words")).to_contain_text("1 aanwezigheid gewijzigd")


def test_a_click_goes_from_not_yet_to_present_to_absent_and_back(windows, school):
    run, teacher, _people = school
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    tick = page.get_by_role("checkbox", name="Aanwezig: Jef Peeters")
    label = page.locator("label.tick").last
    for look, is_checked in (("present", True), ("absent", False), ("none", False)):
        tick.click()
        expect(label).to_have_class(f"tick tick-{look}")
        expect(tick).to_be_checked(checked=is_checked)
    tick.click()
    tick.click()
    page.get_by_role("button", name="Allen aanwezig").click()
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen").wait_for()
    assert presences(run.meetings.last()) == {
        "Lotte Aerts": "present",
        "Daan Bakker": "present",
        "Jef Peeters": "absent",
    }


def test_the_keyboard_does_everything(windows, school):
    run, teacher, _people = school
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts").focus()
    for key in ("Space", "ArrowDown", "Space", "n", "ArrowDown", "u", "u", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.get_by_role("checkbox", name="Aanwezig: Daan Bakker")).to_be_checked()
    statuses = page.locator("select[name^=status]")
    for number, chosen in enumerate(["", "not_passed", "withdrawn_valid"]):
        expect(statuses.nth(number)).to_have_value(chosen)
    expect(page.get_by_label("Studiestatus aanpassen: Jef Peeters")).to_be_focused()


def test_a_register_of_several_pages_is_kept_to_its_end_by_keyboard_alone(windows):
    run, teacher, _nobody = a_class(-7, people=0)
    a_crowd(run, 104)
    page = windows(teacher)
    keyboard = Keyboard(page)
    keyboard.open_register()
    kept = keyboard.keep()
    assert (kept.pages, kept.ticked, kept.failed) == (2, 104, 2)
    expect(page).to_have_url(re.compile("/savings/"))
    assert Attendance.objects.filter(presence="present").count() == 104
    assert Enrolment.objects.filter(status="not_passed").count() == 2


def test_end_and_home_go_to_the_button_that_saves_and_back_to_the_first_row(windows, school):
    run, teacher, _people = school
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    tick = page.get_by_role("checkbox", name="Aanwezig: Daan Bakker")
    tick.focus()
    page.keyboard.press("End")
    expect(page.locator("[name=continue]")).to_be_focused()
    tick.focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts")).to_be_focused()


def test_nothing_moves_when_a_remark_opens_and_it_can_be_typed_at_once(windows, school):
    run, teacher, _people = school
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    cells = page.locator(".register-row, .register-row select")
    before = [cell.bounding_box() for cell in cells.all()]
    page.locator(".register-remark summary").nth(1).click()
    expect(page.locator(".register-remark input").nth(1)).to_be_focused()
    assert [cell.bounding_box() for cell in cells.all()] == before
    page.keyboard.type("Belde om 13:50")
    expect(page.locator(".register-remark input").nth(1)).to_have_value("Belde om 13:50")


def test_names_are_filtered_while_typing_and_nothing_typed_is_lost(windows, school):
    run, teacher, _people = school
    page = windows(teacher, PHONE)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts").check()
    page.get_by_label("Filter op naam").fill("péét")
    expect(page.locator(".register-row:visible")).to_have_count(1)
    page.get_by_label("Filter op naam").fill("")
    expect(page.locator(".register-row:visible")).to_have_count(3)
    expect(page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts")).to_be_checked()


def test_going_back_from_the_question_counts_what_was_typed_and_lets_it_be_taken_back(
    windows, school
):
    run, teacher, _people = school
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts").check()
    tick = page.get_by_role("checkbox", name="Aanwezig: Daan Bakker")
    tick.check()
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_role("link", name="Terug naar de deelnemers").click()
    words = page.locator("#save-words")
    expect(words).to_contain_text("2 aanwezigheden gewijzigd")
    tick.click()
    tick.click()
    expect(page.locator("label.tick").nth(1)).to_have_class("tick tick-none")
    expect(words).to_contain_text("1 aanwezigheid gewijzigd")
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_label("Niet geregistreerd: ik kom erop terug").check()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen").wait_for()
    assert presences(run.meetings.last()) == {"Lotte Aerts": "present"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_question_confirmation_and_issuing_have_no_violation(windows, school, theme):
    run, teacher, _people = school
    a_meeting(run, timezone.now() + timedelta(days=7))
    page = windows(teacher, color_scheme=theme)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_role("checkbox", name="Aanwezig: Daan Bakker").check()
    page.get_by_label("Studiestatus aanpassen: Lotte Aerts").select_option(label="Voltooid")
    page.get_by_label("Studiestatus aanpassen: Jef Peeters").select_option(index=4)
    complaints = []
    for step, heading in (
        ("Doorgaan", "Klopt dit?"),
        ("Opslaan", "Je aanpassingen zijn opgeslagen"),
    ):
        page.get_by_role("button", name=step).click()
        page.get_by_role("heading", name=heading).wait_for()
        complaints += violations(page)
    page.get_by_role("link", name="Nu uitreiken").click()
    expect(page).to_have_url(re.compile("/issue/"))
    complaints += violations(page)
    assert complaints == []


def test_leaving_with_something_unsaved_is_asked(windows, school):
    run, teacher, _people = school
    page = windows(teacher)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts").check()
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Mijn te geven opleidingen").first.click()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_role("heading", name="Klopt dit?").wait_for()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_minutes_and_an_excuse_are_filled_in_by_hand_and_by_keyboard(
    windows, school, size, scripts
):
    run, teacher, _people = school
    page = windows(teacher, size, scripts=scripts)
    page.goto(f"/teaching/{run.pk}/participants/")
    row = {name: page.get_by_role("row").filter(has_text=name) for name in ("Lotte", "Daan", "Jef")}
    row["Lotte"].locator(".register-details summary").click()
    row["Lotte"].get_by_label("Minuten te laat").fill("10")
    row["Daan"].locator(".register-details summary").focus()
    page.keyboard.press("Enter")
    row["Daan"].get_by_label("Afwezig, maar verontschuldigd").check()
    row["Daan"].get_by_label("Reden, alleen voor medewerkers").fill("Ziek gemeld")
    page.get_by_role("checkbox", name="Aanwezig: Jef Peeters").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen").wait_for()
    page.get_by_text("Aanwezig, 10 minuten te laat").wait_for()
    page.get_by_text("Afwezig, verontschuldigd (Ziek gemeld)").wait_for()
    assert presences(run.meetings.last()) == {
        "Lotte Aerts": "present",
        "Daan Bakker": "absent",
        "Jef Peeters": "present",
    }


def test_details_follow_the_meetings_and_tick_by_themselves(windows, school):
    run, teacher, people = school
    first, _second = run.meetings.all()
    save(run, teacher, typed(run, {people[0]: {"late": "25"}}, first))
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    lotte = page.get_by_role("row").filter(has_text="Lotte Aerts")
    lotte.locator(".register-details summary").click()
    minutes = lotte.get_by_label("Minuten te laat")
    expect(minutes).to_have_value("")
    page.locator(".meeting-chip").nth(1).click()
    page.locator(".meeting-chip").nth(0).click()
    expect(minutes).to_have_value("25")
    jef = page.get_by_role("row").filter(has_text="Jef Peeters")
    jef.locator(".register-details summary").click()
    jef.get_by_label("Minuten te laat").fill("5")
    jef.get_by_label("Minuten te laat").blur()
    expect(page.get_by_role("checkbox", name="Aanwezig: Jef Peeters")).to_be_checked()
    expect(page.locator("#save-words")).to_contain_text("1 aanwezigheid gewijzigd")


def test_who_is_found_is_counted_and_everybody_comes_back(windows, school):
    run, teacher, _people = school
    page = windows(teacher, PHONE)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_label("Filter op naam").fill("péét")
    expect(page.locator("#register-found")).to_contain_text("1 deelnemer gevonden")
    page.get_by_role("button", name="Alles tonen").click()
    expect(page.locator(".register-row:visible")).to_have_count(3)
    expect(page.locator("#register-found")).to_be_hidden()


def test_a_question_that_follows_from_who_was_left_open_goes_when_they_stay_unrecorded(
    windows, school
):
    run, teacher, people = school
    page = windows(teacher)
    page.goto(f"/teaching/{run.pk}/participants/")
    page.get_by_role("checkbox", name="Aanwezig: Lotte Aerts").check()
    page.get_by_label("Studiestatus aanpassen: Daan Bakker").select_option(label="Voltooid")
    page.get_by_role("button", name="Doorgaan").click()
    question = page.locator("[data-follows]")
    expect(question).to_be_visible()
    page.get_by_label("Niet geregistreerd").check()
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("heading", name="Je aanpassingen zijn opgeslagen").wait_for()
    assert Enrolment.objects.get(pk=people[1].pk).status == "completed"
