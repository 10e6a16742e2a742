"""How long what somebody earned is valid. Months are added here, in Python, and never in SQL."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from certifications.models import Anchor, CertificationVersion

MONTHS = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dates:
    """The days that a round gets when it is completed; all but the first few are None for what is
    unlimited. They have the names of `Cycle`'s fields."""

    completed_on: date
    valid_from: date
    anchor_on: date
    anchor_months: int = 0
    valid_until: date | None = None
    window_opens_on: date | None = None
    grace_until: date | None = None


@dataclass(frozen=True)
class Before:
    """The round before this one, as far as the days of a renewal follow from it."""

    anchor_on: date
    anchor_months: int
    valid_until: date


def dates_of(
    version: CertificationVersion,
    completed_on: date,
    before: Before | None = None,
    proof_ends_on: date | None = None,
) -> Dates:
    """Return the days of a round that is completed on this day, by the rules of this version.

    A renewal within the validity before it goes on from there; one that is late begins anew on the
    day of completion, and the days between are a gap. A proof that ends earlier ends it earlier.
    """
    if not version.is_recurring or version.period_months is None:
        if proof_ends_on is None:
            return Dates(completed_on, completed_on, completed_on)
        ends = max(proof_ends_on, completed_on)
        return Dates(completed_on, completed_on, completed_on, 0, ends, ends, ends)
    valid_from, anchor_on, months = _counted_from(version, completed_on, before)
    until = last_valid_day(anchor_on, months)
    assert until is not None, "months were given"
    until = max(min(until, proof_ends_on or until), completed_on)
    opens = max(until - timedelta(days=version.window_days), valid_from)
    grace = until + timedelta(days=version.grace_days)
    return Dates(completed_on, valid_from, anchor_on, months, until, opens, grace)


def _counted_from(
    version: CertificationVersion, completed_on: date, before: Before | None
) -> tuple[date, date, int]:
    """Return since when it is valid, and from which day how many months are counted."""
    period = version.period_months or 0
    if version.anchor == Anchor.FIXED:
        anchor = _last_fixed_day(version, completed_on)
        return completed_on, anchor, period
    if version.anchor == Anchor.EXPIRY and before and completed_on <= before.valid_until:
        valid_from = before.valid_until + ONE_DAY
        return valid_from, before.anchor_on, before.anchor_months + period
    return completed_on, completed_on, period


def _last_fixed_day(version: CertificationVersion, day: date) -> date:
    """Return the last fixed day of the year up to this one: each period ends before one of them."""
    month, number = version.fixed_month or 1, version.fixed_day or 1
    fixed = date(day.year, month, number)
    return fixed if fixed <= day else date(day.year - 1, month, number)


def last_valid_day(achieved_on: date, months: int | None) -> date | None:
    """Return the last day on which it is valid; None for what never expires.

    The day before the same day so many months later: achieved on 31 January 2027, 24 months end
    on 30 January 2029. Where that month has no such day they end with the month, as periods in
    months do in Dutch, Belgian and European law: from 31 January one month ends on 28 February.
    """
    if months is None:
        return None
    year, month = divmod(achieved_on.year * MONTHS + achieved_on.month - 1 + months, MONTHS)
    length = monthrange(year, month + 1)[1]
    if achieved_on.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, achieved_on.day) - timedelta(days=1)
