"""What assignments put on the page of a programme: the exam box, XP, and the themes in tabs."""

from collections.abc import Collection

from learners.hooks.pages import Section, Tab
from learners.models import Enrolment, User


def programme_head(user: User, enrolment: Enrolment) -> list[Section]:
    """Return the exam box and the bar of XP."""
    return []


def programme_tabs(user: User, enrolment: Enrolment) -> list[Tab]:
    """Return the tabs of a programme with assignments."""
    return []


def courses_shown(enrolment: Enrolment) -> Collection[int]:
    """Return the courses that stand among the assignments of a theme."""
    return ()
