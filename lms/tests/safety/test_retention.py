"""Whom clearing reaches, what it takes away, and what stays."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from attendance.models import Attendance, AttendanceChange
from attendance.tests.factories import mark
from certifications.models import Certificate, CertificateState
from certifications.tests.factories import a_certificate, an_elearning
from learners import audit
from learners.admin.organisations import OrganisationForm
from learners.models import (
    AuditEntry,
    Enrolment,
    Membership,
    Notification,
    Role,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_participant,
    a_run,
    an_administrator,
    an_enrolment,
    with_status,
)
from lms.safety import retention

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Yasmina El Idrissi", "yasmina@example.org"
LONG_AGO = timedelta(days=8 * 366)


@pytest.fixture
def past():
    """Somebody who completed something eight years ago and was not seen since."""
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        here = OrganisationFactory(name="Here", clears_personal_data=True)
        person = UserFactory(name=NAME, email=EMAIL, password="a long enough secret")
        enrolment = an_enrolment(CourseFactory(organisation=here), person)
        Membership.objects.update_or_create(
            user=person, organisation=here, role=Role.LEARNER, defaults={"number": "L-17"}
        )
        with_status(enrolment, StudyStatus.COMPLETED)
        Enrolment.objects.filter(pk=enrolment.pk).update(remark="is often ill")
        Notification.objects.create(user=person, kind="k", key="k", params={"name": NAME})
        audit.record(action="learners.user_changed", on=person, by=None, reason="Yasmina asked")
    return SimpleNamespace(here=here, person=person, enrolment=enrolment)


def is_due(person):
    return retention.due(timezone.now()).filter(pk=person.pk).exists()


def everything_stored() -> str:
    """Return all rows of the apps as text, as whoever steals a backup would read them."""
    from django.apps import apps

    models = [m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy]
    return repr([list(model._base_manager.values_list()) for model in models])


def test_who_was_not_seen_for_so_long_loses_their_name_and_figures_stay(past):
    before = Enrolment.objects.values_list("status", "created_at").get()
    assert retention.clear() == 1
    past.person.refresh_from_db()
    assert (past.person.name, past.person.email) == (f"P-{past.person.pk}", None)
    assert not past.person.is_active
    assert not past.person.has_usable_password()
    assert Enrolment.objects.values_list("status", "created_at").get() == before
    assert StudyStatusChange.objects.count() >= 1


def test_nothing_that_is_stored_tells_who_it_was(past):
    User.objects.filter(pk=past.person.pk).update(calendar_key="a-secret-address")
    assert NAME in everything_stored()
    retention.clear()
    stored = everything_stored()
    for word in (NAME, "Yasmina", "yasmina", EMAIL, "L-17", "often ill", "a-secret-address"):
        assert word not in stored


def test_a_second_time_nothing_is_left_to_do(past):
    retention.clear()
    first = everything_stored()
    assert retention.clear() == 0
    assert everything_stored() == first
    assert AuditEntry.objects.filter(action="lms.person_pseudonymised").count() == 1


def test_many_are_cleared_in_batches_with_queries_that_do_not_grow(
    past, monkeypatch, django_assert_max_num_queries
):
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        for _person in range(12):
            an_enrolment(past.enrolment.course)
        Enrolment.objects.update(status=StudyStatus.COMPLETED)
    with django_assert_max_num_queries(93):
        assert retention.clear() == 13
    assert User.objects.filter(pseudonymised_at=None).count() == 0


def test_a_batch_that_is_broken_off_goes_on_where_it_was(past, monkeypatch):
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        an_enrolment(past.enrolment.course)
        Enrolment.objects.update(status=StudyStatus.COMPLETED)
    monkeypatch.setattr(retention, "BATCH", 1)
    assert retention.clear() == 2


def test_an_institution_that_did_not_switch_it_on_loses_nothing(past):
    past.here.clears_personal_data = False
    past.here.save()
    assert retention.clear() == 0
    past.person.refresh_from_db()
    assert past.person.name == NAME


def a_sign_of_life(past, kind):
    now, person = timezone.now(), past.person
    if kind == "signed in":
        User.objects.filter(pk=person.pk).update(last_login=now)
    elif kind == "still enrolled":
        with_status(past.enrolment, StudyStatus.STARTED)
    elif kind == "status changed":
        StudyStatusChange.objects.update(at=now)
    elif kind == "attended":
        Enrolment.objects.update(last_attended_on=timezone.localdate())
    elif kind == "teaches":
        Membership.objects.create(user=person, organisation=past.here, role=Role.TEACHER)
    elif kind == "head office":
        User.objects.filter(pk=person.pk).update(is_staff=True)
    elif kind == "learns elsewhere":
        with_status(an_enrolment(CourseFactory(), person), StudyStatus.COMPLETED)
        Enrolment.objects.update(created_at=now - LONG_AGO)
        StudyStatusChange.objects.update(at=now - LONG_AGO)


@pytest.mark.parametrize(
    "kind",
    [
        *("signed in", "still enrolled", "status changed", "attended"),
        *("teaches", "head office", "learns elsewhere"),
    ],
)
def test_whoever_is_still_there_is_not_due(past, kind):
    assert is_due(past.person)
    a_sign_of_life(past, kind)
    assert not is_due(past.person)


@pytest.mark.parametrize(("years", "due"), [(7, True), (9, False)])
def test_the_institution_says_after_how_many_years(past, years, due):
    past.here.personal_data_kept_years = years
    past.here.save()
    assert is_due(past.person) is due


@pytest.fixture
def certified():
    """Somebody with a certificate of eight years ago."""
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        here = OrganisationFactory(clears_personal_data=True)
        course = an_elearning(organisation=here, certificate_months=12)
        certificate = a_certificate(course, name=NAME, email=EMAIL)
        certificate.file.save("", ContentFile(b"%PDF"), save=False)
        certificate.file_sha256, certificate.rendered_at = "a" * 64, timezone.now()
        certificate.save()
    return certificate


def test_a_valid_certificate_keeps_its_name_and_can_be_checked(client, certified):
    Certificate.objects.update(valid_until=None)
    retention.clear()
    certified.refresh_from_db()
    assert User.objects.get(pk=certified.learner_id).email is None
    assert (certified.learner_name, certified.state) == (NAME, CertificateState.VALID)
    assert certified.file
    assert NAME in client.get(f"/c/{certified.code}/").text


def test_one_that_ran_out_loses_its_name_and_pdf_and_still_answers(
    client, certified, django_capture_on_commit_callbacks
):
    file = certified.file
    assert file.storage.exists(file.name)
    with django_capture_on_commit_callbacks(execute=True):
        retention.clear()
    certified.refresh_from_db()
    page = client.get(f"/c/{certified.code}/", headers={"accept-language": "en"})
    assert (certified.learner_name, certified.state) == ("", CertificateState.EXPIRED)
    assert not file.storage.exists(file.name)
    assert NAME not in page.text
    assert "This certificate has expired" in page.text
    assert not Certificate.objects.unrendered().exists()


def test_a_certificate_that_runs_out_later_counts_as_activity(certified):
    Certificate.objects.update(valid_until=timezone.localdate() - timedelta(days=300))
    assert not is_due(certified.learner)


def test_marks_are_kept_for_so_many_years_and_not_of_who_still_follows(past):
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        run = a_run(-1, course=CourseFactory(organisation=past.here))
        enrolment = a_participant(run)
        mark(run, an_administrator(), run.meetings.get(), present=[enrolment])
    User.objects.filter(pk=enrolment.learner_id).update(last_login=timezone.now())
    with_status(enrolment, StudyStatus.STARTED)
    retention.clear()
    assert Attendance.objects.count() == 1
    with_status(enrolment, StudyStatus.COMPLETED)
    retention.clear()
    assert (Attendance.objects.count(), AttendanceChange.objects.count()) == (0, 0)


@pytest.mark.parametrize("field", ["attendance_kept_years", "personal_data_kept_years"])
def test_nought_years_are_refused_with_words(field):
    organisation = OrganisationFactory()
    data = {name: getattr(organisation, name) for name in OrganisationForm.Meta.fields}
    form = OrganisationForm({**data, field: 0}, instance=organisation)
    assert not form.is_valid()
    assert "1" in form.errors[field][0]


def test_the_preview_names_who_and_how_many_before_it_is_switched_on(client, past):
    past.here.clears_personal_data = False
    past.here.save()
    client.force_login(an_administrator(language="en"))
    page = client.get(f"/admin/learners/organisation/{past.here.pk}/retention/")
    assert "1 person" in page.text
    assert NAME in page.text
    past.person.refresh_from_db()
    assert past.person.name == NAME


def test_the_page_of_an_institution_leads_to_the_preview(client, past):
    client.force_login(an_administrator())
    page = client.get(f"/admin/learners/organisation/{past.here.pk}/change/")
    assert f"/admin/learners/organisation/{past.here.pk}/retention/" in page.text
