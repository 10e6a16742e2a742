"""Every address of the product, tried by everybody: who may see what is one table.

The addresses come from the product itself: one without a line here fails, and so does a line
without an address. Django's administration is tried as a whole at the end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from attendance import savings
from attendance.drafts import Typed, TypedRow
from certifications import awarding
from certifications.models import Certificate
from certifications.tests.factories import an_elearning, completed
from learners import enrolling, file_kinds, uploads
from learners.models import Actor, Coaching, Enrolment, Material, Notification, Role, StudyStatus
from learners.tests import factories

pytestmark = pytest.mark.django_db

SIGN_IN = "sign in"  # a redirect to the sign-in page
PEOPLE = (
    "stranger",
    "learner",
    "other_learner",
    "teacher",
    "other_teacher",
    "administrator",
    "coach",
)
Answer = int | str


@dataclass(frozen=True)
class Line:
    """What each of the people gets at one address."""

    answers: Sequence[Answer]
    named: Callable[[SimpleNamespace], dict] = field(default=lambda world: {})
    method: str = "get"


def everybody(answer: Answer, named=lambda world: {}, method: str = "get") -> Line:
    """Public."""
    return Line([answer] * 7, named, method)


def members(answer: Answer, named=lambda world: {}, method: str = "get") -> Line:
    """For whoever signed in, about themselves."""
    return Line([SIGN_IN, *[answer] * 6], named, method)


def the_learner(answer: Answer, named, method: str = "get", administrator: Answer = 404) -> Line:
    """About one learner: for them alone, and perhaps head office."""
    return Line([SIGN_IN, answer, 404, 404, 404, administrator, 404], named, method)


def _pk(name: str) -> Callable[[SimpleNamespace], dict]:
    return lambda world: {"pk": getattr(world, name).pk}


def _run(world: SimpleNamespace) -> dict:
    return {"run_pk": world.run.pk}


def _code(world: SimpleNamespace) -> dict:
    return {"code": world.certificate.shown_code}


TEACHING = [SIGN_IN, 403, 403, 200, 200, 200, 403]
REGISTER = [SIGN_IN, 403, 403, 200, 404, 200, 403]
REGISTER_GOES_ON = [SIGN_IN, 403, 403, 302, 404, 302, 403]

LINES = {
    # the roof
    "lms:home": members(200),
    "lms:my_learning": members(200),
    "lms:course_detail": the_learner(200, _pk("enrolment")),
    "lms:search": members(200),
    "lms:language_set": everybody(302, method="post"),
    "lms:demo_mail": everybody(404),
    "lms:favicon": everybody(302),
    "lms:alive": everybody(200),
    "lms:health": everybody(200),
    "lms:metrics": everybody(404),  # but for who shows the token
    # signing in and out
    "login": Line([200, 302, 302, 302, 302, 302, 302]),
    "logout": everybody(SIGN_IN, method="post"),
    "password_change": members(200),
    "password_change_done": members(200),
    "password_reset": everybody(200),
    "password_reset_done": everybody(200),
    "password_reset_confirm": everybody(200, lambda world: {"uidb64": "MQ", "token": "x-y"}),
    "password_reset_complete": everybody(200),
    # learning
    "learners:my_course_list": members(200),
    "learners:my_course_detail": the_learner(200, _pk("enrolment")),
    "learners:run_choose": the_learner(200, _pk("choosing")),
    "learners:withdraw": the_learner(200, _pk("enrolment")),
    "learners:my_programme_list": members(200),
    "learners:my_programme_detail": the_learner(200, _pk("programme_enrolment")),
    "learners:trial_start": members(302, method="post"),
    "learners:catalogue_list": members(200),
    "learners:run_enrol": members(200, _pk("coming_run")),
    "learners:course_enrol": members(200, _pk("open_course")),
    "learners:material_open": Line([SIGN_IN, 302, 404, 302, 404, 302, 404], _pk("material")),
    "learners:file_download": Line([SIGN_IN, 200, 404, 200, 404, 200, 404], _pk("file")),
    "learners:notification_list": members(200),
    "learners:notification_read_all": members(302, method="post"),
    "learners:notification_read": the_learner(302, _pk("notification"), method="post"),
    "learners:profile_edit": members(200),
    "learners:my_data": members(200),
    # coaching
    "learners:coached_list": Line([SIGN_IN, 403, 403, 403, 403, 200, 200]),
    "learners:coached_detail": Line(
        [SIGN_IN, 403, 403, 403, 403, 404, 200], _pk("programme_enrolment")
    ),
    # certificates
    "certifications:my_certificate_list": members(200),
    "certifications:my_certificate_detail": the_learner(200, _code),
    "certifications:certificate_row": the_learner(200, _code),
    "certifications:certificate_download": the_learner(302, _code, administrator=302),
    "certifications:certificate_lookup": everybody(200),
    "certifications:certificate_check": everybody(200, _code),
    # teaching
    "attendance:teaching": Line(TEACHING),
    "attendance:today": Line([SIGN_IN, 403, 403, 302, 302, 302, 403]),
    "attendance:run_register": Line(REGISTER, _run),
    "attendance:register_keep": Line(REGISTER_GOES_ON, _run, "post"),
    "attendance:register_forget": Line(REGISTER_GOES_ON, _run, "post"),
    "attendance:register_continue": Line([SIGN_IN, 403, 403, 422, 404, 422, 403], _run, "post"),
    "attendance:register_question": Line(REGISTER_GOES_ON, _run),
    "attendance:register_save": Line(REGISTER_GOES_ON, _run, "post"),
    "attendance:participant_issue": Line(
        REGISTER_GOES_ON, lambda world: {"run_pk": world.run.pk, "pk": world.enrolment.pk}
    ),
    "attendance:saving_detail": Line(REGISTER, _pk("saving")),
    "attendance:saving_progress": Line(REGISTER_GOES_ON, _pk("saving")),
    "attendance:saving_undo": Line(REGISTER_GOES_ON, _pk("saving"), "post"),
    "attendance:saving_issue": Line(REGISTER_GOES_ON, _pk("saving")),
    "attendance:saving_settle": Line(REGISTER_GOES_ON, _pk("saving"), "post"),
}


def _addresses(patterns: Sequence, space: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name of every address but those of Django's administration."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*space, pattern.name or str(pattern.pattern)])
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            inner = (*space, pattern.namespace) if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, inner)


@pytest.fixture
def world() -> SimpleNamespace:
    """One learner with something of everything, and people to whom it is no business."""
    organisation = factories.OrganisationFactory()
    course = factories.CourseFactory(organisation=organisation, open_for_enrolment=True)
    run = factories.a_run(-1, course=course)
    enrolment = factories.a_participant(run)
    teacher = factories.a_member(Role.TEACHER, organisation)
    run.teachers.add(teacher)
    other_run = factories.a_run(-1, course=factories.CourseFactory(organisation=organisation))
    other_teacher = factories.a_member(Role.TEACHER, organisation)
    other_run.teachers.add(other_teacher)
    made = SimpleNamespace(
        organisation=organisation,
        run=run,
        enrolment=enrolment,
        learner=enrolment.learner,
        other_learner=factories.a_participant(other_run).learner,
        teacher=teacher,
        other_teacher=other_teacher,
        administrator=factories.an_administrator(),
        coach=factories.a_member(Role.COACH, organisation),
        open_course=an_elearning(organisation=organisation, open_for_enrolment=True),
    )
    made.coming_run = factories.a_run(
        20, course=factories.CourseFactory(organisation=organisation, open_for_enrolment=True)
    )
    _add_programme(made)
    _add_certificate(made)
    _add_files(made)
    _add_saving(made)
    return made


def _add_programme(world: SimpleNamespace) -> None:
    """Let the learner follow a programme in which a run has to be chosen."""
    course = factories.CourseFactory(organisation=world.organisation)
    programme = factories.a_programme(course, organisation=world.organisation)
    world.programme_enrolment = enrolling.enrol_in_programme(
        learner=world.learner,
        programme=programme,
        by=world.administrator,
        actor=Actor.ADMINISTRATOR,
    )
    Coaching.objects.create(enrolment=world.programme_enrolment, coach=world.coach)
    world.choosing = Enrolment.objects.get(learner=world.learner, course=course)
    world.notification = Notification.objects.filter(user=world.learner).get()


def _add_certificate(world: SimpleNamespace) -> None:
    enrolment = factories.an_enrolment(an_elearning(organisation=world.organisation), world.learner)
    completed(enrolment)
    awarding.drain()
    world.certificate = Certificate.objects.get(enrolment=enrolment)


def _add_files(world: SimpleNamespace) -> None:
    upload = SimpleUploadedFile("Samenvatting.pdf", b"%PDF-1.7 a summary", "application/pdf")
    stored = uploads.store(
        upload=upload, owner=world.administrator, kinds=[file_kinds.PDF], max_size=1_000
    )
    world.file = uploads.claim(stored=stored)
    world.material = Material.objects.create(
        course=world.run.course, title="Samenvatting", file=world.file
    )


def _add_saving(world: SimpleNamespace) -> None:
    row = TypedRow(base="s=enrolled", status=StudyStatus.ABSENT)
    typed = Typed(rows={factories.a_participant(world.run).pk: row})
    world.saving = savings.save_register(run=world.run, typed=typed, by=world.teacher)


def _answers(line: Line, address: str, world: SimpleNamespace) -> list[Answer]:
    """Return what each of the people gets there; what it changes is undone in between."""
    answers: list[Answer] = []
    for name in PEOPLE:
        client = Client(raise_request_exception=False)
        if person := getattr(world, name, None):
            client.force_login(person)
        with transaction.atomic():
            response = getattr(client, line.method)(address)
            transaction.set_rollback(True)
        wants_sign_in = response.get("Location", "").startswith(reverse("login"))
        answers.append(SIGN_IN if wants_sign_in else response.status_code)
    return answers


def test_every_address_has_a_line_and_every_line_an_address():
    assert sorted(_addresses(get_resolver().url_patterns)) == sorted(LINES)


def test_everybody_gets_there_what_the_table_says(world):
    found = {
        name: _answers(line, reverse(name, kwargs=line.named(world)), world)
        for name, line in LINES.items()
    }

    assert found == {name: list(line.answers) for name, line in LINES.items()}


def test_what_changes_something_is_no_link(world, client):
    client.force_login(world.administrator)
    changing = {name: line for name, line in LINES.items() if line.method == "post"}

    found = {
        name: client.get(reverse(name, kwargs=line.named(world))).status_code
        for name, line in changing.items()
    }

    assert found == dict.fromkeys(changing, 405)


@pytest.mark.parametrize("person", PEOPLE)
def test_the_administration_is_for_administrators(person, world, client):
    if person != "stranger":
        client.force_login(getattr(world, person))
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]

    answers = {client.get(address).status_code for address in [reverse("admin:index"), *lists]}

    assert answers == {200 if person == "administrator" else 302}
