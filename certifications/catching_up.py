"""Rounds that results reached by another door: an import 'without certificates', what was entered
in the database, a backup that was put back.

The drain of the outbox settles what it sees; this looks at all open rounds of whoever has done
something, by the same function, as often as one likes.
"""

from django.db.models import Exists, OuterRef, Q

from certifications import cycles
from certifications.models import (
    AssignmentMode,
    CertificationKind,
    Cycle,
    Fulfilment,
    Requirement,
)
from certifications.models.cycle import CycleQuerySet
from learners.models import Enrolment

BATCH = 5_000  # rounds in one transaction


def settle_open_rounds(*, batch: int = BATCH) -> int:
    """Settle every open round that a result may have completed; return how many changed."""
    changed, last = 0, 0
    while ids := list(_to_look_at().filter(pk__gt=last).values_list("pk", flat=True)[:batch]):
        changed += len(cycles.settle(ids))
        last = ids[-1]
    return changed


def _to_look_at() -> CycleQuerySet:
    """Keep the open rounds in which results count, and in which one counted already, which may
    have been taken back, or whose people have done something that is asked there, or the newer
    version of any course."""
    asked = Requirement.objects.filter(version=OuterRef(OuterRef("version")))
    has_done = (
        Enrolment.objects.done()
        .filter(learner=OuterRef("assignment__learner"))
        .filter(
            Q(course__in=asked.values("course"))
            | Q(programme__in=asked.values("programme"))
            | Q(course__new_version_of__isnull=False)
        )
    )
    has_counted = Fulfilment.objects.filter(cycle=OuterRef("pk"))
    is_wanted = ~Q(assignment__mode=AssignmentMode.NOMINATED) | Q(
        assignment__accepted_at__isnull=False
    )
    rows = Cycle.objects.pending().filter(
        is_wanted,
        Exists(has_counted) | Exists(has_done),
        assignment__certification__kind=CertificationKind.INTERNAL,
    )
    return rows.order_by("pk")
