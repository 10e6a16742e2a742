"""Where the lists of certifications and certificates stand on the administration's front page."""

from django.utils.translation import gettext_lazy as _

from certifications.models import (
    AssigningJob,
    AssigningRule,
    Certificate,
    Certification,
    CertificationAssignment,
    CertificationVersion,
    Standing,
)
from learners.hooks.running import Heading, Listed

EARNED = Heading(_("Certifications and certificates"), 30)

LISTED = (
    Listed(Certification, EARNED, 10),
    Listed(CertificationAssignment, EARNED, 20),
    Listed(AssigningJob, EARNED, 30),
    Listed(AssigningRule, EARNED, 40),
    Listed(Standing, EARNED, 50),
    Listed(CertificationVersion, EARNED, 60),
    Listed(Certificate, EARNED, 70),
)
