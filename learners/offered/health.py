"""What of the ground's work is late, and how much of it waits."""

from datetime import timedelta

from django.utils import timezone

from learners.hooks.running import LONG, Check, Queue, WorkIsLateError
from learners.models import ImportJob, Notification, StudyStatusChange
from learners.models.importing import AT_WORK

# The worker looks every ten seconds; what is due for longer says that it does not.
LATE = timedelta(minutes=5)
# Refused so often, in an hour, a mail says nothing about the server any more.
OFTEN = 3


def ask_outbox() -> None:
    """Whether the consequences of changes of study statuses happen."""
    if StudyStatusChange.objects.due(timezone.now() - LATE).exists():
        raise WorkIsLateError


def ask_mail() -> None:
    """A mail server that takes nothing; not one person's mailbox that has refused for long."""
    waiting = Notification.objects.to_mail().filter(failures__lt=OFTEN)
    if waiting.filter(created_at__lt=timezone.now() - LONG).exists():
        raise WorkIsLateError


CHECKS = (Check("outbox", ask_outbox), Check("mail", ask_mail))
QUEUES = (
    Queue("consequences", StudyStatusChange.objects.due, "due_at"),
    Queue("mails", lambda now: Notification.objects.to_mail(), "created_at"),
    Queue("imports", lambda now: ImportJob.objects.filter(state__in=AT_WORK), "queued_at"),
)
