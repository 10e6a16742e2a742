"""How long tests search for a counterexample: briefly in the suite, and as long as one likes.

EXAMPLES=300 .venv/bin/python -m pytest certifications/tests/cycles/test_renewing_machine.py

A machine that fails says its seed, and is not made shorter, which takes minutes of the suite:

SEED=7 SHORTEN=1 .venv/bin/python -m pytest exams/tests/releasing/test_way_machine.py
"""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import TypeVar

from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

Outcome = TypeVar("Outcome")
ONCE, TWICE, TEN_TIMES, NOT_AT_ALL = 1, 2, 10, 0
# Ten times costs as much as it says: what is not right the second time is mostly enough.
OFTEN = st.sampled_from([TWICE, TWICE, TWICE, TEN_TIMES])
A_NIGHT = OFTEN.flatmap(lambda often: st.permutations([ONCE, often, NOT_AT_ALL]))
# How often jobs run in three lives, night by night, over and over.
NIGHTS = st.lists(A_NIGHT, min_size=1, max_size=4)


def searching(examples: int) -> settings:
    """Try so many examples, or as many as the environment asks, in one database."""
    return settings(
        max_examples=int(os.environ.get("EXAMPLES", examples)),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """Leave nothing of what an example did to the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TakenBack(RuleBasedStateMachine):
    """A machine that leaves nothing in the database to its next example."""

    def __init__(self) -> None:
        super().__init__()
        self._taken_back = taken_back()
        self._taken_back.__enter__()

    def teardown(self) -> None:
        self._taken_back.__exit__(None, None, None)


def run(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Try so many sequences of steps, and say from which seed, so that a failure can be had again;
    it is made shorter where the environment asks."""
    number = int(os.environ.get("SEED", secrets.randbelow(2**32)))
    print(f"SEED={number}")
    phases = [*Phase] if os.environ.get("SHORTEN") else [Phase.explicit, Phase.generate]
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", examples)),
            stateful_step_count=steps,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def three_lives(
    live: Callable[[Iterator[int]], Outcome], nights: Sequence[Sequence[int]]
) -> list[Outcome]:
    """Lead the same life three times, each taken back, and return what became of each: in each
    night jobs run once in one of them, often in another, and not at all in the third."""
    found = []
    for which in range(3):
        with taken_back():
            found.append(live(cycle(night[which] for night in nights)))
    return found


def running(times: int, *jobs: Callable[[], int]) -> None:
    """Run jobs so many times; from the second time on they find nothing."""
    for time in range(times):
        found = [job() for job in jobs]
        assert time == 0 or not any(found)
