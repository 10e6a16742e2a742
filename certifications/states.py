"""How a round of a certification stands today: worked out from its dates, and never stored.

What is said of one row by `state_on` is said of many, in SQL, by `where`. 'Today' is the day where
the institution is.
"""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models import AssignmentMode, CertificateState, Cycle
from certifications.models.assignment import AssignmentEnd
from learners.models import Organisation


class CycleState(models.TextChoices):
    ASSIGNED = "assigned", _("not begun")
    IN_PROGRESS = "in_progress", _("in progress")
    AWAITING_APPROVAL = "awaiting_approval", _("waits for a verdict")
    CERTIFIED = "certified", _("certified")
    RENEWABLE = "renewable", _("certified, to be renewed")
    IN_GRACE = "in_grace", _("expired, renewing is still possible")
    EXPIRED = "lapsed", _("expired")
    EXEMPT = "exempt", _("exempt")
    REVOKED = "revoked", _("withdrawn")
    WITHDRAWN = "taken_away", _("no longer assigned")
    DECLINED = "declined", _("declined")


S = CycleState
PENDING = (S.ASSIGNED, S.IN_PROGRESS, S.AWAITING_APPROVAL)
VALID = (S.CERTIFIED, S.RENEWABLE)
_ENDED = {AssignmentEnd.DECLINED: S.DECLINED, AssignmentEnd.WITHDRAWN: S.WITHDRAWN}


def state_of(cycle: Cycle) -> CycleState:
    """Return its state today."""
    return state_on(cycle, cycle.today)


def state_on(cycle: Cycle, today: date) -> CycleState:
    """Return its state on this day, by what is known now."""
    if cycle.revoked_at:
        return S.REVOKED
    if cycle.exempted_at:
        return S.EXEMPT
    if cycle.completed_on:
        return _of_completed(cycle, today)
    if cycle.assignment.ended_at:
        return _ENDED[AssignmentEnd(cycle.assignment.ended_as)]
    if cycle.waits:
        return S.AWAITING_APPROVAL
    if cycle.is_renewal:
        return _of_renewal(cycle, today)
    return S.IN_PROGRESS if cycle.started_on else S.ASSIGNED


def _of_completed(cycle: Cycle, today: date) -> CycleState:
    """Return the state of a round by its own days; it is renewed as long as it is asked for."""
    if cycle.valid_until is None:
        return S.CERTIFIED
    assert cycle.window_opens_on is not None, "kept by cycle_window_validity_grace_in_order"
    assert cycle.grace_until is not None, "kept by cycle_window_validity_grace_in_order"
    if today > cycle.valid_until:
        return S.IN_GRACE if cycle.goes_on and today <= cycle.grace_until else S.EXPIRED
    is_open = cycle.has_window and today >= cycle.window_opens_on
    return S.RENEWABLE if cycle.goes_on and is_open else S.CERTIFIED


def _of_renewal(cycle: Cycle, today: date) -> CycleState:
    """Return the state of who is renewing, by the days of the round before: the same as that round
    had while this one was not there yet."""
    assert cycle.previous_until is not None, "asked by the caller"
    assert cycle.renewal_until is not None, "kept by cycle_renewal_follows_another"
    if today <= cycle.previous_until:
        return S.RENEWABLE
    return S.IN_GRACE if today <= cycle.renewal_until else S.EXPIRED


def is_overdue(cycle: Cycle, today: date) -> bool:
    """Whether it should have been completed by now; what waits for a result since before is not
    late."""
    day = min(today, cycle.awaited_on or today)
    return cycle.is_open and cycle.due_on is not None and cycle.due_on < day


def public_state(cycle: Cycle) -> CertificateState:
    """Return what a stranger is told of a completed round: valid, expired, withdrawn, or superseded
    by a later one."""
    if cycle.revoked_at:
        return CertificateState.REVOKED
    if newer_than(cycle):
        return CertificateState.SUPERSEDED
    is_over = cycle.valid_until is not None and cycle.valid_until < cycle.today
    return CertificateState.EXPIRED if is_over else CertificateState.VALID


def newer_than(cycle: Cycle) -> Cycle | None:
    """Return the last round after this one that was completed and not withdrawn."""
    later = Cycle.objects.filter(assignment=cycle.assignment_id, number__gt=cycle.number)
    return later.exclude(completed_on=None).filter(revoked_at=None).order_by("-number").first()


def waits_for_answer(cycle: Cycle) -> bool:
    """Whether its learner was nominated, and has neither accepted nor declined."""
    assignment = cycle.assignment
    is_asked = assignment.mode == AssignmentMode.NOMINATED and assignment.accepted_at is None
    return is_asked and assignment.ended_at is None


def todays() -> dict[str, date]:
    """Return the day that it is now in each time zone that an institution has: one query."""
    zones = Organisation.objects.order_by().values_list("time_zone", flat=True).distinct()
    return {zone: timezone.localdate(timezone=ZoneInfo(zone)) for zone in zones}


def where(state: str, days: Mapping[str, date] | None = None) -> Q:
    """Return the condition in SQL that `state_on` spells for one row, given `todays()`."""
    condition = _CONDITIONS[CycleState(state)]
    if state not in _BY_DAY:
        return condition(date.min)
    found = Q(pk__in=())
    for zone, today in (todays() if days is None else days).items():
        here = Q(assignment__certification__organisation__time_zone=zone)
        found |= here & condition(today)
    return found


_STANDS = Q(revoked_at=None, exempted_at=None)
_OPEN = _STANDS & Q(completed_on=None, assignment__ended_at=None)
_ACTS = _OPEN & Q(submitted_at=None, awaited_at=None)
_FIRST = _ACTS & Q(previous_until=None)
_RENEWING = _ACTS & Q(previous_until__isnull=False)
_DONE = _STANDS & Q(completed_on__isnull=False)
_GOES_ON = Q(assignment__ended_at=None, assignment__certification__retired_at=None)
_HAS_WINDOW = Q(window_opens_on__lt=models.F("valid_until"))
_BY_DAY = frozenset({S.CERTIFIED, S.RENEWABLE, S.IN_GRACE, S.EXPIRED})


def _certified(today: date) -> Q:
    cannot_renew = ~_HAS_WINDOW | Q(window_opens_on__gt=today) | ~_GOES_ON
    return _DONE & (Q(valid_until=None) | Q(valid_until__gte=today) & cannot_renew)


def _renewable(today: date) -> Q:
    is_open = _HAS_WINDOW & Q(window_opens_on__lte=today, valid_until__gte=today)
    return _DONE & _GOES_ON & is_open | _RENEWING & Q(previous_until__gte=today)


def _in_grace(today: date) -> Q:
    has_ended = _DONE & _GOES_ON & Q(valid_until__lt=today, grace_until__gte=today)
    return has_ended | _RENEWING & Q(previous_until__lt=today, renewal_until__gte=today)


def _lapsed(today: date) -> Q:
    has_ended = Q(grace_until__lt=today) | Q(valid_until__lt=today) & ~_GOES_ON
    return _DONE & has_ended | _RENEWING & Q(previous_until__lt=today, renewal_until__lt=today)


_CONDITIONS: dict[CycleState, Callable[[date], Q]] = {
    S.ASSIGNED: lambda today: _FIRST & Q(started_on=None),
    S.IN_PROGRESS: lambda today: _FIRST & Q(started_on__isnull=False),
    S.AWAITING_APPROVAL: lambda today: (
        _OPEN & (Q(submitted_at__isnull=False) | Q(awaited_at__isnull=False))
    ),
    S.CERTIFIED: _certified,
    S.RENEWABLE: _renewable,
    S.IN_GRACE: _in_grace,
    S.EXPIRED: _lapsed,
    S.EXEMPT: lambda today: Q(revoked_at=None, exempted_at__isnull=False),
    S.REVOKED: lambda today: Q(revoked_at__isnull=False),
    S.WITHDRAWN: lambda today: (
        _STANDS & Q(completed_on=None, assignment__ended_as=AssignmentEnd.WITHDRAWN)
    ),
    S.DECLINED: lambda today: (
        _STANDS & Q(completed_on=None, assignment__ended_as=AssignmentEnd.DECLINED)
    ),
}
