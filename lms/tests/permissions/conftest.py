"""The world, built once for a module; what a test changes is undone, as pytest-django does."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import transaction

from lms.tests.permissions import asking
from lms.tests.permissions import world as the_world


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet() -> None:
    """Wrong passwords and forms of tests before these would close doors here."""
    cache.clear()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        made = the_world.make()
        made.sessions = {name: asking.signed_in(person) for name, person in made.people.items()}
        made.forms = {}
        made.state = asking.state()
        yield made
        transaction.set_rollback(True)
