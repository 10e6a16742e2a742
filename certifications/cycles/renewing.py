"""Cycles that begin by themselves: as soon as the window of the one before is open.

Set-based, in batches, at any time, any number of times, in two places at once. When a cycle begins
is worked out from days that were stored when the one before was completed; so it makes no
difference when this runs.
"""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from certifications.cycles import settling
from certifications.models import Certification, CertificationAssignment, Cycle, cycle_states
from certifications.models.assignment import CertificationAssignmentQuerySet
from certifications.models.cycle import CycleQuerySet
from learners.models import User

FIRST_ZONE = ZoneInfo("Pacific/Kiritimati")  # where each day begins
BATCH = 5_000  # cycles in one transaction


def due() -> CycleQuerySet:
    """Keep the cycles after which another one should have begun by today, where they are."""
    days = cycle_states.todays()
    here = Q(pk__in=())
    for zone, today in days.items():
        there = Q(assignment__certification__organisation__time_zone=zone)
        here |= there & Q(next_round_on__lte=today)
    return _going_on().filter(here, next_round_on__lte=max(days.values(), default=date.min))


def _going_on() -> CycleQuerySet:
    goes_on = Q(assignment__ended_at=None, assignment__certification__retired_at=None)
    return Cycle.objects.filter(goes_on, revoked_at=None, exempted_at=None)


def begin_due(*, batch: int = BATCH) -> int:
    """Begin every cycle that is due; return how many. Nothing due is two queries."""
    return _begin(due(), batch)


def begin_for(user: User) -> int:
    """Begin what is due for one person, before they look at it: one query where nothing is. Where
    it is not that day yet, settling leaves it."""
    first_day_anywhere = timezone.localdate(timezone=FIRST_ZONE)
    rows = _going_on().filter(next_round_on__lte=first_day_anywhere, assignment__learner=user)
    return _begin(rows, BATCH)


def may_be_due(row: Cycle) -> bool:
    """Whether another cycle may have to begin after this one, wherever it is that day already."""
    day = row.next_round_on
    return day is not None and day <= timezone.localdate(timezone=FIRST_ZONE)


def begin_of(certifications: Collection[Certification]) -> int:
    """Begin what is due in these certifications, before a rule of them changes."""
    return _begin(due().filter(assignment__certification__in=certifications), BATCH)


def begin_among(
    assignments: Collection[CertificationAssignment] | CertificationAssignmentQuerySet,
) -> int:
    """Begin what is due of these assignments, before somebody decides about them: so that it makes
    no difference whether a job ran. One query where nothing is."""
    first_day_anywhere = timezone.localdate(timezone=FIRST_ZONE)
    theirs = _going_on().filter(assignment__in=assignments)
    return _begin(theirs.filter(next_round_on__lte=first_day_anywhere), BATCH)


def _begin(rows: CycleQuerySet, batch: int) -> int:
    """Settle cycles batch by batch; what is settled is due no more."""
    begun = 0
    waiting = rows.order_by("next_round_on", "pk").values_list("pk", flat=True)
    while ids := set(waiting[:batch]):
        changed = settling.settle(ids)
        begun += sum(row.pk not in ids for row in changed)
        if not changed or len(ids) < batch:
            break
    return begun
