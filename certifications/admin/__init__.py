"""The administration of certifications and certificates, a module for each subject."""

from certifications.admin import assignments, certificates, certifications

__all__ = ["assignments", "certificates", "certifications"]
