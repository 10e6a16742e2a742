"""Telling people of their certificates, each once."""

from collections.abc import Collection

from certifications.models import Certificate
from learners import notify


def tell_issued(certificates: Collection[Certificate]) -> None:
    """Tell people that they have a certificate, each once."""
    _tell("certificate_issued", certificates)


def tell_revoked(certificates: Collection[Certificate]) -> None:
    """Tell people that a certificate that they had was withdrawn, each once."""
    _tell("certificate_revoked", [c for c in certificates if c.released_at])


def _tell(name: str, certificates: Collection[Certificate]) -> None:
    if certificates:
        notify.tell(
            kind=f"certifications/{name}",
            messages=[
                notify.Message(
                    user_id=certificate.learner_id,
                    key=f"{name}:{certificate.pk}",
                    params={
                        "title": certificate.title,
                        "number": certificate.number,
                        "check_url": certificate.get_absolute_url(),
                    },
                    url=certificate.owner_url,
                )
                for certificate in certificates
            ],
        )
