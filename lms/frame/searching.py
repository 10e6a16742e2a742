"""Searching what every app lets people search for."""

from dataclasses import dataclass

from django.utils.functional import Promise

from learners.hooks.searching import Result
from learners.models import User
from lms.frame import home

SHORTEST = 2


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    title: str | Promise
    icon: str
    results: list[Result]


def search(user: User, text: str) -> list[Group]:
    """Return what was found of each kind; kinds without a result are left out."""
    if len(text) < SHORTEST:
        return []
    kinds = sorted(home.gathered(lambda offer: offer.searches), key=lambda kind: kind.order)
    groups = [Group(kind.title, kind.icon, kind.results(user, text)) for kind in kinds]
    return [group for group in groups if group.results]
