"""Who offers what: each app registers one object when it is ready, under its label."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from learners.hooks.offer import Offer
from learners.hooks.pages import Look
from learners.hooks.questions import Completes
from learners.models import CompletedBy

Key = TypeVar("Key")
Value = TypeVar("Value")
_registered: dict[str, Offer] = {}


def register(label: str, offer: Offer) -> None:
    """Take what an app offers; registered again, as when apps are set up anew, the newer counts."""
    _registered[label] = offer


def forget(label: str) -> None:
    """Take away again what an app offered."""
    del _registered[label]


def offers() -> tuple[Offer, ...]:
    """Return what the apps that are installed offer, the ground first."""
    return tuple(_registered[label] for label in reversed(apps.app_configs) if label in _registered)


def offer_of(label: str) -> Offer:
    """Return what one app offers."""
    return _registered[label]


def looks() -> Mapping[str, Look]:
    """Return how each state looks."""
    return _looks(offers())


def completing() -> Mapping[CompletedBy, Completes]:
    """Return who answers what completes a programme, by what it is completed by."""
    return merged(offer.completes for offer in offers())


def merged(mappings: Iterable[Mapping[Key, Value]]) -> dict[Key, Value]:
    """Return these in one; raises `ImproperlyConfigured` where two say something of the same."""
    found: dict[Key, Value] = {}
    for mapping in mappings:
        if twice := found.keys() & mapping.keys():
            said = ", ".join(sorted(map(str, twice)))
            raise ImproperlyConfigured(f"Two apps offer the same: {said}.")
        found |= mapping
    return found


@cache
def _looks(offered: tuple[Offer, ...]) -> Mapping[str, Look]:
    return merged(offer.looks for offer in offered)
