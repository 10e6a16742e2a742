import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from attendance.models import Attendance, RegisterDraft, RegisterSaving
from attendance.tests.factories import Browser, a_class, a_teacher, mark, save, typed
from learners.models import Enrolment
from learners.telling.days import day, exact
from learners.tests.factories import (
    a_participant,
    an_administrator,
    with_status,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(client):
    """A teacher's browser without scripts on a run of three, with a meeting that is on."""
    run, teacher, people = a_class(-7, -0.05, 7)
    return Browser(client, run, teacher), run, teacher, people


def presences() -> dict[int, str]:
    return dict(Attendance.objects.values_list("enrolment_id", "presence"))


def test_the_page_says_what_is_expected_in_the_words_of_the_guide(school):
    browser, _run, _teacher, _people = school
    html = browser.client.get(browser.address).content.decode()
    for words in (
        "Aanwezig",
        "Studiestatus aanpassen",
        "Geen wijziging",
        "Voltooid",
        "Niet geslaagd",
        "Afwezig",
        "Uitgeschreven zonder geldige reden",
        "Uitgeschreven met geldige reden",
        "Inzet",
        "Aanwezigheid registreren per bijeenkomst",
        "Verwerk de aanwezigheid van de uitvoering in alle bijeenkomsten",
        "Maximum aantal studiepunten van deze cursus negeren?",
        "Doorgaan",
    ):
        assert words in html


def test_the_page_says_for_which_meeting_marks_are_missing(client):
    run, teacher, _people = a_class(-14, -7)
    html = client_page(client, run, teacher)
    assert f"nog 3 niet geregistreerd voor {day(run.meetings.last().begins_at)}" in html


def test_a_run_that_has_not_begun_says_from_when_attendance_can_be_recorded(client):
    run, teacher, _people = a_class(7, 14)
    html = client_page(client, run, teacher)
    assert f"aanwezigheid registreren kan vanaf {exact(run.starts_at)}" in html


def client_page(client, run, teacher) -> str:
    browser = Browser(client, run, teacher)
    return client.get(browser.address).content.decode()


def test_marks_of_everybody_are_saved_at_once(school):
    browser, _run, _teacher, people = school
    response = browser.open().tick(*people).press("continue")
    assert response.url == f"/teaching/savings/{RegisterSaving.objects.get().pk}/"
    assert set(presences().values()) == {"present"}


def test_who_was_left_open_is_asked_about_and_absent_is_chosen_beforehand(school):
    browser, _run, _teacher, people = school
    response = browser.open().tick(people[0]).press("continue")
    page = browser.client.get(response.url)
    assert [one.pk for one in page.context["questions"].people_left_open] == [
        one.pk for one in people[1:]
    ]
    assert 'value="absent" checked' in page.content.decode()
    assert presences() == {}
    browser.follow(response)
    assert presences() == {people[0].pk: "present", people[1].pk: "absent", people[2].pk: "absent"}


def test_going_back_from_the_question_keeps_what_was_typed(school):
    browser, _run, _teacher, people = school
    response = browser.open().tick(people[0]).press("continue")
    back = browser.client.get(response.url).context["back_url"]
    page = browser.client.get(back).context["register"]
    assert [row.is_ticked for row in page.rows if row.pk == people[0].pk] == [True]


def test_marks_without_a_meeting_give_an_error_beside_the_meetings_and_keep_everything(school):
    browser, _run, _teacher, people = school
    browser.open().tick(people[0]).form["meeting"] = []
    response = browser.press("continue", **{f"remark-{people[1].pk}": "Belde om 13:50"})
    assert response.status_code == 422
    assert response.context["problems"].meetings_error
    rows = {row.pk: row for row in response.context["register"].rows}
    assert (rows[people[0].pk].is_ticked, rows[people[1].pk].remark) == (True, "Belde om 13:50")
    assert presences() == {}
    assert not Enrolment.objects.filter(remark__gt="").exists()


def test_choosing_another_meeting_without_marks_shows_its_marks(school):
    browser, run, teacher, people = school
    first = run.meetings.first()
    mark(run, teacher, first, present=people[:1], absent=people[1:])
    browser.open().form["meeting"] = [str(first.pk)]
    response = browser.press("continue")
    rows = {row.pk: row.mark for row in response.context["register"].rows}
    assert rows == {people[0].pk: "present", people[1].pk: "absent", people[2].pk: "absent"}


def test_nothing_changed_saves_nothing(school):
    browser, _run, _teacher, _people = school
    assert browser.open().press("continue").status_code == 422
    assert not RegisterSaving.objects.exists()


def test_the_maximum_is_not_ignored_without_permission_and_the_tick_is_never_remembered(school):
    browser, _run, _teacher, people = school
    browser.open().tick(*people)
    response = browser.press("continue", ignore_maximum="1", reason="Toch")
    assert response.context["problems"].maximum_error
    page = browser.client.get(browser.address).context["register"]
    assert (page.typed.ignore_maximum, page.typed.reason) == (False, "")


def test_the_maximum_can_only_be_ticked_by_who_has_the_permission_and_the_page_says_so(school):
    browser, _run, teacher, _people = school
    words = "alleen wie daarvoor toestemming kreeg van een beheerder, kan dit aanvinken"
    box = re.compile(r'name="ignore_maximum"[^>]* disabled>')
    html = browser.client.get(browser.address).content.decode()
    assert box.search(html)
    assert words in html
    teacher.user_permissions.add(Permission.objects.get(codename="ignore_maximum"))
    html = browser.client.get(browser.address).content.decode()
    assert not box.search(html)
    assert words not in html


def test_filtering_and_paging_keep_what_was_typed(client):
    run, teacher, _people = a_class(-0.05, people=0)
    people = [a_participant(run, name=f"Noor Aa{number:02}") for number in range(30)]
    browser = Browser(client, run, teacher).open()
    browser.press("keep", size="25")
    browser.open().tick(people[0])
    response = browser.press("keep", turn="2")
    page = client.get(response.url).context["register"]
    assert [row.pk for row in page.rows] == [one.pk for one in people[25:]]
    browser.read(page).tick(people[29])
    response = browser.press("keep", q="aa00", filter="1")
    page = client.get(response.url).context["register"]
    assert [(row.pk, row.is_ticked) for row in page.rows] == [(people[0].pk, True)]
    response = browser.read(page).press("continue")
    browser.follow(response, left_open="unrecorded")
    assert presences() == {people[0].pk: "present", people[29].pk: "present"}
    assert not RegisterDraft.objects.exists()


def test_saving_can_go_on_with_the_next_page_also_past_the_question(client):
    run, teacher, _people = a_class(-0.05, people=0)
    people = [a_participant(run, name=f"Noor Aa{number:02}") for number in range(30)]
    browser = Browser(client, run, teacher).open()
    browser.press("keep", size="25")
    response = browser.open().tick(people[0]).press("continue", then="2")
    assert client.get(response.url).context["then"] == "2"
    digest = client.get(response.url).context["plan"].typed.digest
    answer = {"token": browser.form["token"], "digest": digest, "then": "2"}
    saved = client.post(f"{browser.address}save/", answer)
    assert saved.url == f"{browser.address}?page=2"
    assert presences() == {people[0].pk: "present"}


def test_all_present_is_one_command_for_the_whole_run(client):
    run, teacher, _people = a_class(-0.05, people=0)
    people = [a_participant(run, name=f"Noor Aa{number:02}") for number in range(30)]
    mark(run, teacher, run.meetings.get(), absent=[people[3]])
    browser = Browser(client, run, teacher)
    browser.open().press("keep", size="25")
    response = browser.open().press("keep", command="all_present")
    page = client.get(response.url).context["register"]
    assert sum(row.is_ticked for row in page.rows) == 24
    browser.read(page).untick(people[0])
    browser.follow(browser.press("continue"))
    assert presences()[people[0].pk] == presences()[people[3].pk] == "absent"
    assert list(presences().values()).count("present") == 28


def test_the_page_for_all_meetings_shows_what_differs(school):
    browser, run, teacher, people = school
    mark(run, teacher, run.meetings.first(), present=people[:1])
    browser.open().form["all_meetings"] = "1"
    response = browser.press("keep")
    rows = {row.pk: row.mark for row in browser.client.get(response.url).context["register"].rows}
    assert rows == {people[0].pk: "mixed", people[1].pk: "", people[2].pk: ""}


def test_a_second_tab_with_the_same_marks_shows_the_same_confirmation(school):
    browser, _run, _teacher, people = school
    first = browser.open().tick(*people).form
    browser.open().tick(*people)
    one = browser.client.post(f"{browser.address}continue/", first)
    other = browser.press("continue")
    again = browser.client.post(f"{browser.address}continue/", first)
    assert one.url == other.url == again.url
    assert RegisterSaving.objects.count() == 1


def test_a_question_that_is_answered_twice_is_saved_once(school):
    browser, _run, _teacher, people = school
    response = browser.open().tick(people[0]).press("continue")
    digest = browser.client.get(response.url).context["plan"].typed.digest
    answer = {"token": browser.form["token"], "digest": digest, "left_open": "absent"}
    one = browser.client.post(f"{browser.address}save/", answer)
    assert browser.client.post(f"{browser.address}save/", answer).url == one.url
    assert RegisterSaving.objects.count() == 1


def test_what_was_asked_is_what_is_saved(school):
    browser, _run, _teacher, people = school
    response = browser.open().tick(people[0]).press("continue")
    digest = browser.client.get(response.url).context["plan"].typed.digest
    browser.tick(people[1]).press("continue")
    answer = {"token": browser.form["token"], "digest": digest, "left_open": "absent"}
    assert "/question/" in browser.client.post(f"{browser.address}save/", answer).url
    assert presences() == {}


def test_what_was_typed_can_be_thrown_away(school):
    browser, _run, _teacher, people = school
    browser.open().tick(people[0]).press("keep")
    assert browser.client.get(browser.address).context["register"].typed.rows
    browser.client.post(f"{browser.address}forget/")
    assert not browser.client.get(browser.address).context["register"].typed.rows


def test_a_closed_register_is_read_only_for_its_teacher(school):
    browser, run, _teacher, people = school
    browser.open().tick(people[0])
    run.register_open_until = timezone.localdate() - timedelta(days=1)
    run.save()
    assert browser.press("continue").status_code == 422
    html = browser.client.get(browser.address).content.decode()
    assert 'name="continue"' not in html
    browser.client.force_login(an_administrator())
    assert 'name="continue"' in browser.client.get(browser.address).content.decode()


def test_a_closed_register_shows_what_was_recorded_at_its_last_meeting(school):
    browser, run, teacher, people = school
    now = list(run.meetings.all())[1]
    mark(run, teacher, now, present=people[:1], absent=people[1:])
    run.register_open_until = timezone.localdate() - timedelta(days=1)
    run.save()
    page = browser.open().page
    assert page.chosen == {now.pk}
    assert sorted(row.recorded for row in page.rows) == ["absent", "absent", "present"]
    assert not page.may_mark


def test_a_cancelled_run_says_so(school):
    browser, run, _teacher, _people = school
    assert "Deze uitvoering is geannuleerd" not in browser.client.get(browser.address).text
    run.cancelled_at = timezone.now()
    run.save()
    assert "Deze uitvoering is geannuleerd" in browser.client.get(browser.address).text


@pytest.mark.parametrize("nonsense", ["x", "²", "9" * 30])
def test_an_address_that_names_no_meeting_shows_the_usual_one(school, nonsense):
    browser, _run, _teacher, _people = school
    usual = browser.open().page.chosen
    assert browser.open(f"?meeting={nonsense}").page.chosen == usual


def test_no_change_can_be_chosen_for_who_is_exempt(school):
    browser, _run, _teacher, people = school
    with_status(people[0], "exempt")
    rows = {row.pk: row for row in browser.open().page.rows}
    if people[0].pk in rows:
        assert not rows[people[0].pk].can_choose


def test_two_teachers_are_both_shown_and_asked(school):
    browser, run, _teacher, people = school
    other = a_teacher(run, name="Tom Claes")
    browser.open().tick(*people)
    meeting = run.meetings.all()[1]
    save(run, other, typed(run, {people[0]: {"mark": "absent"}}, meeting))
    response = browser.press("continue")
    page = browser.client.get(response.url)
    (difference,) = page.context["confirmation"].differences
    assert (difference.enrolment, difference.by) == (people[0], "Tom Claes")
    assert "Tom Claes" in page.content.decode()
    assert "Bijna alles is opgeslagen" in page.content.decode()
    response = browser.client.post(f"{response.url}differences/", {"difference-0": "mine"})
    assert presences()[people[0].pk] == "present"
    assert not browser.client.get(response.url).context["confirmation"].differences


def test_a_saving_of_which_all_differs_does_not_say_that_it_is_saved(school):
    browser, run, _teacher, people = school
    browser.open().tick(people[0])
    mark(run, a_teacher(run), run.meetings.all()[1], absent=people)
    saved = browser.press("continue").url
    html = browser.client.get(saved).content.decode()
    assert "Er is nog niets opgeslagen" in html
    assert "Wat er is opgeslagen" not in html
    browser.client.post(f"{saved}differences/", {"difference-0": "theirs"})
    assert "Alles blijft zoals het was" in browser.client.get(saved).content.decode()


def test_the_page_counts_who_withdrew_beside_who_takes_part(school):
    browser, run, teacher, people = school
    save(run, teacher, typed(run, {people[0]: {"status": "withdrawn_valid"}}))
    html = browser.client.get(browser.address).content.decode()
    assert "2 deelnemers, 1 uitgeschreven of vrijgesteld" in html


def test_what_was_typed_on_a_single_page_is_not_said_to_be_on_all_pages(school):
    browser, _run, _teacher, people = school
    kept = browser.open().tick(people[0]).press("keep", filter="1")
    html = browser.client.get(kept.url).content.decode()
    assert "Het gaat om 1 deelnemer." in html
    assert "op alle pagina" not in html
