"""What people earn: what a certification asks, how far somebody is in it, and what they got."""

from certifications.models.certificate import (
    Certificate,
    CertificateKind,
    CertificateNumbers,
    CertificateState,
    certificate_key,
)
from certifications.models.cycle import (
    AssignmentMode,
    CertificationAssignment,
    Cycle,
    Fulfilment,
)
from certifications.models.defining import (
    Anchor,
    Certification,
    CertificationKind,
    CertificationVersion,
    Path,
    Requirement,
    Validity,
)
from certifications.models.evidence import Evidence, EvidenceFile, EvidenceState

__all__ = [
    "Anchor",
    "AssignmentMode",
    "Certificate",
    "CertificateKind",
    "CertificateNumbers",
    "CertificateState",
    "Certification",
    "CertificationAssignment",
    "CertificationKind",
    "CertificationVersion",
    "Cycle",
    "Evidence",
    "EvidenceFile",
    "EvidenceState",
    "Fulfilment",
    "Path",
    "Requirement",
    "Validity",
    "certificate_key",
]
