"""What an app offers the home page, and what the ground floor itself offers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learners.models import User


@dataclass(frozen=True)
class Tile:
    """A large link on the home page; the primary one is the blue one."""

    title: str | Promise
    text: str | Promise
    url: str
    icon: str
    is_primary: bool = False
    order: int = 0


@dataclass(frozen=True)
class NavItem:
    """A line in the left pane. Items with a section stand under a rule, below those without."""

    title: str | Promise
    url: str
    icon: str
    order: int = 0
    children: tuple["NavItem", ...] = ()
    section: str = ""


@dataclass(frozen=True)
class Waiting:
    """Something that waits: what, whose turn, since when, and where to go on.

    `whose_turn` is "me", or in words who else has the ball; `progress` is (done, of how many).
    """

    what: str | Promise
    text: str | Promise
    url: str
    whose_turn: str | Promise
    since: date | datetime | None
    action: str | Promise
    is_urgent: bool = False
    icon: str = "hourglass-split"
    progress: tuple[int, int] | None = None

    @property
    def is_mine(self) -> bool:
        """Whether the person who looks has to act."""
        return self.whose_turn == "me"


@dataclass(frozen=True)
class CalendarEntry:
    """Something at a set time."""

    title: str
    begins_at: datetime
    ends_at: datetime
    place: str
    url: str


MY_LEARNING = "my-learning"  # the section of what stands under 'my learning' in the left pane


def nav(user: User) -> list[NavItem]:
    """Offer the pages of what somebody learns, and the catalogue."""
    pages = (
        (_("Courses"), "learners:my_course_list", "journal-bookmark", 1, MY_LEARNING),
        (_("Programmes"), "learners:my_programme_list", "signpost-2", 2, MY_LEARNING),
        (_("Catalogue"), "learners:catalogue_list", "collection", 40, ""),
    )
    return [
        NavItem(title, url, icon, order=order, section=section)
        for title, name, icon, order, section in pages
        if (url := page(name))
    ]


def page(name: str) -> str:
    """Return a page's address; empty while nobody made it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
