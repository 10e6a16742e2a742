"""What the worker does by itself for assignments. Each may run twice, or be killed."""

from celery import shared_task

from exams.assignments import experience
from exams.reviewing import digests


@shared_task
def tell_of_late_reviews() -> None:
    """Tell coaches and boards of reviews that are late, once a day."""
    digests.tell_late()


@shared_task
def give_owed_xp() -> None:
    """Give XP that a plan owes and a hand-in at the same moment missed."""
    experience.sweep()
