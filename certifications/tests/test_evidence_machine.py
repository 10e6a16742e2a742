"""Whatever is handed in and judged over the years, in whatever order, and whether jobs ran once,
ten times or not at all that night: valid until the earlier of the evidence's own end and the rule,
asked for again in time, nothing accepted without a file, never a certificate of our own."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from certifications.cycles import renewing
from certifications.models import (
    Anchor,
    Certificate,
    Cycle,
    Evidence,
    EvidenceState,
    Reminder,
)
from certifications.tests import lives
from certifications.tests.lives import BEGINNINGS
from certifications.tests.owed import asked_again_on
from certifications.tests.proving import Person, waiting_in
from learners.models import Notification
from learners.tests.searching import NIGHTS, searching, three_lives

pytestmark = pytest.mark.django_db
UNLIMITED = st.just(
    {
        "validity": "unlimited",
        "period_months": None,
        "window_days": 0,
        "grace_days": 0,
        "anchor": Anchor.EXPIRY,
        "fixed_month": None,
        "fixed_day": None,
    }
)
RULES = st.one_of(lives.RULES, lives.RULES, lives.RULES, UNLIMITED)
AGO = st.one_of(st.integers(-2, 40), st.integers(0, 500))
LASTS = st.one_of(st.none(), st.integers(0, 45), st.integers(0, 800))
ISSUERS = st.sampled_from(["", "Rode Kruis"])
JUDGED = (AGO, LASTS, ISSUERS)
STEPS = st.one_of(
    st.tuples(st.just("hand in"), st.integers(0, 2), st.one_of(st.none(), AGO), LASTS, ISSUERS),
    st.tuples(st.just("accept"), *JUDGED),
    st.tuples(st.just("prove"), *JUDGED),
    st.tuples(st.just("prove"), *JUDGED),
    *[st.just(("accept as it is",))] * 3,
    st.tuples(st.just("refuse"), st.sampled_from(["The back is missing", " "])),
    st.just(("lose the files",)),
    st.just(("withdraw evidence",)),
    st.just(("retire",)),
    st.just(("bring back",)),
    lives.publishing(RULES),
    *(lives.TAKE_AWAY, lives.ASSIGN_ANEW, lives.ASSIGN_ANEW, lives.EXCUSE, lives.WAITING),
    st.tuples(st.just("wait until it is asked again"), st.integers(-2, 30)),
)
# Most of what goes wrong does so while something is renewed.
BEGUN = ("prove", 0, None, "Rode Kruis"), ("wait until it is asked again", 2)
WAITS = ("hand in", 1, 1, None, "")
FIRST = st.sampled_from([[], [*BEGUN], [*BEGUN, WAITS], [*BEGUN, WAITS, ("withdraw evidence",)]])
LIVES = st.builds(
    lambda first, later: [*first, *later], FIRST, st.lists(STEPS, min_size=2, max_size=10)
)


def check(person) -> None:
    """What must hold whenever everything that is due was looked at."""
    assert not Certificate.objects.filter(cycle__assignment=person.assignment).exists()
    rows = person.cycles()
    for row in rows:
        check_cycle(person, row)
    for row, later in pairwise(rows):
        assert row.revoked_at or later.begins_on == asked_again_on(row)
        assert later.completed_on is None or later.completed_on > row.completed_on
    check_asked_again(person, rows[-1])
    check_told_just_now(person, rows[-1])


def check_cycle(person, row) -> None:
    assert waiting_in(row) <= 1
    assert row.exempted_at or bool(row.submitted_at) == bool(waiting_in(row))
    accepted = row.evidence.accepted()
    if row.completed_on is None:
        assert not accepted.exists()
        return
    evidence, owed = accepted.get(), person.owed[row.number]
    assert evidence.files.exists()
    assert evidence.issuer
    assert (row.completed_on, row.valid_from) == (evidence.obtained_on, owed.since)
    assert (row.valid_until, row.gap_days) == (owed.until, owed.gap)
    assert evidence.ends_on is None or row.valid_until <= evidence.ends_on


def check_asked_again(person, last) -> None:
    """A cycle that ends is followed by another as soon as that is asked for."""
    person.certification.refresh_from_db()
    is_over = last.revoked_at or last.assignment.ended_at or person.certification.retired_at
    if last.valid_until and not is_over:
        assert person.today < asked_again_on(last)


def check_told_just_now(person, last) -> None:
    """Nobody is reminded of what is not asked of them, or waits to be judged."""
    if Reminder.objects.filter(user=person.learner, told_at=timezone.now()).exists():
        is_asked = not (last.assignment.ended_at or person.certification.retired_at)
        assert is_asked
        is_done_or_waits = last.exempted_at or last.submitted_at
        assert not is_done_or_waits


def check_verdicts(person) -> None:
    """Each verdict is told once."""
    mine = Evidence.objects.filter(cycle__assignment=person.assignment)
    withdrawn = Cycle.objects.filter(assignment=person.assignment).exclude(revoked_at=None)
    told = Notification.objects.filter(user=person.learner)
    numbers = {
        "accepted": mine.filter(state=EvidenceState.ACCEPTED).count(),
        "refused": mine.filter(state=EvidenceState.REFUSED).count(),
        "revoked": withdrawn.count(),
    }
    for name, number in numbers.items():
        assert told.filter(kind=f"certifications/proof_{name}").count() == number


@given(begin=BEGINNINGS, rule=RULES, steps=LIVES, nights=NIGHTS)
@searching(6)
def test_evidence_gives_what_the_rule_gives_whether_jobs_ran_once_ten_times_or_not_at_all(
    begin, rule, steps, nights
):
    def live(jobs):
        with lives.begun_at(begin) as clock:
            person = Person(str(begin.tzinfo), rule, clock)
            for step, times in zip(steps, jobs, strict=False):
                person.take(step)
                person.pass_a_night(times)
                if times:
                    check(person)
            return at_last(person)

    first, *others = three_lives(live, nights)
    assert others == [first, first]


def at_last(person) -> tuple:
    """Return the state before jobs run for the last time, and the cycles after it."""
    state = person.state()
    person.clock.shift(timedelta(minutes=20))
    renewing.begin_due()
    check(person)
    check_verdicts(person)
    assert person.was_told_at_most_once_a_day()
    return state, person.outcome()
