"""Every list and every page of the ground floor's administration opens, with constant queries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from learners import audit
from learners.admin.parts.base import MOST_COUNTED, CappedPaginator
from learners.admin.parts.words import spoken
from learners.catalogue import archiving
from learners.models import (
    Actor,
    Coaching,
    Course,
    Enrolment,
    ExemptionImport,
    ImportJob,
    Lesson,
    Material,
    Membership,
    Notification,
    Organisation,
    Programme,
    ProgrammeCourse,
    Role,
    Run,
    StandIn,
    StoredFile,
    StudyPointAccount,
    StudyStatus,
    Subscription,
    SubscriptionCodeBatch,
    User,
)
from learners.models.audit import AuditEntry
from learners.models.stored_file import new_token
from learners.people import code_batches
from learners.studying import points
from learners.studying.study_status import change_status
from learners.telling import notify
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_lesson,
    a_meeting,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db

LISTS = {
    Organisation: 4,
    User: 5,
    Course: 5,
    Lesson: 5,
    Programme: 5,
    Run: 5,
    Enrolment: 6,
    StandIn: 5,
    StudyPointAccount: 5,
    SubscriptionCodeBatch: 5,
    Notification: 5,
    StoredFile: 4,
    AuditEntry: 4,
    ImportJob: 5,
    ExemptionImport: 5,
}
PAGES = {
    Organisation: 3,
    User: 12,
    Course: 6,
    Lesson: 4,
    Programme: 6,
    Run: 8,
    Enrolment: 9,
    StandIn: 4,
    StudyPointAccount: 5,
    SubscriptionCodeBatch: 4,
    Notification: 4,
    StoredFile: 4,
    AuditEntry: 3,
    ImportJob: 3,
    ExemptionImport: 3,
}


@pytest.fixture
def head_office(client: Client) -> Client:
    client.force_login(an_administrator(language="en"))
    return client


def a_bit_of_everything() -> None:
    """Make at least one row of everything that has a list."""
    run = a_run(-10, 20)
    run.teachers.add(UserFactory())
    enrolment = a_participant(run)
    programme = a_programme(run.course, organisation=run.course.organisation)
    Enrolment.objects.create(learner=enrolment.learner, programme=programme, status="enrolled")
    user = enrolment.learner
    today = timezone.localdate()
    Subscription.objects.create(
        user=user, kind="paid", starts_on=today, ends_on=today + timedelta(days=9)
    )
    code_batches.make(
        organisation=programme.organisation, name="2026", days=30, number=2,
        ends_on=today, by=user,
    )  # fmt: skip
    Material.objects.create(course=run.course, title="Page", link="https://example.org")
    a_lesson(run.course)
    Coaching.objects.create(enrolment=Enrolment.objects.latest("pk"), coach=UserFactory())
    now = timezone.now()
    StandIn.objects.create(
        coach=user,
        stand_in=UserFactory(),
        organisation=run.course.organisation,
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
    cause = f"test:{enrolment.pk}"
    points.grant(grants=[grant_of(user, run.course, cause)], by=None)
    notify.tell(
        kind="learners/enrolled",
        messages=[notify.Message(user_id=user.pk, organisation_id=None, key=cause)],
    )
    audit.record(action="learners.test", on=run, by=None, changes={"code": ["a", "b"]})
    stored = StoredFile.objects.create(
        name="a.csv", size=3, kind="text/csv", sha256="0" * 64, content="x", owner=user
    )
    for kind in ("exemptions", "enrolments"):
        stored.pk, stored.token = None, new_token()
        stored.save()
        organisation = run.course.organisation
        ImportJob.objects.create(organisation=organisation, file=stored, by=user, kind=kind)


def grant_of(learner: User, course: Course, cause: str) -> points.Grant:
    return points.Grant(learner_id=learner.pk, course_id=course.pk, points=3, cause=cause)


def address(model: type, page: str, *args: object) -> str:
    opts = model._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_a_list_asks_as_much_for_three_rows_as_for_one(
    head_office: Client, model: type, django_assert_num_queries: Callable
) -> None:
    a_bit_of_everything()
    with django_assert_num_queries(LISTS[model]):
        assert head_office.get(address(model, "changelist")).status_code == 200
    a_bit_of_everything()
    a_bit_of_everything()
    with django_assert_num_queries(LISTS[model]):
        head_office.get(address(model, "changelist"))


def grow(row: object) -> None:
    """Give a row two more of everything that its page shows in a table."""
    for n in range(2):
        match row:
            case Course():
                a_run(course=row)
                Material.objects.create(course=row, title=f"Page {n}", link="https://example.org")
            case Programme():
                ProgrammeCourse.objects.create(
                    programme=row, course=CourseFactory(organisation=row.organisation)
                )
            case Run():
                a_meeting(row, timezone.now() + timedelta(days=30 + n))
                row.teachers.add(UserFactory())
            case Enrolment():
                Coaching.objects.create(enrolment=row, coach=UserFactory())
            case User():
                a_run_of = a_run().course.organisation
                Membership.objects.create(user=row, organisation=a_run_of, role=Role.TEACHER)
            case StudyPointAccount():
                cause = f"grown:{n}"
                points.grant(grants=[grant_of(row.learner, row.course, cause)], by=None)


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_a_page_asks_as_much_for_three_rows_in_it_as_for_one(
    head_office: Client, model: type, django_assert_num_queries: Callable
) -> None:
    a_bit_of_everything()
    first = model._default_manager.order_by("-pk")[0]  # type: ignore[attr-defined]
    head_office.get(address(model, "change", first.pk))  # fills the cache of content types
    with django_assert_num_queries(PAGES[model]):
        assert head_office.get(address(model, "change", first.pk)).status_code == 200
    grow(first)
    with django_assert_num_queries(PAGES[model]):
        head_office.get(address(model, "change", first.pk))


@pytest.mark.parametrize("person", ["nobody", "learner", "teacher"])
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_who_is_not_of_head_office_sees_nothing(client: Client, model: type, person: str) -> None:
    a_bit_of_everything()
    if person != "nobody":
        user = UserFactory()
        run = Run.objects.get()
        role = Role(person)
        Membership.objects.create(user=user, organisation=run.course.organisation, role=role)
        run.teachers.add(user)
        client.force_login(user)
    row = model._default_manager.order_by("-pk")[0]  # type: ignore[attr-defined]
    for page in (address(model, "changelist"), address(model, "change", row.pk)):
        assert client.get(page).status_code == 302
        assert client.post(page).status_code == 302


def test_nothing_can_be_deleted_here(head_office: Client) -> None:
    a_bit_of_everything()
    for model in LISTS:
        row = model._default_manager.order_by("-pk")[0]  # type: ignore[attr-defined]
        assert (
            head_office.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        )
        assert model._default_manager.filter(pk=row.pk).exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("learners.course_changed", "opleiding gewijzigd"),
        ("learners.enrolment_brought_back", "inschrijving teruggehaald"),
        ("learners.run_cancelled", "uitvoering geannuleerd"),
        ("certifications.certificate_revoked", "certificaat ingetrokken"),
        ("certifications/certificate_issued", "certificaat uitgereikt"),
        ("learners.something_new", "something new"),
    ],
)
def test_codes_are_said_in_words(code: str, words: str) -> None:
    with override("nl"):
        assert spoken(code) == words


def test_whatever_people_are_told_of_has_a_name_in_dutch() -> None:
    told = sorted((settings.BASE_DIR / "templates").glob("*/notifications/[!_]*.txt"))
    kinds = [f"{file.parent.parent.name}/{file.stem}" for file in told]
    assert "certifications/certification_exempted" in kinds
    with override("nl"):
        unnamed = [one for one in kinds if spoken(one) == one.partition("/")[2].replace("_", " ")]
    assert unnamed == []


def test_permissions_are_said_in_words_and_none_deletes(client: Client) -> None:
    client.force_login(an_administrator(language="nl"))
    page = client.get(address(User, "change", UserFactory().pk))
    field = page.context["adminform"].form.fields["user_permissions"]
    with override("nl"):
        said = [words for _pk, words in field.choices]
    assert {"Opleidingen: wijzigen", "Uitvoeringen: toevoegen"} <= set(said)
    assert any("maximum aantal studiepunten" in words for words in said)
    assert not [words for words in said if "Can " in words]


def test_a_large_table_is_counted_to_a_thousand() -> None:
    rows = CappedPaginator(range(MOST_COUNTED + 5), 50)
    assert rows.is_capped
    assert rows.count == MOST_COUNTED
    assert not CappedPaginator(range(MOST_COUNTED), 50).is_capped


def test_a_long_list_is_turned_page_by_page(
    head_office: Client, django_assert_num_queries: Callable
) -> None:
    course = CourseFactory()
    made = [an_enrolment(course) for _ in range(52)]
    with django_assert_num_queries(LISTS[Enrolment] + 1):  # the keys of the page, then its rows
        first = head_office.get(address(Enrolment, "changelist"))
    second = head_office.get(address(Enrolment, "changelist"), {"p": 2})

    assert list(first.context["cl"].result_list) == made[:1:-1]
    assert list(second.context["cl"].result_list) == made[1::-1]


def test_people_are_found_without_accents(head_office: Client) -> None:
    UserFactory(name="Zoë Çelik")
    UserFactory(name="Jan Peeters")
    page = head_office.get(address(User, "changelist"), {"q": "zoe celik"})
    assert "Zoë Çelik" in page.text
    assert "Jan Peeters" not in page.text


@pytest.mark.parametrize("nonsense", ["x", "²", "9" * 30])
@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Enrolment, "organisation"),
        (Enrolment, "course"),
        (Enrolment, "run"),
        (User, "organisation"),
    ],
)
def test_an_address_that_names_no_row_filters_nothing(
    head_office: Client, model: type, name: str, nonsense: str
) -> None:
    a_participant(a_run(3))
    path = address(model, "changelist")
    whole, filtered = head_office.get(path), head_office.get(path, {name: nonsense})
    assert list(filtered.context["cl"].result_list) == list(whole.context["cl"].result_list)


def test_the_history_of_a_row_is_the_audit_log(head_office: Client) -> None:
    run = a_run(3)
    audit.record(action="learners.looked_at", on=run, by=None)
    page = head_office.get(address(Run, "history", run.pk), follow=True)
    assert "Looked at" in page.text


def test_the_history_of_an_enrolment_is_what_really_happened(head_office: Client) -> None:
    enrolment = a_participant(a_run(3))
    administrator = an_administrator(name="Ada Admin")
    change_status(
        enrolment=enrolment,
        to=StudyStatus.EXEMPT,
        by=administrator,
        actor=Actor.ADMINISTRATOR,
        reason="Diploma 2019",
    )
    archiving.archive(enrolments=[enrolment], by=administrator, reason="New version")
    page = head_office.get(address(Enrolment, "history", enrolment.pk)).text
    for words in ("enrolled → exempt", "Diploma 2019", "Enrolment archived", "New version"):
        assert words in page
    page = head_office.get(address(User, "history", enrolment.learner.pk)).text
    assert "enrolled → exempt" in page
    assert str(enrolment.course) in page


def test_an_enrolment_that_was_recorded_later_says_so(head_office: Client) -> None:
    enrolment = a_participant(a_run(3))
    Enrolment.objects.update(registered_on=timezone.localdate() - timedelta(days=30))
    assert "recorded here later" in (
        head_office.get(address(Enrolment, "history", enrolment.pk)).text
    )


@pytest.mark.parametrize("number", [1, 3])
def test_a_history_asks_as_much_for_three_enrolments_as_for_one(
    head_office: Client, number: int, django_assert_num_queries: Callable
) -> None:
    learner = UserFactory()
    for _ in range(number):
        an_enrolment(CourseFactory(), learner)
    with django_assert_num_queries(10):
        head_office.get(address(User, "history", learner.pk))


def test_every_model_of_the_ground_that_has_a_page_is_tested_here() -> None:
    registered = {m for m in admin.site._registry if m._meta.app_label == "learners"}
    assert registered == set(LISTS)
