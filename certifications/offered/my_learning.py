"""What 'my learning' shows of certifications and certificates."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certifications.cycles import whose_turn
from certifications.cycles.whose_turn import Expected
from certifications.models import Certificate, CertificateState, Cycle
from certifications.pages import my_certifications
from learners.hooks.pages import Learned, Section
from learners.models import User

SHOWN = 10  # of each kind; each has a page of its own with all of them


def learned(user: User) -> Learned:
    """Offer the certifications that somebody has, and what they earned."""
    return Learned(sections=[*_certifications(user), _certificates(user)])


def _certifications(user: User) -> list[Section]:
    rows = certifications_of(user)
    if not rows:
        return []
    return [
        Section(
            title=_("Certifications"),
            template="certifications/pages/_my_certifications.html",
            context={"certifications": rows},
            order=20,
            link=reverse("certifications:my_certification_list"),
        )
    ]


def _certificates(user: User) -> Section:
    rows = certificates_of(user)
    return Section(
        title=_("Certificates"),
        template="certifications/certificates/_my_certificates.html",
        context={"certificates": rows},
        order=20,
        is_aside=True,
        link=reverse("certifications:my_certificate_list") if rows else "",
    )


def certifications_of(user: User) -> list[tuple[Cycle, Expected]]:
    """Return the certifications, the most relevant first, each with what is expected now."""
    first = my_certifications.most_relevant(my_certifications.mine(user))[:SHOWN]
    return [(cycle, whose_turn.expected(cycle)) for cycle in first]


def certificates_of(user: User) -> list[tuple[Certificate, CertificateState]]:
    """Return what was earned, the newest first, each with its state of today."""
    mine = Certificate.objects.for_user(user).select_related("organisation")
    first = mine.order_by("-achieved_on", "-pk")[:SHOWN]
    return [
        (certificate, certificate.state_on(certificate.organisation.today()))
        for certificate in first
    ]
