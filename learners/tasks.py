"""What the worker does by itself for the ground floor. Each may run twice, or be killed."""

from celery import shared_task

from learners import notify, terms, uploads


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
def purge_unclaimed_files() -> None:
    """Delete what was uploaded and never used."""
    uploads.purge_unclaimed()
