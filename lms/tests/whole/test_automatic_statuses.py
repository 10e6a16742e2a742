"""The study statuses that the system and administrators give, walked to as people do.

Source: the teachers' guide, 'Extra info: andere studiestatussen in het LMS'. Each test is named as
the rule that it walks.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learners import tasks
from learners.files import keeping
from learners.files.file_kinds import PDF
from learners.models import (
    Course,
    Enrolment,
    Material,
    Organisation,
    Place,
    Programme,
    Run,
    StudyStatus,
    User,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_programme,
    a_run,
    an_administrator,
    an_online_course,
)

pytestmark = pytest.mark.django_db
S = StudyStatus


@pytest.fixture
def head_office() -> Client:
    client = Client()
    client.force_login(an_administrator(language="en"))
    return client


@pytest.fixture
def learner() -> User:
    return UserFactory(language="en")


@pytest.fixture
def desk(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def enrol(head_office: Client, learner: User, **in_what: Course | Run | Programme) -> Enrolment:
    """Enrol somebody on the page of the administration, and return the newest enrolment of it."""
    sent = {"learner": learner.pk, **{name: row.pk for name, row in in_what.items()}}
    response = head_office.post(reverse("admin:learners_enrolment_add"), sent)
    assert response.status_code == 302
    return Enrolment.objects.filter(learner=learner).latest("pk")


def act(head_office: Client, row: object, name: str, **said: object) -> str:
    """Choose an act on the page of a row, look at its preview, and confirm it."""
    model = row._meta.model_name  # type: ignore[attr-defined]
    address = reverse(f"admin:learners_{model}_changelist")
    chosen = {"action": name, "index": 0, "_selected_action": [row.pk]}  # type: ignore[attr-defined]
    preview = head_office.post(address, chosen).text
    head_office.post(address, {**chosen, "confirmed": "1", **said})
    return preview


def status_of(enrolment: Enrolment) -> str:
    enrolment.refresh_from_db()
    return enrolment.status


def a_material(course: Course) -> Material:
    upload = SimpleUploadedFile("summary.pdf", b"%PDF-1.7 a summary")
    stored = keeping.store(upload=upload, owner=None, kinds=[PDF], max_size=1000)
    return Material.objects.create(
        course=course, title="Summary", file=keeping.claim(stored=stored)
    )


def test_niet_gestart_enkel_bij_elearning_als_de_elearning_nog_niet_geopend_werd(
    head_office: Client, learner: User
) -> None:
    organisation = OrganisationFactory()
    online = an_online_course(organisation=organisation)
    assert enrol(head_office, learner, course=online).status == S.NOT_STARTED
    run = a_run(20, course=CourseFactory(organisation=organisation))
    assert enrol(head_office, learner, run=run).status == S.ENROLLED


def test_gestart_bij_elearning_als_de_elearning_werd_geopend(
    head_office: Client, learner: User, desk: Client
) -> None:
    enrolment = enrol(head_office, learner, course=an_online_course(2))
    desk.get(enrolment.get_absolute_url())
    assert status_of(enrolment) == S.NOT_STARTED
    desk.get(reverse("learners:learn", args=[enrolment.pk]), follow=True)
    assert status_of(enrolment) == S.STARTED


def test_gestart_bij_klassikale_les_als_het_kenniscentrum_werd_geopend(
    head_office: Client, learner: User, desk: Client
) -> None:
    run = a_run(20)
    material = a_material(run.course)
    enrolment = enrol(head_office, learner, run=run)
    assert reverse("learners:material_open", args=[material.pk]) in (
        desk.get(enrolment.get_absolute_url()).text
    )
    desk.get(reverse("learners:material_open", args=[material.pk]))
    assert status_of(enrolment) == S.STARTED


def test_geannuleerd_bij_het_annuleren_van_de_cursus(
    head_office: Client, learner: User, desk: Client
) -> None:
    run = a_run(20)
    enrolment = enrol(head_office, learner, run=run)
    assert "1 person is told" in act(head_office, run, "cancel_run", reason="no teacher")
    assert status_of(enrolment) == S.CANCELLED
    assert not Place.objects.booked().exists()
    assert learner.notifications.filter(kind="learners/run_cancelled").exists()
    assert "cancelled" in desk.get(enrolment.get_absolute_url()).text.lower()


@pytest.mark.parametrize("what", ["course", "programme"])
def test_studietermijn_verstreken_wanneer_er_een_termijn_is_ingesteld_en_deze_is_verstreken(
    head_office: Client, learner: User, desk: Client, what: str
) -> None:
    organisation = Organisation.objects.create(name="Academie", code="AC")
    if what == "course":
        online = an_online_course(organisation=organisation, term_days=30)
        enrolment = enrol(head_office, learner, course=online)
    else:
        online = an_online_course(organisation=organisation)
        programme = a_programme(online, organisation=organisation, term_days=30)
        enrol(head_office, learner, programme=programme)
        enrolment = Enrolment.objects.get(learner=learner, course=online)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        tasks.lapse_terms()
        assert status_of(enrolment) == S.NOT_STARTED, "the last day of the term is still in it"
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.lapse_terms()
        assert status_of(enrolment) == S.TERM_LAPSED
        desk.force_login(learner)  # sessions do not last a month
        page = desk.get(enrolment.get_absolute_url()).text
        assert "study term has lapsed" in page


def test_een_verlengde_studietermijn_brengt_terug_wat_ervoor_was_en_de_deelnemer_hoort_het(
    head_office: Client, learner: User, desk: Client
) -> None:
    enrolment = enrol(head_office, learner, course=an_online_course(2, term_days=30))
    desk.get(reverse("learners:learn", args=[enrolment.pk]), follow=True)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.lapse_terms()
        head_office.force_login(an_administrator(language="en"))
        page = head_office.get(reverse("admin:learners_enrolment_change", args=[enrolment.pk]))
        assert 'value="extend_term"' in page.text
        until = timezone.localdate() + timedelta(days=10)
        preview = act(head_office, enrolment, "extend_term", until=until)
        assert "The learner is told" in preview
        assert status_of(enrolment) == S.STARTED
        assert enrolment.term_ends_on == until
    told = learner.notifications.filter(kind="learners/term_extended").get()
    assert told.params["until"] == until.isoformat()


def test_uitvoeringskeuze_vereist_wanneer_deelnemers_van_een_programma_zelf_moeten_kiezen(
    head_office: Client, learner: User, desk: Client
) -> None:
    course = CourseFactory()
    run = a_run(20, course=course)
    programme = a_programme(course, organisation=course.organisation, learners_choose_run=True)
    enrol(head_office, learner, programme=programme)
    enrolment = Enrolment.objects.get(learner=learner, course=course)
    assert enrolment.status == S.RUN_CHOICE_REQUIRED
    address = reverse("learners:run_choose", args=[enrolment.pk])
    assert address in desk.get(enrolment.get_absolute_url()).text
    desk.post(address, {"run": run.pk})
    assert status_of(enrolment) == S.ENROLLED


def test_uitvoeringskeuze_is_niet_vereist_waar_de_onderwijsinstelling_kiest(
    head_office: Client, learner: User
) -> None:
    course = CourseFactory()
    organisation = course.organisation
    programme = a_programme(course, organisation=organisation, learners_choose_run=False)
    enrol(head_office, learner, programme=programme)
    assert Enrolment.objects.get(learner=learner, course=course).status == S.ENROLLED


def test_gearchiveerd_kan_enkel_door_beheerders_en_de_status_eronder_blijft(
    head_office: Client, learner: User, desk: Client
) -> None:
    enrolment = enrol(head_office, learner, run=a_run(20))
    act(head_office, enrolment, "archive", reason="new version")
    assert status_of(enrolment) == S.ENROLLED
    assert enrolment.shown_value == "archived"
    assert "archived" in desk.get(enrolment.get_absolute_url()).text.lower()
    act(head_office, enrolment, "bring_back")
    enrolment.refresh_from_db()
    assert enrolment.shown_value == S.ENROLLED


def test_vrijgesteld_kan_enkel_door_beheerders_met_een_grond_en_de_deelnemer_hoort_het(
    head_office: Client, learner: User, desk: Client
) -> None:
    enrolment = enrol(head_office, learner, run=a_run(20))
    act(head_office, enrolment, "exempt")
    assert status_of(enrolment) == S.ENROLLED, "without a ground nobody is exempt"
    act(head_office, enrolment, "exempt", reason="Diploma 2019", tell_them="on")
    assert status_of(enrolment) == S.EXEMPT
    assert "Diploma 2019" in desk.get(enrolment.get_absolute_url()).text
    told = learner.notifications.filter(kind="learners/exempted").get()
    assert told.params["ground"] == "Diploma 2019"
