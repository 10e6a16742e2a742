"""What a page shows: a name, a remark or a number of somebody else stands on none of them."""

import pytest

from lms.tests.permissions.addresses import ADDRESSES
from lms.tests.permissions.asking import ask
from lms.tests.permissions.names import ADMINISTRATOR
from lms.tests.permissions.people import SECRET_NAME
from lms.tests.permissions.table import LOOK, lines
from lms.tests.permissions.world import (
    MATERIAL_TITLE,
    PROGRAMME_TITLE,
    REMARK_FOR_STAFF,
    RUN_CODE,
)

pytestmark = pytest.mark.django_db
ANYBODY_WITH_THE_CODE = "certifications:certificate_check"
READERS = {
    SECRET_NAME: {"learner", "teacher", "coach", ADMINISTRATOR},
    REMARK_FOR_STAFF: {"teacher", ADMINISTRATOR},
    MATERIAL_TITLE: {"learner"},
    PROGRAMME_TITLE: {"learner", "coach"},
    RUN_CODE: {"learner", "teacher", ADMINISTRATOR},
    "the number of the certificate": {"learner"},
}


def test_each_thing_is_read_by_whom_it_concerns_and_by_nobody_else(world):
    asked_for = [
        line
        for line in lines()
        if line.how == LOOK and line.address in ADDRESSES and line.address != ANYBODY_WITH_THE_CODE
    ]
    numbers = {"the number of the certificate": world.certificate.number}
    read: dict[str, set[str]] = {thing: set() for thing in READERS}

    for line in asked_for:
        for name in line.cells:
            text = ask(world, name, line, ADDRESSES[line.address]).text
            for thing in READERS:
                if numbers.get(thing, thing) in text:
                    read[thing].add(name)

    assert read == READERS
