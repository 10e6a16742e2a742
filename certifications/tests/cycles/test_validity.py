from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certifications.cycles.validity import last_valid_day

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 600)


@pytest.mark.parametrize(
    ("achieved_on", "months", "last"),
    [
        (date(2027, 1, 31), 24, date(2029, 1, 30)),
        (date(2026, 12, 8), 24, date(2028, 12, 7)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 28)),
        (date(2027, 1, 1), 12, date(2027, 12, 31)),
    ],
)
def test_months_end_the_day_before_or_with_the_month(achieved_on, months, last):
    assert last_valid_day(achieved_on, months) == last


def test_without_months_it_never_expires():
    assert last_valid_day(date(2027, 1, 31), None) is None


@given(DAYS, MONTHS)
def test_the_day_after_is_the_same_day_of_the_month_or_the_first_of_the_next(achieved_on, months):
    after = last_valid_day(achieved_on, months) + timedelta(days=1)
    passed = (after.year - achieved_on.year) * 12 + after.month - achieved_on.month
    if after.day == achieved_on.day and passed == months:
        return
    assert after.day == 1
    assert passed == months + 1
    assert achieved_on.day > (after - timedelta(days=1)).day


@given(DAYS, MONTHS)
def test_who_achieves_it_later_never_loses_it_earlier(achieved_on, months):
    next_day = achieved_on + timedelta(days=1)
    assert last_valid_day(next_day, months) >= last_valid_day(achieved_on, months)


@given(DAYS, MONTHS)
def test_more_months_end_later(achieved_on, months):
    assert last_valid_day(achieved_on, months + 1) > last_valid_day(achieved_on, months)
