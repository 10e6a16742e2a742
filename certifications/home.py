"""What the home page, the left pane and the page of a course say of certificates."""

from collections.abc import Collection
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from certifications import holding
from certifications.models import Certificate, CertificateState
from learners.home import MY_LEARNING, NavItem, Tile
from learners.models import Enrolment, User
from learners.sections import Section

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
    """Offer my certificates, under what I learn."""
    page = reverse("certifications:my_certificate_list")
    return [NavItem(_("My certificates"), page, "award", order=3, section=MY_LEARNING)]


def course_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer the certificate of this enrolment: what it is today, or what it waits for."""
    given = Certificate.objects.for_user(user).filter(enrolment=enrolment)
    certificates = list(given.select_related("organisation"))
    held = [] if certificates else holding.held_for([enrolment])
    if not certificates and not held:
        return []
    context = {"certificates": certificates, "held": held}
    template = "certifications/_course_section.html"
    return [Section(_("Certificate"), template, context, order=30)]
