"""Telling people of their certificates, of what is asked of them no more, and administrators of
pictures that cannot be printed, each once."""

from collections.abc import Collection

from django.contrib.auth.backends import ModelBackend
from django.db.models import Max
from django.urls import reverse

from certifications.models import Certificate, Certification, CertificationAssignment, Cycle
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


def tell_taken(ended: Collection[CertificationAssignment]) -> None:
    """Tell people that a certification is no longer asked of them, why, and until when what they
    earned stays valid: two queries."""
    earned = Cycle.objects.filter(assignment__in=ended, revoked_at=None).order_by()
    until = dict(earned.values_list("assignment").annotate(last=Max("valid_until")))
    messages = []
    for one in ended:
        assert one.ended_at is not None, "told of what has ended"
        today, last = one.certification.organisation.today(), until.get(one.pk)
        said = last.isoformat() if last and last >= today else ""
        key = f"certification_taken:{one.pk}:{one.ended_at:%Y%m%d%H%M%S}"
        messages.append(_message(one, key, reason=one.ended_because, valid_until=said))
    notify.tell(kind="certifications/certification_taken", messages=messages)


def tell_exempted(assignments: Collection[CertificationAssignment], *, reason: str) -> None:
    """Tell people that they are exempt of a certification, and why."""
    notify.tell(
        kind="certifications/certification_exempted",
        messages=[
            _message(one, f"certification_exempted:{one.pk}", reason=reason) for one in assignments
        ],
    )


def tell_left_out(certificate: Certificate, left_out: Collection[StoredFile]) -> None:
    """Tell who can mend it that certificates are printed without a picture, once of each."""
    organisation = certificate.organisation
    certification = certificate.cycle.certification if certificate.cycle else None
    if organisation.logo in left_out:
        _tell_of(organisation, "logo", title=organisation.name)
    if certification and certification.badge in left_out:
        _tell_of(certification, "badge", **_titles(certification))


def _tell_of(owner: Organisation | Certification, name: str, **titles: str) -> None:
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
                params={**titles, "file": picture.name},
                url=reverse(f"admin:{app}_{model}_change", args=[owner.pk]),
            )
            for pk in people.values_list("pk", flat=True)
        ],
    )


def _titles(certification: Certification) -> dict[str, str]:
    return {"title_nl": certification.title_nl, "title_en": certification.title_in("en")}


def _message(one: CertificationAssignment, key: str, **said: str) -> notify.Message:
    certification = one.certification
    return notify.Message(
        user_id=one.learner_id,
        organisation_id=certification.organisation_id,
        key=key,
        params={**_titles(certification), **said},
        url=certification.get_absolute_url(),
    )
