"""XP as an account, and as a line."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from exams.assignments import standing
from exams.pages import told, xp_ledger
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, work_on

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_nothing_earned_has_no_line():
    enrolment = a_follower(an_exam_programme(2))
    ledger = xp_ledger.of(standing.of(enrolment), told.of(enrolment), enrolment.created_at)
    assert (ledger.entries, ledger.chart) == ([], None)


def test_what_was_earned_is_added_up_in_the_order_of_its_days():
    with time_machine.travel(BEGIN, tick=False):
        enrolment = a_follower(an_exam_programme(2, needed_xp=10))
    for days, number in ((2, 2), (6, 1)):
        with time_machine.travel(BEGIN + timedelta(days=days), tick=False):
            a_hand_in(work_on(enrolment, number))
    ledger = xp_ledger.of(standing.of(enrolment), told.of(enrolment), BEGIN + timedelta(days=10))
    titles = [(one.title, one.xp, one.sum) for one in ledger.entries]
    assert [(xp, so_far) for _title, xp, so_far in titles] == [(10, 10), (10, 20)]
    assert ledger.chart.path == "M4 214H202V114H599V14H996"
    assert (ledger.chart.end_x, ledger.chart.end_y, ledger.chart.needed_y) == (996, 14, 114)
