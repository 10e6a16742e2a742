"""What the worker does by itself for assignments. Each may run twice, or be killed."""

from celery import shared_task

from exams.reviewing import digests


@shared_task
def tell_of_late_reviews() -> None:
    """Tell coaches and boards of reviews that are late, once a day."""
    digests.tell_late()
