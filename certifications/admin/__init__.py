"""The administration of certifications and certificates, a module for each subject."""

from certifications.admin import (
    assignments,
    bulk,
    certificates,
    certifications,
    rules,
    standing,
    versions,
)

__all__ = [
    "assignments",
    "bulk",
    "certificates",
    "certifications",
    "rules",
    "standing",
    "versions",
]
