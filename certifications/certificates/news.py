"""Telling people of their certificates, and administrators of pictures that cannot be printed, each
once."""

from collections.abc import Collection

from django.contrib.auth.backends import ModelBackend
from django.urls import reverse

from certifications.models import Certificate, Certification
from learners.models import Organisation, StoredFile
from learners.telling import notify


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
                    organisation_id=certificate.organisation_id,
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


def tell_left_out(certificate: Certificate, left_out: Collection[StoredFile]) -> None:
    """Tell who can mend it that certificates are printed without a picture, once of each."""
    organisation = certificate.organisation
    certification = certificate.cycle.certification if certificate.cycle else None
    if organisation.logo in left_out:
        _tell_of(organisation, "logo", title=organisation.name)
    if certification and certification.badge in left_out:
        _tell_of(certification, "badge", **titles(certification))


def _tell_of(owner: Organisation | Certification, name: str, **said: str) -> None:
    """Tell of a picture that whoever may change its owner can choose anew."""
    picture: StoredFile = getattr(owner, name)
    app, model = owner._meta.app_label, owner._meta.model_name
    people = ModelBackend().with_perm(f"{app}.change_{model}").filter(is_staff=True)
    notify.tell(
        kind=f"certifications/{name}_left_out",
        messages=[
            notify.Message(
                user_id=pk,
                organisation_id=None,
                key=f"{name}_left_out:{owner.pk}:{picture.pk}",
                params={**said, "file": picture.name},
                url=reverse(f"admin:{app}_{model}_change", args=[owner.pk]),
            )
            for pk in people.values_list("pk", flat=True)
        ],
    )


def titles(certification: Certification) -> dict[str, str]:
    """Return what messages call a certification, in each language."""
    return {"title_nl": certification.title_nl, "title_en": certification.title_in("en")}
