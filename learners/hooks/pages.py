"""What every app may offer pages: tiles, lines, what waits, what is when, and cards of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learners.models import Organisation, Role, User
from learners.people.roles import memberships_of

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
_IN_WORDS = {
    Role.TEACHER: _("your teacher"),
    Role.COACH: _("your coach"),
    Role.ASSESSOR: _("an assessor"),
    Role.BOARD: _("the examination board"),
}


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
class Turn:
    """Who has the ball: a person, or whoever has a role at an institution; without a role its
    administrators. With none of them nobody has it, until a place becomes free."""

    person_id: int | None = None
    role: Role | None = None
    institution_id: int | None = None

    @classmethod
    def of(cls, person: User) -> "Turn":
        """The turn of one person."""
        return cls(person_id=person.pk)

    @classmethod
    def at(cls, institution: Organisation, role: Role | None = None) -> "Turn":
        """The turn of whoever has this role at an institution, or of its administrators."""
        return cls(role=role, institution_id=institution.pk)

    def is_of(self, user: User) -> bool:
        """Whether this person can act: administrators only where it is theirs."""
        if self.person_id is not None:
            return self.person_id == user.pk
        if self.institution_id is None:
            return False
        if self.role is None:
            return user.is_staff
        here = (one for one in memberships_of(user) if one.organisation_id == self.institution_id)
        return any(one.role == self.role for one in here)

    @property
    def words(self) -> str | Promise:
        """Say whose turn it is to somebody whose turn it is not."""
        if self.role is not None:
            return _IN_WORDS.get(self.role, self.role.label)
        return _("your institution") if self.institution_id else _("a place that becomes free")


NOBODY = Turn()


@dataclass(frozen=True)
class Under:
    """A heading of its own on the home page, with the way to all that waits under it."""

    title: str | Promise
    url: str
    link: str | Promise


@dataclass(frozen=True)
class Waiting:
    """Something that waits: what, whose turn it is since when, and where to go on.

    `progress` is (done, of how many); what is `under` a heading stands there. A row that says more
    of something than another app's row says `instead_of` which address it is.
    """

    what: str | Promise
    text: str | Promise
    url: str
    turn: Turn
    since: date | datetime | None
    action: str | Promise
    is_urgent: bool = False
    icon: str = "hourglass-split"
    progress: tuple[int, int] | None = None
    under: Under | None = None
    instead_of: str = ""


@dataclass(frozen=True)
class CalendarEntry:
    """Something at a set time."""

    title: str
    begins_at: datetime
    ends_at: datetime
    place: str
    url: str


@dataclass(frozen=True)
class Ending:
    """Something that was earned and ends: its last valid day, and the page of its owner."""

    title: str
    ends_on: date
    url: str


@dataclass(frozen=True)
class Section:
    """A card on a page of somebody's: `template` is included with `section`, and with what is in
    `context` as `shown`. Those aside stand beside the others on a wide screen; `link` leads to all
    that it shows the first of; one without a title has no heading."""

    title: str | Promise
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 50
    is_aside: bool = False
    link: str = ""


@dataclass(frozen=True)
class Tab:
    """A part of a page of its own under the page's address: `sections` is asked where it is shown.
    The one without a slug is shown first, with what others put on the page."""

    slug: str
    title: str | Promise
    sections: Callable[[], Sequence[Section]]


@dataclass(frozen=True)
class CoachingPage:
    """A page beside 'my learners', and how much waits on it."""

    title: str | Promise
    url: str
    waiting: int = 0
    order: int = 0


@dataclass(frozen=True)
class Learned:
    """What an app puts on 'my learning': what waits, what is when, and cards."""

    waiting: Sequence[Waiting] = ()
    calendar: Sequence[CalendarEntry] = ()
    sections: Sequence[Section] = ()


@dataclass(frozen=True)
class Look:
    """How a state looks: the pill's colour, and the icon that says it without colour."""

    colour: str
    icon: str
