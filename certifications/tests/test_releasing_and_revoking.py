from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from certifications import releasing_and_revoking
from certifications.models import Certificate, CertificateState
from certifications.tests.factories import a_certificate, an_elearning
from learners.models import AuditEntry, Notification
from learners.tests.factories import OrganisationFactory, an_administrator

pytestmark = pytest.mark.django_db


def test_withdrawing_says_who_when_and_why_once():
    certificate, by = a_certificate(), an_administrator()
    for _ in range(2):
        certificate = releasing_and_revoking.revoke(
            certificate=certificate, by=by, reason=" A mistake. "
        )

    assert certificate.state == CertificateState.REVOKED
    assert (certificate.revoked_by, certificate.revoked_because) == (by, "A mistake.")
    assert AuditEntry.objects.filter(action="certifications.certificate_revoked").count() == 1
    assert Notification.objects.filter(kind="certifications/certificate_revoked").count() == 1


def test_withdrawing_without_a_reason_is_refused():
    with pytest.raises(releasing_and_revoking.StandingRefused):
        releasing_and_revoking.revoke(
            certificate=a_certificate(), by=an_administrator(), reason="  "
        )


def test_a_suspended_certificate_keeps_its_place_and_comes_back():
    certificate, by = a_certificate(), an_administrator()
    suspended = releasing_and_revoking.suspend(
        certificate=certificate, by=by, reason="Being looked into."
    )
    assert suspended.state == CertificateState.SUSPENDED
    assert list(Certificate.objects.active()) == [certificate]

    lifted = releasing_and_revoking.lift(certificate=suspended, by=by)
    assert lifted.state == CertificateState.VALID


def test_what_was_withdrawn_is_not_suspended_or_handed_over():
    by = an_administrator()
    certificate = releasing_and_revoking.revoke(
        certificate=a_certificate(), by=by, reason="A mistake."
    )
    Certificate.objects.update(released_at=None)

    with pytest.raises(releasing_and_revoking.StandingRefused):
        releasing_and_revoking.suspend(certificate=certificate, by=by, reason="Too late.")
    with pytest.raises(releasing_and_revoking.StandingRefused):
        releasing_and_revoking.release(certificate=certificate, by=by)


def test_handing_over_tells_the_learner_once():
    certificate, by = a_certificate(), an_administrator()
    Certificate.objects.update(released_at=None)
    Notification.objects.all().delete()
    for _ in range(2):
        certificate = releasing_and_revoking.release(certificate=certificate, by=by)

    assert certificate.state == CertificateState.VALID
    assert Notification.objects.count() == 1


def test_the_state_in_sql_is_the_state_in_python():
    somewhere = OrganisationFactory(time_zone="Pacific/Kiritimati")
    elsewhere = OrganisationFactory(time_zone="Pacific/Pago_Pago")
    now, today = timezone.now(), date.today()
    for organisation in (somewhere, elsewhere):
        for days in (-2, -1, 0, 1, None):
            certificate = a_certificate(an_elearning(organisation=organisation))
            certificate.achieved_on = today - timedelta(days=30)
            certificate.valid_until = None if days is None else today + timedelta(days=days)
            certificate.save()
    ends = Certificate.objects.order_by("-pk")[0]
    for fields in (
        {"released_at": None},
        {"suspended_at": now},
        {"superseded_by": ends},
        {"superseded_by": ends, "suspended_at": now},
        {"revoked_at": now, "revoked_because": "x", "suspended_at": now},
    ):
        Certificate.objects.filter(pk=a_certificate().pk).update(**fields)

    everything = list(Certificate.objects.select_related("organisation"))
    for state in CertificateState:
        expected = {certificate for certificate in everything if certificate.state == state}
        assert set(Certificate.objects.in_state(state)) == expected
        assert expected


@pytest.mark.parametrize(
    "nonsense",
    [
        {"revoked_at": "2027-01-01T00:00Z"},
        {"revoked_because": "For no day."},
        {"rendered_at": "2027-01-01T00:00Z"},
        {"file_sha256": "abc"},
        {"valid_until": "1990-01-01"},
    ],
)
def test_the_database_refuses_nonsense(nonsense):
    a_certificate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.update(**nonsense)


def test_the_database_refuses_two_active_certificates_of_one_enrolment():
    certificate = a_certificate()
    certificate.pk, certificate.code, certificate.number = None, "0" * 12, "X-1"
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)
