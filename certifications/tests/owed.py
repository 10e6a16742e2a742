"""The days that accepted evidence must give, by a reckoning of our own beside the product's."""

from dataclasses import dataclass
from datetime import date, timedelta

from certifications.models import Anchor
from certifications.tests.lives import ONE_DAY, end_of

MONTHS = 12
ASKED_AGAIN = timedelta(days=60)  # before evidence ends of what our own rule lets last for ever


@dataclass(frozen=True)
class Owed:
    """The days that accepted evidence is to give, by a reckoning of our own; the next period is
    counted so many months from `base`."""

    since: date
    until: date | None
    base: date
    months: int
    gap: int = 0

    def cut(self, ends_on: date | None) -> "Owed":
        """Let it end with the evidence."""
        if ends_on is None or (self.until is not None and self.until <= ends_on):
            return self
        return Owed(self.since, ends_on, ends_on + ONE_DAY, 0, self.gap)


def begun(version, day, gap) -> Owed:
    """The days of what begins on the day on which it was obtained."""
    if not version.is_recurring:
        return Owed(day, None, day, 0, gap)
    if version.anchor == Anchor.FIXED:
        until = before_fixed_day(version, day)
        return Owed(day, until, until + ONE_DAY, 0, gap)
    return Owed(day, end_of(day, version.period_months), day, version.period_months, gap)


def renewed(old, version, day) -> Owed:
    """The days of what goes on from something that is still valid; it never ends before that."""
    if not version.is_recurring:
        return Owed(day, None, day, 0)
    since = day if version.anchor == Anchor.COMPLETION else old.until + ONE_DAY
    if version.anchor == Anchor.EXPIRY:
        months = old.months + version.period_months
        return Owed(since, end_of(old.base, months), old.base, months)
    found = begun(version, since, 0)
    return found if found.until >= old.until else Owed(since, old.until, old.until + ONE_DAY, 0)


def before_fixed_day(version, since) -> date:
    """The day before the fixed day comes round, as many times as there are years in the period."""
    day, years = since, version.period_months // MONTHS
    while years:
        day += ONE_DAY
        years -= (day.month, day.day) == (version.fixed_month, version.fixed_day)
    return day - ONE_DAY


def asked_again_on(row) -> date:
    """The day on which the window opens; without one, the day after the end."""
    notice = timedelta(days=row.version.window_days) if row.version.is_recurring else ASKED_AGAIN
    opens = max(row.valid_from, row.valid_until - notice)
    return opens if opens < row.valid_until else row.valid_until + ONE_DAY
