"""A part of the page of a course, made by the app that knows about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Section:
    """A card on the page of a course: `template` is included with `section`, and with what is in
    `context` as `shown`. Those aside stand beside the others on a wide screen."""

    title: str | Promise
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 50
    is_aside: bool = False
