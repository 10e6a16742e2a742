"""What follows from a file for programmes and certifications, found out by trying.

All of it is applied in a transaction that is taken back: the numbers of the preview are those that
will come true. What floors above this one make of a study status they say themselves.
"""

from collections import Counter
from collections.abc import Callable

from django.db import transaction

from learners.hooks.imports import Foreseen
from learners.hooks.registry import offers
from learners.models import StudyStatus, StudyStatusChange


def foreseen() -> list[Foreseen]:
    """Return what the apps say would follow."""
    return [one for offer in offers() for one in offer.foreseen]


def count(apply: Callable[[], object]) -> Counter[str]:
    """Count what would complete if this were done, and leave everything as it is."""
    newest = StudyStatusChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    counts: Counter[str] = Counter()
    with transaction.atomic():
        apply()
        made = StudyStatusChange.objects.filter(pk__gt=newest)
        done = made.filter(to_status=StudyStatus.COMPLETED, enrolment__programme__isnull=False)
        counts["programmes"] = done.count()
        touched = list(made.values_list("enrolment", flat=True).distinct())
        for one in foreseen():
            counts[one.name] = one.count(touched)
        transaction.set_rollback(True)
    return counts
