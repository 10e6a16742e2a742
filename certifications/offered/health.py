"""Whether certificates are made, and how many wait."""

from django.utils import timezone

from certifications.models import Certificate
from learners.hooks.running import LONG, Check, Queue, WorkIsLateError


def ask_certificates() -> None:
    """A machine without Pango, or a storage that refuses, shows here: certificates wait."""
    if Certificate.objects.unrendered().filter(created_at__lt=timezone.now() - LONG).exists():
        raise WorkIsLateError


CHECKS = (Check("certificates", ask_certificates),)
QUEUES = (Queue("certificates", lambda now: Certificate.objects.unrendered(), "created_at"),)
