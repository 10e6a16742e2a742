"""How long tests search for a counterexample: briefly in the suite, and as long as one likes.

EXAMPLES=300 .venv/bin/python -m pytest certifications/tests/test_renewing_machine.py
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from hypothesis import HealthCheck, settings


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
