"""What the ground and certifications ask the apps above them, without knowing who answers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from django.utils.functional import Promise

from learners.models import Enrolment, Programme


@dataclass(frozen=True)
class Whole:
    """An enrolment in a programme, as far as its courses are: those that completing it needs, and
    those of them that are done."""

    enrolment: Enrolment
    asked: Collection[int]
    done: Collection[int]

    @property
    def courses_are_done(self) -> bool:
        """Whether all of them are; so they are where none is needed, as an exam may do."""
        return len(self.done) == len(self.asked)


@dataclass(frozen=True, kw_only=True)
class Completes:
    """What completes the programmes of one kind.

    `completed` says who has done it, each with the day from which it counts; None is the day of the
    last course. `in_time_on` says which day has to lie within the study term; it is asked of those
    alone whose term lapsed, and who is left out has none. `late` says so of somebody, %(name)s.
    """

    completed: Callable[[Sequence[Whole]], Mapping[int, date | None]]
    in_time_on: Callable[[Sequence[Enrolment]], Mapping[int, date | None]]
    late: str | Promise


class Closing(Enum):
    """What may end an enrolment from outside."""

    WITHDRAWING = "withdrawing"
    CANCELLING = "cancelling"
    LAPSING = "lapsing"
    EXEMPTING = "exempting"
    ARCHIVING = "archiving"


@dataclass(frozen=True)
class Open:
    """Something that is open in an enrolment that ends, and what becomes of it in words; one that
    `goes_on` is not closed by that."""

    what: str | Promise
    text: str | Promise
    goes_on: bool = False
    url: str = field(default="", compare=False)


@dataclass(frozen=True)
class Awaited:
    """A result that an enrolment waits for: since when, and the day from which it will count."""

    since: datetime
    counts_from: date


KeepsCompletedBy = Callable[[Programme], Sequence[str]]  # why, where it does
WhatIsOpen = Callable[[Sequence[Enrolment], Closing], Mapping[int, Sequence[Open]]]
# The enrolments that wait for a result, until others may see it.
AwaitsResult = Callable[[Sequence[Enrolment]], Mapping[int, Awaited]]
# The enrolments whose exam is open to be worked on, each with its title.
OpenExams = Callable[[Sequence[Enrolment]], Mapping[int, str]]
