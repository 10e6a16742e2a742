"""What the ground and certifications ask the apps above them, without knowing who answers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.utils.functional import Promise

from learners.models import Enrolment


@dataclass(frozen=True)
class Whole:
    """An enrolment in a programme, as far as its courses are: those it asks, and those of them that
    are done."""

    enrolment: Enrolment
    asked: Collection[int]
    done: Collection[int]


@dataclass(frozen=True)
class Completion:
    """That what completes a programme was done: on which day, None where that is the day of its
    last course; and the day that has to lie within the study term, None where none does."""

    counts_from: date | None = None
    in_time_on: date | None = None


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


Completes = Callable[[Sequence[Whole]], Mapping[int, Completion]]
WhatIsOpen = Callable[[Sequence[Enrolment], Closing], Mapping[int, Sequence[Open]]]
# The enrolments that wait for a result, each with the day from which it will count.
Awaited = Callable[[Sequence[Enrolment]], Mapping[int, date]]
