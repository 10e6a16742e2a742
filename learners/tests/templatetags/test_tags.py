"""Dates as people say them, icons, pills and pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import timezone, translation

from learners.models import StudyStatus
from learners.offers import registry
from learners.templatetags.learners import (
    days_span,
    exact,
    has_begun,
    hours,
    icon,
    is_today,
    page_numbers,
    percentage,
    pill_kind,
    when,
    when_words,
)

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


def test_when_keeps_the_exact_moment_for_hover_and_screen_readers():
    shown = when(datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    assert shown == (
        '<time datetime="2026-11-24T14:00:00+01:00" title="Tuesday 24 November 2026, 14:00">'
        '<span aria-hidden="true">today 14:00</span>'
        '<span class="visually-hidden">Tuesday 24 November 2026, 14:00</span></time>'
    )


def test_a_day_without_an_hour_has_none_in_full_either():
    assert exact(date(2026, 11, 24)) == "Tuesday 24 November 2026"


def test_hours_name_the_day_only_where_it_is_another():
    begin = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert hours(begin, datetime(2026, 11, 24, 21, 0, tzinfo=UTC)) == "19:00 – 22:00"
    assert hours(begin, datetime(2026, 11, 25, 1, 0, tzinfo=UTC)) == "19:00 – 25 November 02:00"


def test_what_has_begun_is_on_from_its_first_minute():
    assert has_begun(NOW)
    assert not has_begun(NOW + timedelta(minutes=1))


def test_today_is_the_readers_day():
    just_after_midnight = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert is_today(NOW)
    assert not is_today(just_after_midnight)


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


def test_an_icon_is_silent_unless_it_has_a_label():
    assert icon("bell") == '<i class="bi bi-bell" aria-hidden="true"></i>'
    assert icon("eye", "Seen <by> all") == (
        '<i class="bi bi-eye" role="img" aria-label="Seen &lt;by&gt; all"></i>'
    )


def test_every_study_status_has_a_look_of_its_own():
    assert set(StudyStatus.values) - registry.looks().keys() == set()
    assert pill_kind(StudyStatus.COMPLETED) == "good"
    assert pill_kind("never heard of") == "neutral"


def test_a_pill_says_its_state_in_a_word_too():
    template = Template('{% include "components/feedback/status_pill.html" with status=status %}')
    shown = template.render(Context({"status": StudyStatus.COMPLETED}))
    assert shown.strip() == (
        '<span class="status-pill status-pill-good">'
        '<i class="bi bi-check-circle-fill" aria-hidden="true"></i>Completed</span>'
    )


def test_a_card_escapes_its_title():
    template = Template("{% load learners %}{% card title=title %}<p>In</p>{% endcard %}")
    assert template.render(Context({"title": "<b>"})) == (
        '<section class="card"><div class="card-head"><h2>&lt;b&gt;</h2></div><p>In</p></section>'
    )


@pytest.mark.parametrize(
    ("number", "pages"),
    [(1, [1, 2, 0, 9]), (2, [1, 2, 3, 0, 9]), (5, [1, 0, 4, 5, 6, 0, 9]), (9, [1, 0, 8, 9])],
)
def test_pages_far_away_are_left_out(number, pages):
    assert page_numbers(Paginator(range(90), 10), number) == pages


def test_a_hundred_per_cent_is_really_all():
    assert percentage(999, 1000) == 99
    assert percentage(3, 3) == 100
    assert percentage(0, 0) == 0
