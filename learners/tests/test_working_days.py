"""Working days: weekends and the public holidays that an institution chose do not count."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.models import Organisation, PublicHolidays
from learners.working_days import day_after, day_before, number_between

DUTCH = Organisation(holidays=PublicHolidays.NETHERLANDS)
BELGIAN = Organisation(holidays=PublicHolidays.BELGIUM)
NEITHER = Organisation(holidays=PublicHolidays.NONE)
institutions = st.sampled_from([DUTCH, BELGIAN, NEITHER])
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
numbers = st.integers(0, 60)


@pytest.mark.parametrize(
    ("organisation", "since", "working", "expected"),
    [
        (NEITHER, date(2026, 12, 4), 1, date(2026, 12, 7)),  # from a Friday
        (NEITHER, date(2026, 12, 5), 1, date(2026, 12, 7)),  # from a Saturday
        (NEITHER, date(2026, 12, 7), 5, date(2026, 12, 14)),
        (DUTCH, date(2026, 12, 24), 1, date(2026, 12, 28)),  # over Christmas, a Friday
        (DUTCH, date(2027, 4, 26), 1, date(2027, 4, 28)),  # over King's Day
        (BELGIAN, date(2027, 4, 26), 1, date(2027, 4, 27)),
        (BELGIAN, date(2026, 7, 20), 1, date(2026, 7, 22)),  # over the National Day
        (DUTCH, date(2026, 7, 20), 1, date(2026, 7, 21)),
        (DUTCH, date(2026, 12, 31), 1, date(2027, 1, 4)),  # over New Year, into another year
    ],
)
def test_the_day_after_so_many_working_days(organisation, since, working, expected):
    assert day_after(organisation, since, working) == expected


@given(institutions, days, numbers)
def test_counting_back_gives_what_was_counted(organisation, since, working):
    assert number_between(organisation, since, day_after(organisation, since, working)) == working


@given(institutions, days, st.integers(-10, 90))
def test_no_more_working_days_pass_than_were_counted(organisation, since, later):
    until = since + timedelta(days=later)
    working = number_between(organisation, since, until)
    assert day_after(organisation, since, working) <= max(since, until)
    assert day_after(organisation, since, working + 1) > until


@given(institutions, days, numbers)
def test_the_day_before_is_the_last_after_which_so_many_passed(organisation, until, working):
    last = day_before(organisation, until, working)
    assert number_between(organisation, last, until) == working
    assert number_between(organisation, last + timedelta(days=1), until) < max(working, 1)


@given(institutions, days, numbers, numbers)
def test_more_working_days_are_later(organisation, since, fewer, more):
    first = day_after(organisation, since, fewer)
    assert day_after(organisation, first, more) == day_after(organisation, since, fewer + more)
    assert (day_after(organisation, since, fewer + more) > first) is (more > 0)


def test_days_are_counted_forwards():
    with pytest.raises(ValueError, match="forwards"):
        day_after(DUTCH, date(2026, 12, 1), -1)


def test_nothing_loads_the_holidays_before_somebody_counts():
    said = "import django; django.setup(); import learners.working_days, sys; print(*sys.modules)"
    asked = [sys.executable, "-c", said]
    loaded = subprocess.run(asked, capture_output=True, check=True, text=True).stdout.split()
    assert "learners.working_days" in loaded
    assert "holidays" not in loaded
