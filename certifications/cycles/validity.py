"""How long what somebody earned is valid. Months are added here, in Python, and never in SQL."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from certifications.models import Anchor, CertificationVersion

MONTHS = 12
ONE_DAY = timedelta(days=1)
# Evidence that ends by itself, of what our rules let last for ever, is asked for again so early.
ASKED_AGAIN = timedelta(days=60)


@dataclass(frozen=True)
class Dates:
    """The days that a cycle gets when it is completed; all but the first few are None for what is
    unlimited. They have the names of `Cycle`'s fields."""

    completed_on: date
    valid_from: date
    anchor_on: date
    anchor_months: int = 0
    valid_until: date | None = None
    window_opens_on: date | None = None
    grace_until: date | None = None
    next_round_on: date | None = None
    gap_days: int = 0


@dataclass(frozen=True)
class Before:
    """The cycle before this one, as far as the days of a renewal follow from it.

    `ended_on` is the last day before it was withdrawn, where it was.
    """

    anchor_on: date
    anchor_months: int
    valid_until: date
    ended_on: date | None = None

    @property
    def last_day(self) -> date:
        return min(self.valid_until, self.ended_on or self.valid_until)

    def is_renewed_on(self, day: date) -> bool:
        """Whether what is completed on this day goes on from it: it was valid then, and nobody had
        withdrawn it before its end."""
        return day <= self.last_day == self.valid_until


def dates_of(
    version: CertificationVersion,
    completed_on: date,
    before: Before | None = None,
    evidence_ends_on: date | None = None,
) -> Dates:
    """Return the days of a cycle that is completed on this day, by the rules of this version.

    A renewal within the validity before it goes on from there; one that is late begins anew on the
    day of completion, and the days between are a gap. Evidence that ends earlier ends it earlier.
    A renewal in time never ends before what it renews.
    """
    in_time = before if before and before.is_renewed_on(completed_on) else None
    if version.is_recurring and version.period_months is not None:
        dates = _recurring(version, completed_on, in_time)
    else:
        dates = Dates(completed_on, completed_on, completed_on)
    if evidence_ends_on and (dates.valid_until is None or evidence_ends_on < dates.valid_until):
        dates = _cut(dates, evidence_ends_on)
    if before and not in_time:
        days = (dates.valid_from - before.last_day).days - 1
        dates = replace(dates, gap_days=max(0, days))
    return _with_window(version, dates)


def _recurring(version: CertificationVersion, completed_on: date, before: Before | None) -> Dates:
    """Return the days up to the last valid one; `before` is there where it is renewed in time."""
    period = version.period_months or 0
    valid_from, anchor_on, months = completed_on, completed_on, period
    if version.anchor == Anchor.FIXED:
        valid_from = before.valid_until + ONE_DAY if before else completed_on
        anchor_on = _last_fixed_day(version, valid_from)
    elif version.anchor == Anchor.EXPIRY and before:
        valid_from = before.valid_until + ONE_DAY
        anchor_on, months = before.anchor_on, before.anchor_months + period
    until = last_valid_day(anchor_on, months)
    assert until is not None, "months were given"
    if before and until < before.valid_until:
        until = before.valid_until
        anchor_on, months = until + ONE_DAY, 0
    return Dates(completed_on, valid_from, anchor_on, months, until)


def _cut(dates: Dates, ends_on: date) -> Dates:
    """Let it end with the evidence; a renewal is counted from there."""
    until = max(ends_on, dates.completed_on)
    valid_from = dates.valid_from if dates.valid_from <= until else dates.completed_on
    return replace(
        dates,
        valid_from=valid_from,
        valid_until=until,
        anchor_on=until + ONE_DAY,
        anchor_months=0,
    )


def _with_window(version: CertificationVersion, dates: Dates) -> Dates:
    """Add when renewing begins, how long the grace is, and when the next cycle begins: with the
    window, and where there is none after the end."""
    if dates.valid_until is None:
        return dates
    window = timedelta(days=version.window_days) if version.is_recurring else ASKED_AGAIN
    opens = max(dates.valid_until - window, dates.valid_from)
    return replace(
        dates,
        window_opens_on=opens,
        grace_until=dates.valid_until + timedelta(days=version.grace_days),
        next_round_on=opens if opens < dates.valid_until else dates.valid_until + ONE_DAY,
    )


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
