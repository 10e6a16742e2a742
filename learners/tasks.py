"""What the worker does by itself for the ground floor. Each may run twice, or be killed."""

from celery import shared_task

from learners.enrolling import waiting_lists
from learners.files import keeping, scanning
from learners.importing import jobs
from learners.studying import subscription_warnings, terms
from learners.telling import notify
from learners.uploading import finishing, purging

SCAN_SECONDS = 5  # until the next task, so that mail and certificates are not kept waiting
NIGHT_SECONDS = 20  # of each minute in the night


@shared_task
def send_mail() -> None:
    """Mail what people were told and was not mailed yet."""
    while notify.send_due():
        pass


@shared_task
def lapse_terms() -> None:
    """Record where a study term is over."""
    terms.lapse_terms()


@shared_task
def warn_before_subscriptions_end() -> None:
    """Tell whose exam is open that their subscription is about to end."""
    subscription_warnings.warn()


@shared_task
def move_up_waiting_lists() -> None:
    """Give places that are free to who waits, and close the lists of runs that began."""
    waiting_lists.sweep()


@shared_task
def purge_unclaimed_files() -> None:
    """Delete what was uploaded and never used, and what nobody goes on sending."""
    keeping.purge_unclaimed()
    purging.purge()


@shared_task
def finish_upload(upload_id: int) -> None:
    """Look at an upload of which every byte is there."""
    finishing.finish_one(upload_id)


@shared_task
def take_up_uploads() -> None:
    """Look at the uploads whose worker or message was lost."""
    finishing.finish_neglected()


@shared_task
def scan_files() -> None:
    """Look for what is harmful in what nobody has looked at yet."""
    scanning.scan_waiting(seconds=SCAN_SECONDS)


@shared_task
def scan_files_again() -> None:
    """Look again, with the signatures of today."""
    scanning.scan_again(seconds=NIGHT_SECONDS)


@shared_task
def run_import(job_id: int) -> None:
    """Check or apply a file of enrolments."""
    jobs.run(job_id=job_id)


@shared_task
def take_up_imports() -> None:
    """Start over the imports whose worker or message was lost."""
    for job_id in jobs.neglected():
        jobs.run(job_id=job_id)
