"""How a cycle stands: what is said of one row in Python is said of many in SQL."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certifications.cycles.states import state_on
from certifications.cycles.validity import Before, dates_of, last_valid_day
from certifications.models import Anchor, CertificationVersion, Cycle, CycleState
from certifications.tests.factories import a_certification, assigned, reloaded

pytestmark = pytest.mark.django_db
DAYS = st.integers(-900, 300)


@pytest.fixture
def cycle():
    return assigned(a_certification(kind="external"))


@given(
    completed=st.none() | DAYS,
    months=st.none() | st.integers(1, 24),
    window=st.integers(0, 60),
    grace=st.integers(0, 60),
    started=st.booleans(),
    waits=st.sampled_from(["", "submitted", "awaited"]),
    stopped=st.sampled_from(["", "exempted", "revoked"]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree_on_every_state(
    cycle, completed, months, window, grace, started, waits, stopped
):
    today = cycle.today
    version = CertificationVersion(
        validity="recurring" if months else "unlimited",
        period_months=months,
        window_days=window,
        grace_days=grace,
    )
    changed = {"started_on": today if started else None}
    if waits == "awaited" and (completed is not None or stopped == "exempted"):
        waits = ""  # refused by the database
    for name in ("submitted", "awaited", "exempted", "revoked"):
        is_so = name in (waits, stopped)
        changed[f"{name}_at"] = cycle.assignment.assigned_at if is_so else None
        changed[f"{name}_on"] = today if is_so else None
    nothing = dict.fromkeys(("completed_on", "valid_from", "valid_until", "anchor_on"))
    nothing |= {"window_opens_on": None, "grace_until": None, "anchor_months": 0}
    nothing |= {"next_round_on": None, "gap_days": 0}
    if completed is not None:
        nothing = vars(dates_of(version, today + timedelta(days=completed)))
    Cycle.objects.filter(pk=cycle.pk).update(**changed, **nothing)

    found = [state for state in CycleState if Cycle.objects.in_state(state).exists()]
    assert found == [state_on(reloaded(cycle), today)]


@given(first=st.dates(date(2020, 1, 1), date(2040, 12, 31)), months=st.integers(1, 36))
def test_renewing_in_time_ten_times_is_as_long_as_ten_periods(first, months):
    version = CertificationVersion(
        validity="recurring", period_months=months, window_days=10, grace_days=10
    )
    dates = dates_of(version, first)
    for _cycle in range(9):
        before = Before(dates.anchor_on, dates.anchor_months, dates.valid_until)
        dates = dates_of(version, dates.valid_until, before)
        assert dates.valid_from == before.valid_until + timedelta(days=1)
    assert dates.valid_until == last_valid_day(first, 10 * months)


def test_31_january_does_not_become_the_28th_for_ever():
    version = CertificationVersion(validity="recurring", period_months=1)
    dates = dates_of(version, date(2027, 1, 31))
    assert dates.valid_until == date(2027, 2, 28)
    before = Before(dates.anchor_on, dates.anchor_months, dates.valid_until)
    assert dates_of(version, date(2027, 2, 20), before).valid_until == date(2027, 3, 30)


def test_who_renews_late_begins_anew_on_that_day_and_leaves_a_gap():
    version = CertificationVersion(validity="recurring", period_months=12, grace_days=30)
    before = Before(date(2026, 1, 10), 12, date(2027, 1, 9))
    dates = dates_of(version, date(2027, 1, 20), before)
    assert (dates.valid_from, dates.valid_until) == (date(2027, 1, 20), date(2028, 1, 19))


def test_a_fixed_day_ends_every_period_before_it():
    version = CertificationVersion(
        validity="recurring", period_months=12, anchor=Anchor.FIXED, fixed_month=9, fixed_day=1
    )
    for day in (date(2026, 9, 1), date(2027, 3, 5), date(2027, 8, 31)):
        assert dates_of(version, day).valid_until == date(2027, 8, 31)


def test_evidence_that_ends_earlier_ends_it_earlier():
    version = CertificationVersion(validity="recurring", period_months=24)
    dates = dates_of(version, date(2026, 5, 1), evidence_ends_on=date(2026, 12, 31))
    assert dates.valid_until == date(2026, 12, 31)
