"""At whatever hour the demo is loaded, its classes are given when there are classes."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms.demo.clock import Clock

BRUSSELS = ZoneInfo("Europe/Brussels")
HOURS = 3
MIDNIGHT = datetime(2026, 11, 22, tzinfo=BRUSSELS)
MOMENTS = [MIDNIGHT + timedelta(minutes=10 * n) for n in range(6 * 24)]


def clock(moment: datetime) -> Clock:
    return Clock(moment, BRUSSELS)


@pytest.mark.parametrize("which", ["just_over", "now"])
def test_no_class_is_given_at_night(which):
    for moment in MOMENTS:
        begins_at, ends_at = getattr(clock(moment), which)(HOURS)

        assert time(8) <= begins_at.time() < ends_at.time() <= time(22), moment
        assert ends_at - begins_at == timedelta(hours=HOURS)
        assert begins_at.minute in (0, 30)


def test_what_is_just_over_ended_less_than_a_day_ago():
    for moment in MOMENTS:
        _begins_at, ends_at = clock(moment).just_over(HOURS)

        assert timedelta(0) <= moment - ends_at < timedelta(hours=14)
        if time(11) <= moment.time() < time(22):
            assert moment - ends_at < timedelta(minutes=30)


def test_by_day_a_class_is_on_and_at_night_one_comes_in_the_morning():
    for moment in MOMENTS:
        begins_at, ends_at = clock(moment).now(HOURS)

        if time(8, 30) <= moment.time() < time(22):
            assert begins_at <= moment - timedelta(minutes=30) < ends_at, moment
        else:
            assert moment < begins_at <= moment + timedelta(hours=12)
            assert begins_at.time() == time(9)
