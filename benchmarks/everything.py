"""Measure all of it on one database, and tell each figure in a line of JSON.

    python -m benchmarks.everything ENROLMENTS

`make bench` starts this for each database and size; what is printed for people is on the error
stream.
"""

import sys
from collections.abc import Iterator

from benchmarks import (
    assigning,
    assignments,
    certificates,
    cycles,
    pages,
    printing,
    registers,
    sweeps,
    world,
)
from benchmarks.measuring import Figure

PRINTED = 81
ASSIGNED = 10  # of so many enrolments one


def main() -> None:
    """Tell the figures of a new world."""
    for figure in measure(printing.asked_for(world.SMALL)):
        print(printing.line(figure), file=sys.stderr, flush=True)
        print(figure.told(), flush=True)


def measure(enrolments: int) -> Iterator[Figure]:
    """Yield every figure; what changes the world comes after what only looks."""
    made = world.make(enrolments)
    people = pages.cast(made)
    yield from pages.measure(people)
    yield from registers.measure(people)
    yield from sweeps.measure(made, enrolments)
    yield from certificates.measure(certificates.waiting(PRINTED))
    yield from cycles.measure(enrolments)  # in a world of its own, as is what follows
    yield from assigning.measure(max(assigning.PEOPLE, enrolments // ASSIGNED))
    yield from assignments.measure(max(assignments.SMALL, enrolments // ASSIGNED))


if __name__ == "__main__":
    main()
