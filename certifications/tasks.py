"""What the worker does by itself. Each may run twice, or be killed: the next sweep goes on."""

import logging
from functools import cache

from celery import shared_task
from django.utils import timezone

from certifications import awarding
from certifications.assigning import jobs, rules
from certifications.certificates import pdf, rendering
from certifications.cycles import catching_up, renewing
from certifications.models import Certificate
from certifications.reminding import reminders

logger = logging.getLogger(__name__)

RENDER_SECONDS = 9  # until the next sweep, so that mail is not kept waiting
MOST_AT_ONCE = 4  # workers that make certificates together; a claim keeps them apart


@shared_task
def drain_outbox() -> None:
    """Settle everything that is due, then have what is missing made."""
    while awarding.drain():
        pass
    missing = Certificate.objects.to_render(timezone.now())[
        : MOST_AT_ONCE * rendering.BATCH
    ].count()
    for _ in range(-(-missing // rendering.BATCH)):
        render_certificates.apply_async(expires=RENDER_SECONDS)


@shared_task
def render_certificates() -> None:
    """Make the PDFs that are missing; where that cannot be done here, they wait."""
    if missing := pdf.why_not():
        _say_once(missing)
        return
    rendering.render_waiting(seconds=RENDER_SECONDS)


@shared_task
def begin_rounds() -> None:
    """Begin the cycles that are due: renewals whose window has opened."""
    renewing.begin_due()


@shared_task
def remind() -> None:
    """Find whom to remind of a certification, and tell each of them once a day."""
    reminders.remind()


@cache
def _say_once(missing: str) -> None:
    logger.error("certificates wait, as they cannot be made here: %s", missing)


@shared_task
def run_assigning(job_id: int) -> None:
    """Look at, or assign to, the people of a group or a file."""
    jobs.run(job_id=job_id)


@shared_task
def take_up_assigning() -> None:
    """Go on with what a worker left behind, or never got."""
    for job_id in jobs.neglected():
        jobs.run(job_id=job_id)


@shared_task
def apply_rules() -> None:
    """Assign to whoever newly fits a rule."""
    rules.apply_all()


@shared_task
def settle_unseen() -> None:
    """Settle what came in by another door than the outbox."""
    catching_up.settle_unseen()
