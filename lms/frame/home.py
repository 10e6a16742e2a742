"""What the apps offer, gathered: the frame around every page and the home page itself."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from learners.hooks.offer import Offer
from learners.hooks.pages import (
    MY_LEARNING,
    CalendarEntry,
    Ending,
    NavItem,
    Section,
    Tile,
    Under,
    Waiting,
)
from learners.hooks.registry import offers
from learners.models import Enrolment, Membership, Notification, StudyPointEntry, User
from learners.people.roles import memberships_of

PRODUCT = "Mijlpaal"
MOST_UNREAD_SHOWN = 9
NOON, EVENING = 12, 18
EXPIRES_SOON = timedelta(days=60)
Item = TypeVar("Item")


def gathered(part: Callable[[Offer], Iterable[Item]]) -> list[Item]:
    """Return what all apps offer of one kind, the ground first."""
    return list(chain.from_iterable(part(offer) for offer in offers()))


@dataclass(frozen=True)
class Cards:
    """The cards of a page, in order: those in its column, and those beside it."""

    sections: list[Section]
    asides: list[Section]

    @classmethod
    def of(cls, offered: Iterable[Section]) -> "Cards":
        """Order what was offered; of the same order, the ground's first."""
        ordered = sorted(offered, key=lambda section: section.order)
        beside = [section for section in ordered if section.is_aside]
        return cls([section for section in ordered if not section.is_aside], beside)


def point_words(entries: Sequence[StudyPointEntry]) -> dict[int, str]:
    """Return what the apps say of entries of study points, by entry."""
    return dict(gathered(lambda offer: offer.point_words(entries).items()))


def coach_words(enrolments: Sequence[Enrolment]) -> dict[int, list[str]]:
    """Return what the apps tell a coach of these enrolments, by enrolment."""
    said: dict[int, list[str]] = {}
    for pk, words in gathered(lambda offer: offer.coach_words(enrolments).items()):
        said.setdefault(pk, []).append(words)
    return said


def tiles(user: User) -> list[Tile]:
    """Return the tiles of the home page, 'my learning' first."""
    mine = Tile(
        title=_("My learning"),
        text="",
        url=reverse("lms:my_learning"),
        icon="journal-bookmark",
        pages=tuple(my_learning_pages(user)),
    )
    return [mine, *sorted(gathered(lambda offer: offer.tiles(user)), key=lambda tile: tile.order)]


def my_learning_pages(user: User) -> list[NavItem]:
    """Return the pages that 'my learning' opens to."""
    offered = gathered(lambda offer: offer.nav(user))
    items = [item for item in offered if item.section == MY_LEARNING]
    return sorted(items, key=lambda item: item.order)


def nav(user: User) -> list[NavItem]:
    """Return the left pane: home, my learning with its pages, then what the role brings."""
    offered = gathered(lambda offer: offer.nav(user))
    items = sorted(offered, key=lambda item: (bool(item.section), item.order))
    mine = tuple(item for item in items if item.section == MY_LEARNING)
    return [
        NavItem(_("Home"), reverse("lms:home"), "house-door"),
        NavItem(_("My learning"), reverse("lms:my_learning"), "journal-bookmark", children=mine),
        *(item for item in items if item.section != MY_LEARNING),
    ]


def waiting_for(user: User) -> list[Waiting]:
    """Return what waits, the most urgent first."""
    return by_urgency(gathered(lambda offer: offer.waiting_for(user)), user)


def by_urgency(items: Iterable[Waiting], user: User) -> list[Waiting]:
    """Put first what is urgent, then what is this person's turn, then what has waited longest. What
    another row stands for is left out."""
    today = timezone.localdate()
    every = list(items)
    said_elsewhere = {waiting.instead_of for waiting in every}
    return sorted(
        (waiting for waiting in every if waiting.url not in said_elsewhere),
        key=lambda waiting: (
            not waiting.is_urgent,
            not waiting.turn.is_of(user),
            str(waiting.since or today),
        ),
    )


def under_headings(items: Iterable[Waiting]) -> dict[Under, list[Waiting]]:
    """Return what stands under a heading of its own, by heading, in the order of what is first."""
    found: dict[Under, list[Waiting]] = {}
    for item in items:
        if item.under:
            found.setdefault(item.under, []).append(item)
    return found


def calendar(user: User) -> list[CalendarEntry]:
    """Return what is on or still to come, the first first."""
    now = timezone.now()
    entries = gathered(lambda offer: offer.calendar(user))
    coming = [entry for entry in entries if entry.ends_at > now]
    return sorted(coming, key=lambda entry: entry.begins_at)


def expiring(user: User) -> list[Ending]:
    """Return what was earned and ends within two months, the first first."""
    today = timezone.localdate()
    ending = sorted(gathered(lambda offer: offer.endings(user)), key=lambda one: one.ends_on)
    return [one for one in ending if today <= one.ends_on <= today + EXPIRES_SOON]


def greeting(user: User) -> str:
    """Greet by the hour where the person is."""
    hour = timezone.localtime().hour
    if hour < NOON:
        words = gettext("Good morning, %(name)s")
    elif hour < EVENING:
        words = gettext("Good afternoon, %(name)s")
    else:
        words = gettext("Good evening, %(name)s")
    return words % {"name": user.first_name}


def summary(
    user: User, waiting: list[Waiting], entries: list[CalendarEntry], ending: list[Ending]
) -> str:
    """Say in a few sentences how the day looks."""
    today = timezone.localdate()
    now = sum(timezone.localdate(entry.begins_at) <= today for entry in entries)
    mine = sum(item.turn.is_of(user) for item in waiting)
    ends = len(ending)
    sentences = []
    if now:
        sentences.append(
            ngettext("Today you have %(n)d meeting.", "Today you have %(n)d meetings.", now)
            % {"n": now}
        )
    if mine:
        sentences.append(
            ngettext("%(n)d thing waits for you.", "%(n)d things wait for you.", mine) % {"n": mine}
        )
    if ends:
        sentences.append(
            ngettext("One certificate expires soon.", "%(n)d certificates expire soon.", ends)
            % {"n": ends}
        )
    if not mine:
        sentences.append(
            gettext("For the rest you are all caught up.")
            if sentences
            else gettext("You are all caught up.")
        )
    return " ".join(sentences)


@dataclass
class Frame:
    """What stands around a page: whose house it is, the left pane and the bell."""

    request: HttpRequest

    @cached_property
    def user(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def demo(self) -> bool:
        return settings.DEMO

    @cached_property
    def memberships(self) -> list[Membership]:
        if not self.user:
            return []
        return memberships_of(self.user)

    @cached_property
    def organisation(self) -> object:
        """The one institution that a person belongs to; None for none or several."""
        found = {membership.organisation for membership in self.memberships}
        return found.pop() if len(found) == 1 else None

    @property
    def name(self) -> str:
        return str(self.organisation or PRODUCT)

    @cached_property
    def unread(self) -> int:
        """How much was not read yet; it came with who signed in, but for the page that they get at
        once."""
        if self.user is None:
            return 0
        came_along: int | None = getattr(self.user, "unread", None)
        if came_along is not None:
            return came_along
        return Notification.objects.for_user(self.user).unread().count()

    @property
    def unread_shown(self) -> str:
        return f"{MOST_UNREAD_SHOWN}+" if self.unread > MOST_UNREAD_SHOWN else str(self.unread)

    @cached_property
    def nav(self) -> list[NavItem]:
        return nav(self.user) if self.user else []

    @cached_property
    def current_url(self) -> str:
        """The address in the left pane under which this page belongs."""
        path = self.request.path
        urls = {item.url for top in self.nav for item in (top, *top.children)}
        above = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
        return max(above, key=len, default="")

    @cached_property
    def current_parent_url(self) -> str:
        for top in self.nav:
            if any(child.url == self.current_url for child in top.children):
                return top.url
        return ""


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template its frame, which is worked out only where it is shown."""
    return {"frame": SimpleLazyObject(lambda: Frame(request))}
