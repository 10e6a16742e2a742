"""The states of a cycle of a certification, and in SQL which cycles are in each today.

What is said here of many is said of one row by `states.state_on`. 'Today' is the day where the
institution is.
"""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.assignment import EndedAs
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
        _STANDS & Q(completed_on=None, assignment__ended_as=EndedAs.WITHDRAWN)
    ),
    S.DECLINED: lambda today: _STANDS & Q(completed_on=None, assignment__ended_as=EndedAs.DECLINED),
}
