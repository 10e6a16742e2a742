"""What every app says of personal data: what it holds, when it needs it, how it is cleared."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Q

from learners.models import Organisation, User


class Pseudonymise(Protocol):
    """Takes away who these people were, set by set, and keeps what was done."""

    def __call__(self, ids: Collection[int], *, at: datetime) -> None: ...


def nothing_to_forget(organisation: Organisation, now: datetime) -> None:
    """Forget nothing."""


@dataclass(frozen=True)
class Personal:
    """An app's answers about personal data: what it holds of somebody, in plain values; a condition
    that keeps people of whom it knows something younger than a moment; how it takes away who people
    were; and what an institution keeps for a number of years of its own."""

    export: Callable[[User], Mapping[str, object]]
    active_since: Callable[[datetime], Q]
    pseudonymise: Pseudonymise
    forget: Callable[[Organisation, datetime], None] = nothing_to_forget
