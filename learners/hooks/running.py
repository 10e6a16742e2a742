"""What every app tells who looks after the machine: what is well, what waits, what is done when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# After which work that has begun to wait is late: a thousand certificates take a minute or two.
LONG = timedelta(minutes=15)
Schedule = Mapping[str, Mapping[str, Any]]  # as Celery's beat reads it


class WorkIsLateError(Exception):
    """Something is due that nobody has looked at."""


@dataclass(frozen=True)
class Check:
    """Something that the health page asks; `ask` raises where it is not well. What pages need is
    `is_needed`, other things may vanish and come back."""

    name: str
    ask: Callable[[], None]
    is_needed: bool = False


@dataclass(frozen=True)
class Queue:
    """Work for the worker: the rows that wait now, and which moment of them says since when."""

    name: str
    rows: Callable[[datetime], QuerySet]
    since: str


@dataclass(frozen=True)
class Heading:
    """A heading on the administration's front page."""

    title: str | Promise
    order: int


PEOPLE = Heading(_("Enrolling and looking after people"), 10)
LEARNED = Heading(_("What can be learned"), 20)
RIGHTS = Heading(_("Institutions and rights"), 80)
HAPPENED = Heading(_("What happened"), 90)


@dataclass(frozen=True)
class Listed:
    """A list of the administration, under a heading, in the order of what people do."""

    model: type[Model]
    under: Heading
    order: int = 50


@dataclass(frozen=True)
class Leading:
    """A page of an app to which the page of a row in the administration leads."""

    title: str | Promise
    url: str
