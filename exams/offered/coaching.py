"""What assignments offer who coaches: what waits for them, and how far their people are."""

from exams.models import Work  # noqa: F401
from learners.hooks.pages import CoachingPage, NavItem, Section, Waiting
from learners.models import Enrolment, User


def nav(user: User) -> list[NavItem]:
    """Offer the board what waits for it; who coaches finds it beside 'my learners'."""
    return []


def waiting(user: User) -> list[Waiting]:
    """Return one row for all that waits for this person's review."""
    return []


def coaching_pages(user: User) -> list[CoachingPage]:
    """Return the pages beside 'my learners', with how much waits."""
    return []


def coached_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Return the assignments of somebody whom one coaches."""
    return []
