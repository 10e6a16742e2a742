"""Days and hours as people say them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone, translation

from learners.telling.days import days_span, exact, hours, when_words

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, ten o'clock in Amsterdam


@pytest.fixture(autouse=True)
def _that_tuesday():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "today 14:00"),
        (datetime(2026, 11, 25, 8, 30, tzinfo=UTC), "tomorrow 09:30"),
        (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), "yesterday 09:30"),
        (date(2026, 11, 24), "today"),
        (date(2026, 11, 27), "in 3 days"),
        (date(2026, 11, 22), "2 days ago"),
        (date(2026, 12, 8), "8 December"),
        (date(2027, 12, 8), "8 December 2027"),
        (None, ""),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment, words):
    assert when_words(moment) == words


def test_days_are_counted_further_where_that_is_asked():
    assert when_words(date(2026, 12, 17), 60) == "in 23 days"


def test_a_day_begins_where_the_reader_is():
    just_after_midnight = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert when_words(just_after_midnight) == "tomorrow 00:30"
    with timezone.override("UTC"):
        assert when_words(just_after_midnight) == "today 23:30"


def test_a_day_without_an_hour_has_none_in_full_either():
    assert exact(date(2026, 11, 24)) == "Tuesday 24 November 2026"


def test_hours_name_the_day_only_where_it_is_another():
    begin = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert hours(begin, datetime(2026, 11, 24, 21, 0, tzinfo=UTC)) == "19:00 – 22:00"
    assert hours(begin, datetime(2026, 11, 25, 1, 0, tzinfo=UTC)) == "19:00 – 25 November 02:00"


def test_a_span_of_one_day_is_that_day():
    assert days_span(date(2026, 11, 3), date(2026, 12, 8)) == "3 November – 8 December"
    assert days_span(date(2026, 11, 3), date(2026, 11, 3)) == "3 November"
    assert days_span(date(2026, 11, 3), None) == "3 November"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 3), date(2026, 11, 10), "3 – 10 November"),
        (date(2027, 1, 11), date(2027, 1, 18), "11 – 18 January 2027"),
        (date(2027, 1, 11), date(2027, 2, 8), "11 January – 8 February 2027"),
        (date(2026, 12, 30), date(2027, 1, 6), "30 December – 6 January 2027"),
        (date(2026, 11, 3), date(2027, 11, 10), "3 November – 10 November 2027"),
    ],
)
def test_a_span_says_month_and_year_once(first, last, said):
    assert days_span(first, last) == said
