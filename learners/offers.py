"""What every app may offer home and the left pane: tiles, lines, what waits, what is when."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

ME = "me"
OUTSTANDING = "outstanding"  # the section of certifications that wait
MY_LEARNING = "my-learning"  # the section of what stands under 'my learning' in the left pane
OFFERED = 30  # of each kind; the home page shows the first few of what all apps offer
SAID_OF_A_MEETING = (
    "begins_at",
    "ends_at",
    "place",
    "link",
    "run__place",
    "run__course__title_nl",
    "run__course__title_en",
)


@dataclass(frozen=True)
class Tile:
    """A large link on the home page; the primary one is the blue one. Where it opens to pages of
    its own, each of them is a link too."""

    title: str | Promise
    text: str | Promise
    url: str
    icon: str
    is_primary: bool = False
    order: int = 0
    pages: tuple["NavItem", ...] = ()


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

    `whose_turn` is "me", or in words who else has the ball; `progress` is (done, of how many);
    what has a section stands under a heading of its own.
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
    section: str = ""

    @property
    def is_mine(self) -> bool:
        """Whether the person who looks has to act."""
        return self.whose_turn == ME


@dataclass(frozen=True)
class CalendarEntry:
    """Something at a set time."""

    title: str
    begins_at: datetime
    ends_at: datetime
    place: str
    url: str
