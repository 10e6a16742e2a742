"""What is drawn of a programme."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from exams.assignments.sums import Scale, Share
from exams.pages import charts
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, work_on
from learners.models import Enrolment

ZONE = ZoneInfo("Europe/Amsterdam")


def shares(*rows: tuple[int, int, int]) -> list[Share]:
    return [Share(1, earned, exempt, people) for earned, exempt, people in rows]


def test_xp_are_spread_over_round_steps() -> None:
    chart = charts.of_xp(shares((0, 0, 4), (15, 0, 2), (130, 0, 1)), Scale(130, 60))
    assert [(bar.first, bar.last, bar.number) for bar in chart.bars] == [
        (0, 19, 6),
        (20, 39, 0),
        (40, 59, 0),
        (60, 79, 0),
        (80, 99, 0),
        (100, 119, 0),
        (120, 130, 1),
    ]
    assert (chart.number, chart.reached) == (7, 1)


def test_who_is_exempt_has_the_exam_in_reach_earlier() -> None:
    scale = Scale(30, 20)
    without, enough, lacking = shares((10, 0, 1), (13, 10, 1), (12, 10, 1))
    assert not scale.is_in_reach(without)
    assert scale.is_in_reach(enough)  # 20 of 30 is 13 of 20, in their favour
    assert not scale.is_in_reach(lacking)


def test_what_was_earned_with_an_older_version_stays_in_the_last_bar() -> None:
    chart = charts.of_xp(shares((400, 0, 1)), Scale(30, 20))
    assert chart.bars[-1].number == 1


def test_a_programme_without_xp_has_one_bar() -> None:
    (bar,) = charts.of_xp(shares((0, 0, 2)), Scale(0, None)).bars
    assert (bar.number, bar.reached) == (2, 0)


@pytest.mark.django_db
def test_weeks_begin_on_monday_where_the_institution_is() -> None:
    sunday = datetime(2026, 11, 29, 23, 30, tzinfo=ZONE)
    with time_machine.travel(sunday, tick=False) as clock:
        programme = an_exam_programme()
        enrolment = a_follower(programme)
        a_hand_in(work_on(enrolment, 1))
        clock.move_to(sunday + timedelta(hours=1), tick=False)  # Monday
        a_hand_in(work_on(enrolment, 2))
        a_hand_in(work_on(enrolment, 3))
        chart = charts.of_weeks(Enrolment.objects.all(), programme.organisation)
    assert [(bar.first, bar.number) for bar in chart.bars[-2:]] == [
        (date(2026, 11, 23), 1),
        (date(2026, 11, 30), 2),
    ]
    assert len(chart.bars) == charts.WEEKS
