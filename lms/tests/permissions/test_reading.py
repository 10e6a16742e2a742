"""What a page shows: each thing stands where those whom it concerns look for it.

That nobody else reads it on any page is asked in `test_matrix`, which opens all of them.
"""

import pytest

from lms.tests.permissions.asking import ask
from lms.tests.permissions.gathered import ADDRESSES
from lms.tests.permissions.readers import READERS, things_read
from lms.tests.permissions.table import LOOK, lines

pytestmark = pytest.mark.django_db
PAGES = {line.address: line for line in lines() if line.how == LOOK}


@pytest.mark.parametrize("thing", READERS)
def test_each_thing_is_read_by_whom_it_concerns(thing, world):
    for name, address in READERS[thing].items():
        text = ask(world, name, PAGES[address], ADDRESSES[address]).text
        assert thing in things_read(world, text), (name, address)
