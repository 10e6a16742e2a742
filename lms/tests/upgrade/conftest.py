"""The upgraded database, which each test finds as it was migrated."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from learners.models import User
from lms.tests.upgrade import given, keeping, migrated
from lms.tests.upgrade.keeping import Kept


@pytest.fixture(scope="session", params=keeping.names())
def kept(request) -> Kept:
    """A state that is kept."""
    return keeping.read(request.param)


@pytest.fixture(scope="session")
def database(kept, tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[str]:
    """Its database, migrated once; the name."""
    with (
        django_db_blocker.unblock(),
        migrated.database(kept, tmp_path_factory.mktemp("upgraded")) as name,
    ):
        yield name


@pytest.fixture(scope="module")
def upgraded(kept, database, django_db_blocker) -> Iterator[None]:
    """That database and its files, in place of those of the other tests."""
    with django_db_blocker.unblock(), migrated.used(database), migrated.files(kept):
        yield


@pytest.fixture
def then(kept, upgraded, db) -> Iterator[None]:
    """It is the moment at which the state was kept; what a test writes is undone after it."""
    with time_machine.travel(kept.at):
        yield


@pytest.fixture
def browser_of(kept) -> Callable[[str], Client]:
    """Return the browser in which one of the people signed in then."""
    return lambda email: given.client_of(kept.facts["sessions"][email])


@pytest.fixture
def person() -> Callable[[str], User]:
    """Find one of the people by their address."""
    return lambda email: User.objects.get(email=email)
