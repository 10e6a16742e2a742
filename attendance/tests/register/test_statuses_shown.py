"""Every study status of the teachers' guide is shown and explained, and from each every choice that
the register offers works."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.marking import registers
from attendance.tests.factories import Browser, a_class
from learners.models import Enrolment, StudyStatus

pytestmark = pytest.mark.django_db

# The guide's words, 'Studiestatussen aanpassen' and 'Extra info', with what it says of each.
GUIDE = {
    "Voltooid": "succesvol voltooid",
    "Niet geslaagd": "niet succesvol voltooid",
    "Afwezig": "zonder zich vooraf uit te schrijven",
    "Uitgeschreven zonder geldige reden": "zonder bewijs van overmacht",
    "Uitgeschreven met geldige reden": "bewijs van overmacht",
    "Niet gestart": "enkel bij e-learning, als de e-learning nog niet geopend werd",
    "Gestart": "bij e-learning als de e-learning werd geopend, bij klassikale les als het "
    "kenniscentrum werd geopend",
    "Geannuleerd": "bij het annuleren van de cursus",
    "Studietermijn verstreken": "wanneer er een studietermijn is ingesteld",
    "Uitvoeringskeuze vereist": "waarbij de deelnemers zelf een uitvoering moeten kiezen",
    "Gearchiveerd": "bijvoorbeeld bij een nieuwe versie",
    "Vrijgesteld": "op basis van een basislijst of vrijstellingsdossier",
}


def help_of(html: str) -> str:
    start = html.index('id="status-help"')
    return " ".join(html[start : html.index("</aside>", start)].split())


def put(enrolment: Enrolment, status: str) -> None:
    """Bring somebody where the register's own ways do not lead."""
    archived_at = timezone.now() if status == "archived" else None
    stored = StudyStatus.COMPLETED if status == "archived" else status
    Enrolment.objects.filter(pk=enrolment.pk).update(status=stored, archived_at=archived_at)


def test_the_help_explains_every_status_in_the_words_of_the_guide(client):
    run, teacher, _people = a_class(-7)
    client.force_login(teacher)
    said = help_of(client.get(f"/teaching/{run.pk}/participants/").content.decode())
    for status, meaning in GUIDE.items():
        assert f"<dt>{status}</dt>" in said
        assert meaning in said
    assert "<dt>Ingeschreven</dt>" in said


@pytest.mark.parametrize("status", [*StudyStatus.values, "archived"])
def test_every_status_is_shown_in_words_and_each_choice_that_is_offered_works(client, status):
    run, teacher, people = a_class(-7, people=1)
    put(people[0], status)
    browser = Browser(client, run, teacher).open()
    (row,) = browser.page.rows
    html = client.get(browser.address).content.decode()
    shown = Enrolment.objects.get(pk=people[0].pk).shown_status
    assert f"{shown[:1].upper()}{shown[1:]}</span>" in html
    assert shown.capitalize() in {*GUIDE, "Ingeschreven"}
    offered = re.findall(r'value="(\w+)">', row.status_options)
    for choice in offered:
        put(people[0], status)
        browser.open()
        response = browser.press("continue", **{f"status-{people[0].pk}": choice})
        if "question" in getattr(response, "url", ""):
            response = browser.follow(response)
        stored = "completed" if status == "archived" else status
        if choice != stored:
            assert Enrolment.objects.get(pk=people[0].pk).status == choice
    assert bool(offered) is row.can_choose


def test_what_is_offered_is_what_the_table_lets_a_teacher_choose():
    _run, _teacher, people = a_class(-7, people=1)
    five = {"completed", "not_passed", "absent", "withdrawn_invalid", "withdrawn_valid"}
    offered = {}
    for status in StudyStatus.values:
        put(people[0], status)
        enrolment = Enrolment.objects.get(pk=people[0].pk)
        offered[status] = {
            str(one) for one in registers.choices(enrolment, registers.Actor.TEACHER)
        }
    assert offered == {
        "enrolled": five,
        "started": five,
        "not_started": set(),
        "run_choice_required": {"withdrawn_invalid", "withdrawn_valid"},
        "term_lapsed": set(),  # nothing was attended within the term
        "cancelled": set(),
        "exempt": set(),
        **{status: five - {status} for status in five},
    }


def test_who_was_there_within_a_term_that_lapsed_can_still_be_completed_and_not_withdrawn(client):
    run, teacher, people = a_class(-7, people=1)
    put(people[0], "term_lapsed")
    last_day = timezone.localdate()
    Enrolment.objects.update(term_ends_on=last_day, last_attended_on=last_day)
    enrolment = Enrolment.objects.get(pk=people[0].pk)
    assert registers.choices(enrolment, registers.Actor.TEACHER) == {"completed"}
    browser, withdraw = (
        Browser(client, run, teacher),
        reverse("learners:withdraw_for", args=[enrolment.pk]),
    )
    assert withdraw not in client.get(browser.address).text
    put(people[0], "enrolled")
    assert withdraw in client.get(browser.address).text
