"""Eight teachers in one register at once: nothing is lost, nobody is turned away."""

import pytest

from lms.tests import processes
from lms.tests.faults import storm

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_teachers_save_the_same_register():
    brewing = storm.brewing(saves=6)
    took = storm.rage(brewing, **processes.surroundings_of_this_test())
    tries = [len(times) for times in took]
    assert tries == [6] * 8
    storm.assert_in_order(brewing, tries)
