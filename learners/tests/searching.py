"""How long tests search for a counterexample: briefly in the suite, and as long as one likes.

EXAMPLES=300 .venv/bin/python -m pytest certifications/tests/cycles/test_renewing_machine.py
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import TypeVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

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
