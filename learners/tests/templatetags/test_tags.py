"""Moments, icons, pills and pages."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import translation

from learners.hooks import registry
from learners.models import StudyStatus
from learners.templatetags.learners import (
    has_begun,
    icon,
    is_today,
    page_numbers,
    percentage,
    pill_kind,
    when,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, ten o'clock in Amsterdam


@pytest.fixture(autouse=True)
def _that_tuesday():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


def test_when_keeps_the_exact_moment_for_hover_and_screen_readers():
    shown = when(datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    assert shown == (
        '<time datetime="2026-11-24T14:00:00+01:00" title="Tuesday 24 November 2026, 14:00">'
        '<span aria-hidden="true">today 14:00</span>'
        '<span class="visually-hidden">Tuesday 24 November 2026, 14:00</span></time>'
    )


def test_what_has_begun_is_on_from_its_first_minute():
    assert has_begun(NOW)
    assert not has_begun(NOW + timedelta(minutes=1))


def test_today_is_the_readers_day():
    just_after_midnight = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert is_today(NOW)
    assert not is_today(just_after_midnight)


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
