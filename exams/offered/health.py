"""How much waits for who reviews, and how much of it is late, in figures for a monitor."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from exams.models import Conversation, Work
from learners.hooks.running import Queue


def late(now: datetime) -> QuerySet:
    """Keep work that its learner might have heard of by now."""
    return Work.objects.waiting().filter(expected_on__lt=timezone.localdate(now))


QUEUES = (
    Queue("reviews", lambda now: Work.objects.waiting(), "waits_since"),
    Queue("late_reviews", late, "waits_since"),
    Queue("questions", lambda now: Conversation.objects.exclude(asked_at=None), "asked_at"),
)
