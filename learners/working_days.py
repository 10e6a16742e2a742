"""Working days of an institution: all but weekends and the public holidays that it chose."""

from datetime import date, timedelta
from functools import cache

from django.utils import timezone

from learners.models import Organisation, PublicHolidays

FRIDAY = 4
DAY = timedelta(days=1)


def day_after(organisation: Organisation, since: date, working: int) -> date:
    """Return the day that is so many working days after this one; after none, the day itself.

    Raises ValueError for a number below zero.
    """
    if working < 0:
        raise ValueError("working days are counted forwards")
    day = since
    while working:
        day += DAY
        working -= _is_working(organisation, day)
    return day


def day_before(organisation: Organisation, until: date, working: int) -> date:
    """Return the last day after which so many working days passed, up to and including another;
    after none, that day itself."""
    day = until
    while working > 0:
        working -= _is_working(organisation, day)
        day -= DAY
    return day


def number_between(organisation: Organisation, since: date, until: date) -> int:
    """Count the working days after one day, up to and including another; 0 where that is not
    later."""
    days = (since + DAY * n for n in range(1, (until - since).days + 1))
    return sum(_is_working(organisation, day) for day in days)


def _is_working(organisation: Organisation, day: date) -> bool:
    return day.weekday() <= FRIDAY and day not in _holidays(organisation.holidays, day.year)


def prepare() -> None:
    """Read the public holidays of this year and the next beforehand: the first time that costs a
    quarter of a second, which is not for the first page of a process."""
    for country in PublicHolidays.values:
        for year in (timezone.localdate().year, timezone.localdate().year + 1):
            _holidays(country, year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of a country in a year."""
    if country == PublicHolidays.NONE:
        return frozenset()
    from holidays import country_holidays  # a quarter of a second, for who counts days alone

    return frozenset(country_holidays(country.upper(), years=year))
