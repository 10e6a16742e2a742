"""What the worker does by itself. Each may run twice, or be killed: the next sweep goes on."""

from celery import shared_task
from django.utils import timezone

from certifications import awarding
from certifications.models import Certificate


@shared_task
def drain_outbox() -> None:
    """Settle everything that is due, then have the new certificates made."""
    while awarding.drain():
        pass
    if Certificate.objects.to_render(timezone.now()).exists():
        render_certificates.apply_async(expires=10)


@shared_task
def render_certificates() -> None:
    """Make the PDFs that are missing."""
