"""What happens to people while they fill in a register: signed out, back, clicked twice."""

import pytest
from django.contrib.sessions.models import Session

from attendance.models import Attendance, AttendanceChange, RegisterSaving
from attendance.tests.factories import Browser, a_class
from learners.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def school():
    """A run whose only meeting was, its teacher, who can sign in, and its participants."""
    run, teacher, people = a_class(-7)
    teacher.set_password(PASSWORD)
    teacher.save()
    return run, teacher, people


@pytest.fixture
def register(windows, school):
    """Open the register of the school as its teacher, with or without scripts."""
    run, teacher, _people = school

    def open_register(scripts):
        page = windows(teacher, scripts=scripts)
        page.goto(f"/teaching/{run.pk}/participants/")
        return page

    return open_register


def tick_all(page) -> None:
    for box in page.locator("input[name=present]").all():
        box.check(force=True)


@pytest.mark.browser
@WAYS
def test_who_is_signed_out_meanwhile_signs_in_and_sends_it_once_more(register, school, scripts):
    page = register(scripts)
    tick_all(page)
    Session.objects.all().delete()
    page.get_by_role("button", name="Doorgaan").click()
    page.get_by_text("Niets van wat je invulde is verloren").wait_for()
    for password in ("not this one", PASSWORD):
        page.locator("#id_username").fill(school[1].email)
        page.locator("#id_password").fill(password)
        page.get_by_role("button", name="Aanmelden").click()
    assert not Attendance.objects.exists()
    page.get_by_role("button", name="Opnieuw versturen").click()
    page.wait_for_url("**/savings/**")
    assert set(Attendance.objects.values_list("presence", flat=True)) == {"present"}
    assert RegisterSaving.objects.get().by == school[1]


@pytest.mark.browser
@WAYS
def test_going_back_after_saving_and_pressing_again_saves_nothing_twice(register, scripts):
    page = register(scripts)
    tick_all(page)
    page.get_by_role("button", name="Doorgaan").click()
    page.wait_for_url("**/savings/**")
    page.go_back()
    page.get_by_role("button", name="Doorgaan").click()
    page.wait_for_load_state()
    assert RegisterSaving.objects.count() == 1
    assert AttendanceChange.objects.count() == 3


@pytest.mark.browser
@WAYS
def test_a_double_click_is_one_saving(register, scripts):
    page = register(scripts)
    tick_all(page)
    page.get_by_role("button", name="Doorgaan").dblclick()
    page.wait_for_url("**/savings/**")
    assert RegisterSaving.objects.count() == 1
    assert AttendanceChange.objects.count() == 3


def test_what_was_not_kept_by_us_is_not_sent_again(client, school):
    _run, teacher, _people = school
    typed = {"username": teacher.email, "password": PASSWORD, "next": "/profile/"}
    response = client.post("/accounts/login/", {**typed, "kept": "made:up:here"})
    assert (response.status_code, response.url) == (302, "/profile/")


def test_somebody_elses_register_is_not_saved_by_who_signs_in_instead(client, school):
    run, teacher, people = school
    browser = Browser(client, run, teacher).open().tick(*people)
    client.logout()
    refused = browser.press("continue")
    assert refused.status_code == 401
    _other_run, other, _others = a_class(-7)
    client.force_login(other)
    assert refused.context["kept"]
    assert browser.press("continue").status_code == 404
    assert not Attendance.objects.exists()
