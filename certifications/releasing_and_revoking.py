"""What may happen to a certificate after it was made: released, withdrawn, suspended, lifted.

Each locks the enrolment or the assignment first, as everything does that makes or withdraws them.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.certificates import news
from certifications.cycles import renewing, settling
from certifications.models import Certificate, CertificationAssignment, Cycle
from learners import audit
from learners.models import Enrolment, User


class StandingRefused(Exception):
    """This cannot be done with the certificate; the message says why, in the user's language."""


@transaction.atomic
def release(*, certificate: Certificate, by: User) -> Certificate:
    """Hand over a certificate that was held, and tell who earned it."""
    locked = _locked(certificate)
    if locked.released_at:
        return locked
    _refuse_withdrawn(locked)
    locked.released_at = timezone.now()
    locked.save(update_fields=["released_at"])
    audit.record(action="certifications.certificate_released", on=locked, by=by)
    news.tell_issued([locked])
    return locked


@transaction.atomic
def revoke(*, certificate: Certificate, by: User, reason: str) -> Certificate:
    """Withdraw a certificate for good; its public page says so, with the date, but not why.

    Raises `StandingRefused` without a reason.
    """
    locked = _locked(certificate)
    if locked.revoked_at:
        return locked
    _refuse_empty(reason)
    if locked.cycle_id is not None:
        theirs = CertificationAssignment.objects.filter(cycles=locked.cycle_id)
        renewing.begin_among(theirs)
    locked.revoked_at = timezone.now()
    locked.revoked_by = by
    locked.revoked_because = reason.strip()[:500]
    locked.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])
    if locked.cycle_id is not None:
        related = Cycle.objects.select_related("assignment__certification__organisation")
        related.get(pk=locked.cycle_id).revoke(locked.revoked_at)
        Certificate.objects.filter(superseded_by=locked).update(superseded_by=None)
        settling.settle([locked.cycle_id])
    audit.record(action="certifications.certificate_revoked", on=locked, by=by, reason=reason)
    news.tell_revoked([locked])
    return locked


@transaction.atomic
def suspend(*, certificate: Certificate, by: User, reason: str) -> Certificate:
    """Let a certificate not count for now; it keeps its place, and `lift` brings it back."""
    locked = _locked(certificate)
    if locked.suspended_at:
        return locked
    _refuse_withdrawn(locked)
    _refuse_empty(reason)
    locked.suspended_at = timezone.now()
    locked.save(update_fields=["suspended_at"])
    audit.record(action="certifications.certificate_suspended", on=locked, by=by, reason=reason)
    return locked


@transaction.atomic
def lift(*, certificate: Certificate, by: User, reason: str = "") -> Certificate:
    """End a suspension."""
    locked = _locked(certificate)
    if not locked.suspended_at:
        return locked
    locked.suspended_at = None
    locked.save(update_fields=["suspended_at"])
    audit.record(action="certifications.suspension_lifted", on=locked, by=by, reason=reason)
    return locked


def _locked(certificate: Certificate) -> Certificate:
    if certificate.cycle_id is not None:
        assignments = CertificationAssignment.objects.select_for_update(of=("self",))
        assignments.get(cycles=certificate.cycle_id)
        Cycle.objects.select_for_update(of=("self",)).get(pk=certificate.cycle_id)
    if certificate.enrolment_id is not None:
        Enrolment.objects.select_for_update(of=("self",)).get(pk=certificate.enrolment_id)
    return Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)


def _refuse_withdrawn(certificate: Certificate) -> None:
    if certificate.revoked_at:
        raise StandingRefused(_("This certificate was withdrawn."))


def _refuse_empty(reason: str) -> None:
    if not reason.strip():
        raise StandingRefused(_("Say why."))
