"""The page of a programme that somebody follows, of what every app puts there."""

from collections.abc import Sequence
from dataclasses import dataclass

from learners.hooks.pages import Section, Tab
from learners.models import Enrolment, User
from lms.frame import home
from lms.frame.home import Cards


@dataclass(frozen=True)
class ProgrammePage:
    """What stands above its tabs, the tabs, the one that is shown, and the cards in it."""

    head: Sequence[Section]
    tabs: Sequence[Tab]
    shown: Tab | None
    cards: Cards


def of(user: User, enrolment: Enrolment, slug: str) -> ProgrammePage:
    """Return the page of a programme that was fetched by `programme_page.fetch`, with this tab; of
    none of that name the first. What others put on the page stands in the first tab alone."""
    head = home.gathered(lambda offer: offer.programme_head(user, enrolment))
    tabs = home.gathered(lambda offer: offer.programme_tabs(user, enrolment))
    first = next(iter(tabs), None)
    shown = next((tab for tab in tabs if tab.slug == slug), first)
    cards = list(shown.sections()) if shown else []
    if shown is first:
        cards += home.gathered(lambda offer: offer.programme_sections(user, enrolment))
    return ProgrammePage(Cards.of(head).sections, tabs, shown, Cards.of(cards))
