"""What of the ground's work is late, and how much of it waits."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from learners.files import scanner
from learners.hooks.running import LONG, Check, Queue, WorkIsLateError
from learners.models import ImportJob, Notification, StoredFile, StudyStatusChange, Upload
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


def ask_scanner() -> None:
    """Whether it answers, and knows what is harmful this week; well where there is none."""
    if scanner.is_configured():
        scanner.check()


def to_scan(now: datetime) -> QuerySet:
    """Keep the files that a scanner has not seen yet, where there is one."""
    return StoredFile.objects.to_scan() if scanner.is_configured() else StoredFile.objects.none()


CHECKS = (Check("outbox", ask_outbox), Check("mail", ask_mail), Check("scanner", ask_scanner))
QUEUES = (
    Queue("consequences", StudyStatusChange.objects.due, "due_at"),
    Queue("mails", lambda now: Notification.objects.to_mail(), "created_at"),
    Queue("uploads", lambda now: Upload.objects.received(), "active_at"),
    Queue("scans", to_scan, "uploaded_at"),
    Queue("infected", lambda now: StoredFile.objects.infected(), "scanned_at"),
    Queue("imports", lambda now: ImportJob.objects.filter(state__in=AT_WORK), "queued_at"),
)
