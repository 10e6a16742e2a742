"""The teachers' guide, 'Extra info', in a browser: what the system gives, and what administrators
alone give, in Dutch, at a desk and on a phone, with and without scripts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from learners import tasks
from learners.enrolling import entering
from learners.files import keeping
from learners.files.file_kinds import PDF
from learners.models import Actor, Enrolment, Material, Role, Run, User
from learners.studying.new_enrolments import NewEnrolment, enrol_many
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_member,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
)
from learners.tests.windows import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ELSEWHERE = {"Vrijgesteld", "Geannuleerd", "Niet gestart", "Gestart", "Gearchiveerd"}


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request) -> bool:
    return request.param


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def size(request) -> dict[str, int]:
    return request.param


@pytest.fixture
def here():
    return OrganisationFactory(name="Academie")


@pytest.fixture
def learner(here):
    return a_member(Role.LEARNER, here, language="nl", name="Sanne Vermeulen")


@pytest.fixture
def desk(windows, learner, size, scripts) -> Page:
    """The learner's window."""
    return windows(learner, size, scripts=scripts)


@pytest.fixture
def office(windows, size, scripts) -> Page:
    """An administrator's window."""
    return windows(an_administrator(language="nl"), size, scripts=scripts)


def on_a_run(run: Run, learner: User) -> Enrolment:
    """Enrol somebody in a run."""
    new = NewEnrolment(learner=learner, course=run.course, run=run)
    (enrolment,) = enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    return enrolment


def sees(page: Page, enrolment: Enrolment, status: str) -> None:
    """Look at the page of a course: this status stands there."""
    page.goto(enrolment.get_absolute_url())
    expect(page.locator("main").get_by_text(status, exact=True).first).to_be_visible()


def act(office: Page, row: Enrolment | Run, name: str, reason: str) -> None:
    """Press the button of an act on the page of a row, say why, and confirm it."""
    meta = row._meta
    office.goto(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))
    office.locator(f"form:has([name=action][value={name}]) button").click()
    office.locator("[name=reason]").fill(reason)
    with office.expect_navigation():
        office.locator("form:has([name=confirmed]) [type=submit]").click()


def an_elearning_begins(desk, learner, here) -> None:
    """Niet gestart, en gestart: bij e-learning als de e-learning werd geopend."""
    enrolment = an_enrolment(an_online_course(2, organisation=here), learner)
    sees(desk, enrolment, "Niet gestart")
    desk.get_by_role("link", name="Begin").first.click()
    expect(desk.get_by_text("Les 1 van 2")).to_be_visible()
    sees(desk, enrolment, "Gestart")


def a_classroom_course_begins_with_its_materials(desk, learner, here) -> None:
    """Gestart: bij klassikale les als het kenniscentrum werd geopend."""
    run = a_run(20, course=CourseFactory(organisation=here))
    upload = SimpleUploadedFile("kaart.pdf", b"%PDF-1.7 a card")
    stored = keeping.claim(
        stored=keeping.store(upload=upload, owner=None, kinds=[PDF], max_size=1000)
    )
    Material.objects.create(course=run.course, title="De kaart", file=stored)
    enrolment = on_a_run(run, learner)
    sees(desk, enrolment, "Ingeschreven")
    with desk.context.expect_page():
        desk.locator("main a[target=_blank]", has_text="De kaart").click()
    sees(desk, enrolment, "Gestart")


def a_run_is_cancelled(desk, office, learner, here) -> None:
    """Geannuleerd: bij het annuleren van de cursus."""
    run = a_run(20, course=CourseFactory(organisation=here))
    enrolment = on_a_run(run, learner)
    act(office, run, "cancel_run", "De lesgever is ziek")
    sees(desk, enrolment, "Geannuleerd")


def a_term_lapses(desk, learner, here) -> None:
    """Studietermijn verstreken: wanneer er een studietermijn is ingesteld en die is verstreken."""
    enrolment = an_enrolment(an_online_course(organisation=here, term_days=30), learner)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        term_ends_on=timezone.localdate() - timedelta(days=1)
    )
    tasks.lapse_terms()
    sees(desk, enrolment, "Studietermijn verstreken")


def a_run_is_chosen(desk, learner, here) -> None:
    """Uitvoeringskeuze vereist: waar deelnemers van een programma zelf moeten kiezen."""
    course = CourseFactory(organisation=here)
    a_run(20, course=course)
    programme = a_programme(course, organisation=here, learners_choose_run=True)
    entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )
    enrolment = Enrolment.objects.get(learner=learner, course=course)
    sees(desk, enrolment, "Uitvoeringskeuze vereist")
    desk.locator("main a[href$='/run/']").first.click()
    desk.locator("main [name=run]").first.check(force=True)
    desk.locator("main form [type=submit]").first.click()
    sees(desk, enrolment, "Ingeschreven")


def only_administrators(desk, office, teaching, teacher, learner, here, name, status) -> None:
    """Gearchiveerd en vrijgesteld: enkel door beheerders; een lesgever kan het niet kiezen."""
    run = a_run(-7, 7, course=CourseFactory(organisation=here))
    run.teachers.add(teacher)
    enrolment = on_a_run(run, learner)
    teaching.goto(f"/teaching/{run.pk}/participants/")
    choice = teaching.get_by_label("Studiestatus aanpassen: Sanne Vermeulen")
    expect(choice).to_be_visible()
    offered = {words.strip() for words in choice.locator("option").all_text_contents()}
    assert not offered & ELSEWHERE
    act(office, enrolment, name, "Diploma van 2019")
    sees(desk, enrolment, status)
    teaching.reload()
    row = teaching.locator(".register-row", has_text="Sanne Vermeulen")
    expect(row.get_by_text(status, exact=True).first).to_be_visible()


def test_every_status_of_the_extra_info_is_reached_by_who_may(
    windows, desk, office, learner, here, size, scripts
):
    an_elearning_begins(desk, learner, here)
    a_classroom_course_begins_with_its_materials(desk, learner, here)
    a_run_is_cancelled(desk, office, learner, here)
    a_term_lapses(desk, learner, here)
    a_run_is_chosen(desk, learner, here)
    for name, status in (("archive", "Gearchiveerd"), ("exempt", "Vrijgesteld")):
        teacher = a_member(Role.TEACHER, here, language="nl")
        teaching = windows(teacher, size, scripts=scripts)
        only_administrators(desk, office, teaching, teacher, learner, here, name, status)
