"""What assignments offer the home page and the left pane: to who makes them, and to who coaches."""

from exams.offered import coaching, learning
from learners.hooks.pages import Learned, NavItem, Waiting
from learners.models import User


def nav(user: User) -> list[NavItem]:
    """Offer the pages of who reviews work."""
    return coaching.nav(user)


def waiting_for(user: User) -> list[Waiting]:
    """Offer one row for each programme in which something is to be made, and one for all that waits
    for a review."""
    return [*learning.waiting(user), *coaching.waiting(user)]


def learned(user: User) -> Learned:
    """Offer 'my learning' what is to be made."""
    return Learned(waiting=learning.waiting(user))
