"""Working days of an institution."""

from datetime import date, timedelta

from learners.models import Organisation

SATURDAY = 5


def day_after(organisation: Organisation, since: date, working: int) -> date:
    """Return the day that so many working days after this one."""
    day = since
    while working:
        day += timedelta(days=1)
        working -= day.weekday() < SATURDAY
    return day
