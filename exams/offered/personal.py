"""What assignments hold of somebody: for themselves, and until it may be cleared."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from exams.models import HandIn
from learners.hooks.personal import Personal
from learners.models import User


def export(user: User) -> Mapping[str, object]:
    """Return what somebody made of assignments, in plain values."""
    return {}


def active_since(since: datetime) -> Q:
    """Keep people who handed something in since then."""
    young = HandIn.objects.filter(handed_in_at__gte=since)
    return Q(pk__in=young.values("work__enrolment__learner"))


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Forget what these people wrote and handed in; that they did so stays."""


PERSONAL = Personal(export=export, active_since=active_since, pseudonymise=pseudonymise)
