"""Cycles that results reached by another door: an import 'without certificates', what was entered
in the database, a backup that was put back.

The drain of the outbox settles what it sees; this looks at all open cycles of whoever has done
something, and at all cycles for which a result counted that was ever taken back, by the same
function, as often as one likes.
"""

from django.db.models import Exists, OuterRef, Q

from certifications.cycles import awaiting, settling
from certifications.models import (
    AssigningMode,
    CertificationKind,
    Cycle,
    Fulfilment,
    Requirement,
)
from certifications.models.cycle import CycleQuerySet
from learners.models import DONE, Enrolment, StudyStatusChange

BATCH = 5_000  # cycles in one transaction


def settle_unseen(*, batch: int = BATCH) -> int:
    """Settle every cycle that a result may have completed or no longer completes, or that may wait
    for one; return how many changed."""
    found = (Cycle.objects.filter(rows, _is_worked_out()) for rows in (_is_open(), _is_doubtful()))
    return sum(_settle(rows, batch) for rows in found)


def _settle(rows: CycleQuerySet, batch: int) -> int:
    changed, last = 0, 0
    keys = rows.order_by("pk").values_list("pk", flat=True)
    while ids := list(keys.filter(pk__gt=last)[:batch]):
        changed += len(settling.settle(ids))
        last = ids[-1]
    return changed


def _is_worked_out() -> Q:
    """Whether results make a cycle: not where evidence does, an answer is waited for, or somebody
    ended it by hand."""
    is_wanted = ~Q(assignment__mode=AssigningMode.NOMINATED) | Q(
        assignment__accepted_at__isnull=False
    )
    return is_wanted & Q(
        assignment__certification__kind=CertificationKind.INTERNAL,
        revoked_at=None,
        exempted_at=None,
    )


def _is_open() -> Q:
    """Whether a cycle is under way in which a result counted already, or whose learner has done
    something that is asked there, or the newer version of any course; or one that waits for a
    result, or may."""
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
    is_pending = Q(assignment__ended_at=None, completed_on=None)
    return is_pending & (Exists(has_counted) | Exists(has_done) | awaiting.in_doubt())


def _is_doubtful() -> Q:
    """Whether a result counts for a completed cycle that was taken back, be it for a while."""
    taken_back = StudyStatusChange.objects.filter(from_status__in=DONE).exclude(to_status__in=DONE)
    counting = Fulfilment.objects.filter(enrolment__in=taken_back.values("enrolment"))
    return Q(completed_on__isnull=False, pk__in=counting.values("cycle"))
