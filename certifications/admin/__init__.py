"""The administration of certifications and certificates, a module for each subject."""

from certifications.admin import (
    assignments,
    bulk,
    certificates,
    certifications,
    on_a_day,
    rules,
    versions,
)

__all__ = [
    "assignments",
    "bulk",
    "certificates",
    "certifications",
    "on_a_day",
    "rules",
    "versions",
]
