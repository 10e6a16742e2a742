"""What an app says for the tests of who sees and may do what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

World = SimpleNamespace
Words = Callable[[World], Mapping[str, Any]]


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Asked:
    """How an address is asked for: what its path names, what follows the question mark, and the
    form that somebody who is let in would send."""

    path: Words = nothing
    query: Words = nothing
    form: Words = nothing
    headers: Mapping[str, str] = field(default_factory=dict)
    at: str = ""  # where the address itself has no name
