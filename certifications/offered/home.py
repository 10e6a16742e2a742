"""What the home page, the left pane and the page of a course say of certificates."""

from collections.abc import Collection
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from certifications.cycles import states, whose_turn
from certifications.cycles.whose_turn import Expected
from certifications.models import Certificate, CertificateState, Cycle, Evidence
from certifications.pages import held_certificates, my_certifications
from learners.hooks.pages import (
    MY_LEARNING,
    OFFERED,
    Ending,
    NavItem,
    Section,
    Tile,
    Turn,
    Under,
    Waiting,
)
from learners.models import Enrolment, User
from learners.people.roles import is_at_work

SOON = timedelta(days=60)


def tiles(user: User) -> list[Tile]:
    """Offer my certificates, to who has any."""
    mine = held_by(user)
    if not mine:
        return []
    page = reverse("certifications:my_certificate_list")
    return [Tile(_("My certificates"), summary(mine), page, "award", order=30)]


def held_by(user: User) -> list[Certificate]:
    """Return the certificates that this person has and that were not withdrawn; asked once each
    time that the person is fetched."""
    if "_certificates" not in user.__dict__:
        found = Certificate.objects.for_user(user).active().select_related("organisation")
        user.__dict__["_certificates"] = list(found)
    return user.__dict__["_certificates"]


def endings(user: User) -> list[Ending]:
    """Offer the certificates that end and that no newer one takes the place of."""
    return [
        Ending(certificate.title, certificate.valid_until, certificate.owner_url)
        for certificate in held_by(user)
        if certificate.valid_until and certificate.superseded_by_id is None
    ]


def summary(certificates: Collection[Certificate]) -> str:
    """Say how many are valid and which ends next: '7 valid, the first ends in 23 days'."""
    valid = [c for c in certificates if c.state == CertificateState.VALID]
    said = [ngettext("%(n)d valid", "%(n)d valid", len(valid)) % {"n": len(valid)}]
    left = [c.valid_until - c.organisation.today() for c in valid if c.valid_until]
    soon = [days for days in left if days <= SOON]
    if soon and min(soon).days:
        days = min(soon).days
        said.append(
            ngettext("the first ends in %(n)d day", "the first ends in %(n)d days", days)
            % {"n": days}
        )
    elif soon:
        said.append(gettext("the first ends today"))
    return ", ".join(said)


def nav(user: User) -> list[NavItem]:
    """Offer my certifications and certificates, under what I learn."""
    certifications = reverse("certifications:my_certification_list")
    certificates = reverse("certifications:my_certificate_list")
    pages = [
        NavItem(_("Certifications"), certifications, "patch-check", order=3, section=MY_LEARNING),
        NavItem(_("My certificates"), certificates, "award", order=4, section=MY_LEARNING),
    ]
    if user.is_staff:
        inbox = reverse("certifications:proof_list")
        pages.append(
            NavItem(_("Proofs"), inbox, "file-earmark-check", order=85, section="administration")
        )
    return pages


def waiting_for(user: User) -> list[Waiting]:
    """Offer the certifications that wait for somebody, or for who judges their evidence."""
    rows = my_certifications.pending(user)[:OFFERED]
    mine = [certification_waits(cycle, whose_turn.expected(cycle)) for cycle in rows]
    return [*mine, *(evidence_waits(one, user) for one in evidence_waiting(user))]


def evidence_waiting(user: User) -> list[Evidence]:
    """Return the evidence that somebody is to judge; who only learns is not asked about."""
    if not is_at_work(user):
        return []
    evidence = Evidence.objects.waiting().judged_by(user).order_by("pk")[:OFFERED]
    related = ("cycle__assignment__certification", "cycle__assignment__learner")
    return list(evidence.select_related(*related))


def evidence_waits(evidence: Evidence, judge: User) -> Waiting:
    """Say whose evidence waits for somebody who may judge it."""
    assignment = evidence.cycle.assignment
    return Waiting(
        what=gettext("Proof of %(who)s") % {"who": assignment.learner.name},
        text=assignment.certification.title,
        url=evidence.get_absolute_url(),
        turn=Turn.of(judge),
        since=evidence.submitted_at,
        action=gettext("Judge"),
        icon="file-earmark-check",
    )


def outstanding() -> Under:
    """Return the heading of certifications that wait."""
    return Under(
        title=pgettext("certifications", "Outstanding"),
        url=f"{reverse('certifications:my_certification_list')}?mode=pending",
        link=gettext("All pending certifications"),
    )


def certification_waits(cycle: Cycle, expected: Expected) -> Waiting:
    """Say what a certification waits for, and how far it is."""
    needed = whose_turn.needed_of(cycle)
    done = whose_turn.done_of(cycle)
    return Waiting(
        what=cycle.certification.title,
        text=expected.text,
        url=cycle.certification.get_absolute_url(),
        turn=turn_in(cycle, expected),
        since=cycle.begins_on,
        action=expected.action,
        is_urgent=expected.is_mine and expected.is_urgent,
        icon="patch-check",
        progress=(done, needed) if needed and not states.waits_for_answer(cycle) else None,
        under=outstanding(),
    )


def turn_in(cycle: Cycle, expected: Expected) -> Turn:
    """Return who has to act in a certification: its learner, or who judges what they handed in."""
    if expected.is_mine:
        return Turn(person_id=cycle.assignment.learner_id)
    return Turn(institution_id=cycle.certification.organisation_id)


def course_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer the certificate of this enrolment, as it is today or what it waits for, and the
    certifications for which it counts."""
    return [*_certificates_of(user, enrolment), *_counts_for(user, enrolment)]


def _certificates_of(user: User, enrolment: Enrolment) -> list[Section]:
    given = Certificate.objects.for_user(user).filter(enrolment=enrolment)
    certificates = list(given.select_related("organisation"))
    waits = enrolment.waiting_completion is not None  # type: ignore[attr-defined]
    held = held_certificates.held_for([enrolment]) if waits and not certificates else []
    if not certificates and not held:
        return []
    context = {"certificates": certificates, "held": held}
    template = "certifications/pages/_course_section.html"
    return [Section(_("Certificate"), template, context, order=30)]


def _counts_for(user: User, enrolment: Enrolment) -> list[Section]:
    """Say which of somebody's pending certifications ask for a course, and how far they are."""
    rows = list(my_certifications.asking_for(user, enrolment)[:OFFERED])
    if not rows:
        return []
    context = {"rows": [(cycle, whose_turn.expected(cycle)) for cycle in rows]}
    template = "certifications/pages/_counts_for_section.html"
    return [Section(_("Counts for"), template, context, order=8, is_aside=True)]
