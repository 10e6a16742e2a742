"""Loading the demo: once, all or nothing, through the functions that the product itself uses.

What has passed is recorded as it would have been then: the functions take `at`. The day of the
first loading is kept in the audit log; loaded again, nothing changes.
"""

from collections.abc import Callable
from time import monotonic

from django.db import transaction
from django.utils import timezone, translation

from learners import audit
from learners.models import AuditEntry, Notification
from lms.demo.contents import begun, contents
from lms.demo.world import World

LOADED = "lms.demo_loaded"
Say = Callable[[str], None]


def loaded() -> AuditEntry | None:
    """Return the record of the first loading, or None where the demo was never loaded."""
    return AuditEntry.objects.filter(action=LOADED).order_by("pk").first()


def load(*, say: Say) -> bool:
    """Load the demo and say how far it is; return whether anything was there to do."""
    if loaded():
        return False
    with transaction.atomic(), translation.override("nl"):
        _load(say)
    return True


def _load(say: Say) -> None:
    """Make the demo, chapter after chapter; what has passed by then is old news."""
    world = begun()
    for chapter in contents():
        began = monotonic()
        made = chapter.tell(world)
        say(f"{made} {chapter.title}, {monotonic() - began:.0f} s")
    _pass_over_old_news(world)
    audit.record(action=LOADED, on=world.organisations["VAV"], by=None)


def _pass_over_old_news(world: World) -> None:
    """Mail nobody about the past but the learner, who has read what is older than a week."""
    now = timezone.now()
    Notification.objects.exclude(user=world.sanne).update(mailed_at=now, read_at=now)
    old = Notification.objects.filter(user=world.sanne, kind="certifications/certificate_issued")
    old.update(mailed_at=now, read_at=now)
