"""How much waits for who reviews, and how much of it is late, in figures for a monitor."""

from datetime import datetime

from django.db.models import QuerySet

from exams.models import Work
from exams.reviewing import queues
from learners.hooks.running import Queue
from learners.models import Organisation


def asking() -> QuerySet:
    """Keep work of which a learner who goes on waits for an answer."""
    return Work.objects.filter(queues.ASKED)


def late_reviews(now: datetime) -> QuerySet:
    """Keep work that should be reviewed by now."""
    return Work.objects.waiting().filter(queues.late_reviews(Organisation.objects.all(), now))


def late_answers(now: datetime) -> QuerySet:
    """Keep work of which a question should be answered by now."""
    return asking().filter(queues.late_answers(Organisation.objects.all(), now))


QUEUES = (
    Queue("reviews", lambda now: Work.objects.waiting(), "waits_since"),
    Queue("late_reviews", late_reviews, "waits_since"),
    Queue("questions", lambda now: asking(), "conversation__asked_at"),
    Queue("late_answers", late_answers, "conversation__asked_at"),
)
