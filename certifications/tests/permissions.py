"""Who sees and may do what of certificates and certifications."""

import hashlib
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certifications import awarding, evidence
from certifications.defining import publication
from certifications.models import Certificate
from certifications.tests.bulk import a_rule, looked_at
from certifications.tests.factories import a_certification, an_elearning, assigned, completed
from learners.tests import factories
from learners.tests.permissions import people
from learners.tests.permissions.names import ADMINISTRATOR
from learners.tests.permissions.parts import (
    Administered,
    Asked,
    Permissions,
    World,
    asked_of,
    fields,
    named,
    new,
    pages_of_job,
    pk_of,
)
from learners.tests.permissions.world import course_at, on, stored

CERTIFICATION_TITLE = "Guard of the gate"
NUMBER = "the number of the certificate"


def _add_certificates(world: SimpleNamespace) -> None:
    """Let the learner complete a run long ago, that the same people taught."""
    run = factories.a_run(-30, course=course_at(world.here))
    people.teach(run, world.people["teacher"], world.people["former teacher"])
    graduate = completed(on(run, world.people["learner"]))
    awarding.drain()
    certificate = Certificate.objects.get(enrolment=graduate)
    pdf = b"%PDF-1.7 a certificate"
    certificate.file.save("", ContentFile(pdf), save=False)
    certificate.file_sha256 = hashlib.sha256(pdf).hexdigest()
    certificate.rendered_at = timezone.now()
    certificate.save()
    world.certificate = certificate


def _add_certifications(world: SimpleNamespace) -> None:
    """Nominate the learner, let them hand in evidence, and open a certification to everybody."""
    learner = world.people["learner"]
    asked = an_elearning(organisation=world.here)
    world.nominated = a_certification(asked, title_nl=CERTIFICATION_TITLE)
    world.assignment = assigned(world.nominated, learner, mode="nominated").assignment
    world.open_certification = a_certification(asked, open_to_learners=True)
    world.draft = publication.begin(certification=world.nominated, by=world.people[ADMINISTRATOR])
    world.external = a_certification(organisation=world.here, kind="external")
    assigned(world.external, learner)
    other = a_certification(organisation=world.here, kind="external")
    world.evidence = evidence.hand_in(
        cycle=assigned(other, learner),
        files=[stored(learner, "proof.pdf", b"%PDF-1.7 another proof")],
        by=learner,
        facts=evidence.Facts(),
    )


def _add_assigning(world: SimpleNamespace) -> None:
    """Look at a group to which something may be assigned, and let a rule apply."""
    teachers = {"group": "role", "role": "teacher", "organisation": world.here}
    world.assigning = looked_at(world.nominated, **teachers)
    world.rule = a_rule(a_certification(organisation=world.here, kind="external"), **teachers)


def _code(world: World) -> dict[str, Any]:
    return {"code": world.certificate.shown_code}


def _evidence(world: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")}


def _to_assign(world: World) -> dict[str, Any]:
    who = [world.people["author"].pk]
    chosen = {"certification": world.nominated.pk, "learners": who, "mode": "mandatory"}
    return {**chosen, "confirmed": "1"}


def _to_assign_to_many(world: World) -> dict[str, Any]:
    group = {"whom": "role", "role": "author", "organisation": world.here.pk}
    return {"certification": world.nominated.pk, "mode": "mandatory", **group}


ADDRESSES = {
    "certifications:my_certification_list": Asked(),
    "certifications:my_certification_detail": Asked(pk_of("nominated")),
    "certifications:certification_accept": Asked(pk_of("nominated")),
    "certifications:certification_decline": Asked(pk_of("nominated")),
    "certifications:certification_start": Asked(pk_of("nominated")),
    "certifications:certification_choose": Asked(pk_of("open_certification")),
    "certifications:badge_show": Asked(pk_of("nominated")),
    "certifications:proof_hand_in": Asked(pk_of("external"), form=_evidence),
    "certifications:proof_file": Asked(lambda world: {"pk": world.evidence.files.get().pk}),
    "learners:file_download of a proof": Asked(
        lambda world: {"pk": world.evidence.files.get().file_id}
    ),
    "certifications:proof_list": Asked(),
    "certifications:proof_detail": Asked(pk_of("evidence")),
    "certifications:proof_accept": Asked(pk_of("evidence"), form=fields(obtained_on="2026-01-15")),
    "certifications:proof_refuse": Asked(pk_of("evidence"), form=fields(reason="Cannot be read")),
    "certifications:my_certificate_list": Asked(),
    "certifications:my_certificate_detail": Asked(_code),
    "certifications:certificate_row": Asked(_code),
    "certifications:certificate_download": Asked(_code),
    "certifications:certificate_lookup": Asked(),
    "certifications:certificate_check": Asked(_code),
    "certifications:page_moved": Asked(fields(model="assignmentjob")),
}
ADMINISTRATION = {
    "certifications_certification": Administered(
        row=named("nominated"),
        typed=new(code="NEW", title_nl="Nieuw", title_en="New"),
        changed={"title_nl": "Anders"},
        chosen="retire",
    ),
    "certifications_certificationversion": Administered(
        row=named("draft"),
        changed={"due_days": 30},
        chosen="publish",
        pages={
            "example": Asked(query=fields(validity="unlimited", anchor="expiry")),
            "publish": asked_of(named("draft"), form=fields(touches="next")),
        },
    ),
    "certifications_certificationassignment": Administered(
        row=named("assignment"), sent=_to_assign, chosen="exempt", pages={"export": Asked()}
    ),
    "certifications_standing": Administered(
        row=lambda world: world.assignment.cycles.get(), pages={"export": Asked()}
    ),
    "certifications_assigningjob": Administered(
        row=named("assigning"), sent=_to_assign_to_many, pages=pages_of_job("assigning")
    ),
    "certifications_assigningrule": Administered(row=named("rule"), chosen="switch_off"),
    "certifications_certificate": Administered(row=named("certificate"), chosen="withdraw"),
}

PERMISSIONS = Permissions(
    world=(_add_certificates, _add_certifications, _add_assigning),
    addresses=ADDRESSES,
    administration=ADMINISTRATION,
    readers={NUMBER: {"learner": "certifications:my_certificate_list"}},
    said={NUMBER: lambda world: world.certificate.number},
    # Whoever was given the code reads the certificate.
    for_others={"certifications:certificate_check"},
    stores_nothing={"certifications:page_moved"},
)
