"""'My learning': everything that somebody learns and earned, on one page, composed as home is."""

from dataclasses import dataclass

from learners.hooks.pages import CalendarEntry, NavItem, Waiting
from learners.hooks.registry import offers
from learners.models import User
from lms.frame import home
from lms.frame.home import Cards

CALENDAR_SHOWN = 5


@dataclass(frozen=True)
class MyLearning:
    """What the page shows: what waits on top, then each kind of thing that is learned."""

    pages: list[NavItem]
    waiting: list[Waiting]
    calendar: list[CalendarEntry]
    cards: Cards


def of(user: User) -> MyLearning:
    """Gather what concerns this person from every app."""
    learned = [offer.learned(user) for offer in offers()]
    entries = [entry for one in learned for entry in one.calendar]
    return MyLearning(
        pages=home.my_learning_pages(user),
        waiting=home.by_urgency((item for one in learned for item in one.waiting), user),
        calendar=sorted(entries, key=lambda entry: entry.begins_at)[:CALENDAR_SHOWN],
        cards=Cards.of(section for one in learned for section in one.sections),
    )
