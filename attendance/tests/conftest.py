"""What the tests of a register in a browser share: a class with names."""

import pytest

from attendance.tests.factories import a_class
from learners.tests.factories import a_participant


@pytest.fixture
def school():
    """A run whose last meeting is on now, of three people with names."""
    run, teacher, _people = a_class(-7, -0.05, people=0)
    people = [
        a_participant(run, name=name) for name in ("Lotte Aerts", "Daan Bakker", "Jef Peeters")
    ]
    return run, teacher, people
