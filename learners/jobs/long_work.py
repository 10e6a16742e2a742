"""Work that a worker takes up from a row, and another one where the first was lost.

The row has a state, `queued_at` and `attempt`. Taken up for the fourth time without an end it is
given up: something in it breaks the worker. `attempt` fences off a worker that was thought lost.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from learners.jobs import progress
from learners.models.importing import AT_WORK

ATTEMPTS = 3
PATIENCE = timedelta(minutes=1)  # before the sweep looks after a job that gives no sign


class Superseded(Exception):
    """Another worker has taken the job over."""


def is_alive(key: str) -> bool:
    """Whether a worker that shows its progress under this key gave a sign just now."""
    seen = progress.read(key)
    return seen is not None and seen.is_alive


def neglected(jobs: QuerySet, key_of: Callable[[int], str]) -> list[int]:
    """Return the jobs that are at work without a sign of life: their worker or message was lost."""
    old = jobs.filter(state__in=AT_WORK, queued_at__lt=timezone.now() - PATIENCE)
    return [pk for pk in old.values_list("pk", flat=True) if not is_alive(key_of(pk))]


def take(jobs: QuerySet, pk: int) -> bool:
    """Take a job up, once where several workers want to; another time only after a while."""
    now = timezone.now()
    free = Q(attempt=0) | Q(queued_at__lt=now - PATIENCE)
    waiting = jobs.filter(free, pk=pk, state__in=AT_WORK)
    return bool(waiting.update(attempt=F("attempt") + 1, queued_at=now))


def finish(job: Model, **fields: object) -> None:
    """Write how a job ended. Raises `Superseded` where another attempt has taken over."""
    rows = type(job)._default_manager.filter(pk=job.pk, state__in=AT_WORK)
    if not rows.filter(attempt=job.attempt).update(**fields):  # type: ignore[attr-defined]
        raise Superseded
