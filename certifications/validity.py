"""How long what somebody earned is valid. Months are added here, in Python, and never in SQL."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 12


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
