"""Pictures that cannot be printed: certificates are made without, and who can mend it is told."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certifications.certificates import pdf, rendering
from certifications.certificates.sheet import sheet_of
from certifications.models import Certificate, Certification
from certifications.tests.factories import (
    a_certificate,
    a_certification,
    an_elearning,
    assigned,
    done_by,
)
from certifications.tests.storages import RefusingStorage, WithholdingStorage
from learners.files import pictures
from learners.models import AuditEntry, Notification, ScanState, StoredFile
from learners.tests.factories import OrganisationFactory, UserFactory, an_administrator
from learners.tests.pictures import PAGE, a_bomb, a_picture, stored_unseen

pytestmark = pytest.mark.django_db
NOT_DRAWN = {
    "a page": PAGE,
    "cut off": a_picture()[:-2000],
    "a bomb": a_bomb(),
    "a drawing": b"<svg/>",
}
ADD = reverse("admin:certifications_certification_add")


@pytest.fixture
def administrator(client):
    user = an_administrator(language="en")
    client.force_login(user)
    return user


@pytest.fixture
def storage(settings, tmp_path):
    """Use a storage that can withhold what was uploaded."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "certifications.tests.storages.WithholdingStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    WithholdingStorage.refusal, WithholdingStorage.asked = None, 0
    pdf.press().clean()
    yield WithholdingStorage
    WithholdingStorage.refusal = None


def swept(certificate):
    rendering.render_waiting(seconds=60)
    certificate.refresh_from_db()
    return certificate


def content_of(certificate):
    with certificate.file.open("rb") as file:
        return file.read()


def with_logo(logo):
    return a_certificate(an_elearning(organisation=OrganisationFactory(logo=logo)))


def with_badge(badge):
    """Have somebody earn a certification that has this badge."""
    course = an_elearning()
    certification = a_certification(course, badge=badge)
    learner = UserFactory()
    assigned(certification, learner)
    done_by(learner, course)
    rendering.render_waiting(seconds=60)
    return certification, Certificate.objects.get(cycle__assignment__learner=learner)


@pytest.mark.parametrize("content", NOT_DRAWN.values(), ids=NOT_DRAWN)
def test_a_logo_that_cannot_be_drawn_is_left_out_as_if_there_were_none(content):
    certificate = swept(with_logo(stored_unseen("logo.png", content)))

    organisation = certificate.organisation
    organisation.logo = None
    organisation.save()
    plain = Certificate.objects.get(pk=certificate.pk)
    assert content_of(certificate) == pdf.press().print(sheet_of(plain))


def test_all_certificates_of_an_institution_are_made_in_the_same_sweep():
    course = an_elearning(organisation=OrganisationFactory(logo=stored_unseen("a.png", PAGE)))
    for _ in range(5):
        a_certificate(course)

    assert rendering.render_waiting(seconds=60) == 5


def test_so_is_one_whose_content_is_gone():
    logo = stored_unseen("logo.png", a_picture())
    default_storage.delete(logo.content.name)

    certificate = swept(with_logo(logo))

    assert certificate.rendered_at is not None
    assert certificate.render_attempts == 1


def test_a_logo_that_can_be_drawn_is_printed_and_nobody_is_told(administrator):
    certificate = swept(with_logo(stored_unseen("logo.png", a_picture())))

    with BytesIO(content_of(certificate)) as file:
        assert len(PdfReader(file).pages[0].images) == 2  # it and the QR code
    assert not Notification.objects.filter(kind="certifications/logo_left_out").exists()
    assert not AuditEntry.objects.filter(action__endswith="printed_without_picture").exists()


def test_a_badge_that_cannot_be_drawn_is_the_one_that_is_drawn_without_a_picture():
    certification, certificate = with_badge(stored_unseen("badge.png", PAGE))

    Certification.objects.filter(pk=certification.pk).update(badge=None)
    plain = Certificate.objects.get(pk=certificate.pk)
    assert content_of(certificate) == pdf.press().print(sheet_of(plain))


def test_a_badge_that_cannot_be_drawn_is_shown_on_pages_as_if_it_had_no_picture(client):
    certification, _certificate = with_badge(stored_unseen("badge.png", PAGE))
    assert client.get(certification.badge_url)["Content-Type"] == "image/svg+xml"

    certification.badge = stored_unseen("badge.png", a_picture())
    certification.save()
    assert client.get(certification.badge_url)["Content-Type"] == "image/png"

    default_storage.delete(certification.badge.content.name)
    certification.badge = stored_unseen("gone.png", a_picture())
    certification.save()
    default_storage.delete(certification.badge.content.name)
    assert client.get(certification.badge_url)["Content-Type"] == "image/svg+xml"


def test_a_certificate_that_has_waited_for_long_is_made_by_the_sweep():
    certificate = with_logo(stored_unseen("logo.png", PAGE))
    Certificate.objects.update(
        render_attempts=12, render_due_at=timezone.now() + timedelta(minutes=64)
    )
    assert swept(certificate).rendered_at is None

    with time_machine.travel(timezone.now() + timedelta(minutes=65)):
        assert swept(certificate).rendered_at is not None


def test_a_storage_that_is_away_is_waited_for_and_the_logo_is_printed(storage):
    certificate = with_logo(stored_unseen("logo.png", a_picture()))
    storage.refusal = OSError("away")
    assert swept(certificate).rendered_at is None

    storage.refusal = None
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        certificate = swept(certificate)
    pdf.press().take_up(certificate.organisation.logo)
    assert content_of(certificate) == pdf.press().print(sheet_of(certificate))
    assert not AuditEntry.objects.filter(action__endswith="printed_without_picture").exists()


def test_what_a_storage_refuses_for_ever_is_left_out_after_a_quarter_of_an_hour(storage):
    certificate = with_logo(stored_unseen("logo.png", a_picture()))
    storage.refusal = PermissionError("never")
    now = began = timezone.now() + timedelta(minutes=1)
    while certificate.rendered_at is None:
        with time_machine.travel(now, tick=False):
            certificate = swept(certificate)
        now = certificate.render_due_at

    assert certificate.render_attempts == rendering.PATIENCE + 1
    assert certificate.rendered_at - began == timedelta(minutes=15, seconds=30)
    assert AuditEntry.objects.filter(action="certifications.printed_without_picture").exists()


def test_as_long_as_the_storage_takes_nothing_either_nothing_is_made(settings, tmp_path):
    certificate = with_logo(stored_unseen("logo.png", a_picture()))
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "certifications.tests.storages.RefusingStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    RefusingStorage.refusal = OSError("away")
    Certificate.objects.update(render_attempts=rendering.PATIENCE + 1)

    assert swept(certificate).rendered_at is None
    assert not Notification.objects.filter(kind="certifications/logo_left_out").exists()
    RefusingStorage.refusal = None


def test_a_picture_that_is_refused_keeps_no_other_certificate_waiting(storage):
    other = a_certificate()
    course = an_elearning(organisation=OrganisationFactory(logo=stored_unseen("a", a_picture())))
    for _ in range(2 * rendering.FAILURES_IN_A_ROW):
        a_certificate(course)
    storage.refusal = PermissionError("never")

    assert swept(other).rendered_at is not None
    assert storage.asked == 1
    assert Certificate.objects.unrendered().count() == 2 * rendering.FAILURES_IN_A_ROW


def test_who_may_change_the_institution_is_told_once_of_each_logo(administrator):
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="change_organisation"))
    UserFactory(is_staff=True)
    organisation = OrganisationFactory(logo=stored_unseen("logo.png", PAGE))
    course = an_elearning(organisation=organisation)
    for _ in range(2):
        swept(a_certificate(course))

    told = Notification.objects.filter(kind="certifications/logo_left_out")
    assert {row.user for row in told} == {administrator, helper}
    assert len(told) == 2
    address = reverse("admin:learners_organisation_change", args=[organisation.pk])
    assert {row.url for row in told} == {address}

    organisation.logo = stored_unseen("another.png", PAGE)
    organisation.save()
    swept(a_certificate(course))
    assert told.all().count() == 4


def test_who_may_change_the_certification_is_told_of_its_badge(client, administrator):
    certification, certificate = with_badge(stored_unseen("badge.png", PAGE))

    told = administrator.notifications.get(kind="certifications/badge_left_out")
    assert told.params["file"] == "badge.png"
    page = client.get(told.url)
    assert page.context["original"] == certification
    assert "This picture cannot be read; certificates are printed without it." in page.text
    entry = AuditEntry.objects.get(action="certifications.printed_without_picture")
    assert (entry.object_id, entry.reason) == (certificate.pk, "badge.png")


def test_a_broken_picture_of_a_badge_is_refused_and_nothing_typed_is_lost(client, administrator):
    said = {"organisation": OrganisationFactory().pk, "code": "B", "kind": "external"}
    upload = SimpleUploadedFile("badge.png", PAGE)
    page = client.post(ADD, {**said, "title_nl": "Badge of honour", "upload": upload})
    form = page.context["adminform"].form
    assert form.errors["upload"] == [
        "This picture cannot be shown: it is damaged or cut off. Choose another."
    ]
    assert 'value="Badge of honour"' in page.text
    assert not Certification.objects.exists()


def test_what_is_said_on_the_page_is_what_is_printed():
    for content in (*NOT_DRAWN.values(), a_picture(), a_picture("PNG", "I;16")):
        stored = stored_unseen("a.png", content)
        try:
            pictures.small(stored)
        except pictures.PictureBroken:
            assert pictures.can_be_drawn(stored) is False
        else:
            assert pictures.can_be_drawn(stored) is True


def test_a_logo_that_turned_out_to_be_infected_is_not_printed():
    logo = stored_unseen("logo.png", a_picture())
    StoredFile.objects.filter(pk=logo.pk).update(scan_state=ScanState.INFECTED)
    certificate = swept(with_logo(logo))
    assert content_of(certificate) == pdf.press().print(sheet_of(certificate, without=[logo]))
