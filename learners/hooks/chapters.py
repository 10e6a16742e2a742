"""What every app tells in the demo: chapters of a story that the roof begins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from learners.models import Course, Organisation, Programme, Run, User

Told = TypeVar("Told", contravariant=True)


class Clock(Protocol):
    """The days of the demo, which lie so many days before or after its first loading."""

    @property
    def loaded_at(self) -> datetime: ...

    def day(self, days: int) -> date: ...

    def at(self, days: int, hour: str) -> datetime: ...


class World(Protocol):
    """What the demo has made so far: institutions and people, and what they learn.

    Institutions are found by code, people by address, teachers by name and learners by the code of
    their institution, in the order of their making; a course and a programme is named
    `<institution>/<code>`, a run `<course>/<code>`.
    """

    @property
    def clock(self) -> Clock: ...

    @property
    def organisations(self) -> Mapping[str, Organisation]: ...

    @property
    def by_email(self) -> Mapping[str, User]: ...

    @property
    def teachers(self) -> Mapping[str, User]: ...

    @property
    def learners(self) -> Mapping[str, Sequence[User]]: ...

    @property
    def courses(self) -> Mapping[str, Course]: ...

    @property
    def programmes(self) -> Mapping[str, Programme]: ...

    @property
    def runs(self) -> Mapping[str, Run]: ...

    @property
    def sanne(self) -> User:
        """The learner who can be tried."""

    @property
    def coach(self) -> User:
        """The coach who can be tried."""

    @property
    def admin(self) -> User:
        """The administrator who can be tried."""

    def draw(self, course: str, number: int) -> list[User]:
        """Take learners of the institution who have not been taken for this course yet."""


@dataclass(frozen=True)
class Chapter(Generic[Told]):
    """A chapter of the demo: what it is about, what tells it in the world so far and returns how
    many it made, and its place among the others, of which the roof's are at 10, 20 and so on."""

    title: str
    tell: Callable[[Told], int]
    order: int
