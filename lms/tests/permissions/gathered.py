"""What all apps say of who sees and may do what, each in its own `tests.permissions`."""

from collections.abc import Iterator, Sequence
from itertools import chain

from django.apps import AppConfig
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from learners.hooks.registry import merged
from learners.tests.permissions.parts import Permissions
from lms.tests.own import own_apps, own_module

MODULE = "tests.permissions"


def part_of(app: AppConfig) -> Permissions:
    """Return what an app says; nothing, where it has no such module."""
    module = own_module(app, MODULE)
    return module.PERMISSIONS if module else Permissions()


def addresses(patterns: Sequence, space: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name of every address but those of Django's administration."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*space, pattern.name or str(pattern.pattern)])
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            inner = (*space, pattern.namespace) if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner)


def unsaid(app: AppConfig, part: Permissions) -> list[str]:
    """Return the addresses of an app, and its lists of the administration, of which its part does
    not say how they are asked for."""
    own = f"{app.label}:"
    there = {name for name in addresses(get_resolver().url_patterns) if name.startswith(own)}
    said = {address.split(" ")[0] for address in part.addresses}
    lists = {
        f"{app.label}_{model._meta.model_name}"
        for model in admin.site._registry
        if model._meta.app_label == app.label
    }
    return sorted((there - said) | (lists - part.administration.keys()))


PARTS = tuple(map(part_of, own_apps()))

ADDRESSES = merged(part.addresses for part in PARTS)
LISTS = merged(part.administration for part in PARTS)
FOR_OTHERS = frozenset(chain.from_iterable(part.for_others for part in PARTS))
STORES_NOTHING = frozenset(chain.from_iterable(part.stores_nothing for part in PARTS))
