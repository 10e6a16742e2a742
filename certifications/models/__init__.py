"""What people earn: what a certification asks, how far somebody is in it, and what they got."""

from certifications.models.assignment import AssigningMode, CertificationAssignment
from certifications.models.bulk import (
    AssigningJob,
    AssigningLine,
    AssigningRule,
    Column,
    ModeForOthers,
    Outcome,
    Problem,
    Refusal,
)
from certifications.models.certificate import (
    Certificate,
    CertificateKind,
    CertificateState,
    certificate_key,
)
from certifications.models.cycle import Cycle, Fulfilment, Standing
from certifications.models.cycle_states import CycleState
from certifications.models.defining import Certification, CertificationKind
from certifications.models.evidence import Evidence, EvidenceFile, EvidenceState
from certifications.models.groups import Group, GroupKind
from certifications.models.numbers import CertificateNumbers
from certifications.models.reminder import Moment, Reminder
from certifications.models.version import (
    Anchor,
    CertificationVersion,
    Path,
    Requirement,
    Touches,
    Validity,
)

__all__ = [
    "Anchor",
    "AssigningJob",
    "AssigningLine",
    "AssigningMode",
    "AssigningRule",
    "Certificate",
    "CertificateKind",
    "CertificateNumbers",
    "CertificateState",
    "Certification",
    "CertificationAssignment",
    "CertificationKind",
    "CertificationVersion",
    "Column",
    "Cycle",
    "CycleState",
    "Evidence",
    "EvidenceFile",
    "EvidenceState",
    "Fulfilment",
    "Group",
    "GroupKind",
    "ModeForOthers",
    "Moment",
    "Outcome",
    "Path",
    "Problem",
    "Refusal",
    "Reminder",
    "Requirement",
    "Standing",
    "Touches",
    "Validity",
    "certificate_key",
]
