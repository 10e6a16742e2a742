"""What waits for who makes assignments: one row for each programme."""

from learners.hooks.pages import Waiting
from learners.models import User


def waiting(user: User) -> list[Waiting]:
    """Return what somebody can do next in each of their programmes, or whose turn it is."""
    return []
