"""The people of the table, and what every app gives them to see."""

from types import SimpleNamespace

from learners.tests.factories import OrganisationFactory
from learners.tests.permissions import people
from lms.tests.permissions.gathered import PARTS


def make() -> SimpleNamespace:
    """Build the whole of it, the ground first."""
    here, elsewhere = OrganisationFactory.create_batch(2)
    world = SimpleNamespace(here=here, elsewhere=elsewhere, people=people.make(here, elsewhere))
    for part in PARTS:
        for add in part.world:
            add(world)
    return world
