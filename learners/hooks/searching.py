"""What every app lets people search for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.functional import Promise

from learners.models import User

FOUND = 10  # of each kind
Row = TypeVar("Row")


@dataclass(frozen=True)
class Result:
    """One thing that was found, and where it is."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class Search(Generic[Row]):
    """A kind of thing to search for: how it is found among what somebody may see, at most `FOUND`
    of it, and how one is shown."""

    title: str | Promise
    icon: str
    find: Callable[[User, str], Iterable[Row]]
    show: Callable[[Row], Result]
    order: int = 50

    def results(self, user: User, text: str) -> list[Result]:
        """Return what this person may see of it."""
        return [self.show(row) for row in self.find(user, text)]
