"""Finding a certificate among what somebody earned."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from certifications.models import Certificate
from learners.hooks.searching import FOUND, Result, Search
from learners.models import User


def certificates_found(user: User, text: str) -> QuerySet[Certificate]:
    """Find among what somebody earned."""
    by_title_or_number = Q(title__icontains=text) | Q(number__istartswith=text)
    return Certificate.objects.for_user(user).filter(by_title_or_number)[:FOUND]


def show_certificate(certificate: Certificate) -> Result:
    return Result(certificate.title, certificate.number, certificate.owner_url)


SEARCHES = (Search(_("My certificates"), "award", certificates_found, show_certificate, order=20),)
