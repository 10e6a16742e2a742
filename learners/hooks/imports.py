"""What every app says would follow from a file that is being brought in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Foreseen:
    """Something that would follow: under which name it is counted, its words for a number `n`, and
    how many there would be after a change of these enrolments, which the caller takes back."""

    name: str
    words: Any  # what ngettext_lazy returns
    count: Callable[[Sequence[int]], int]
