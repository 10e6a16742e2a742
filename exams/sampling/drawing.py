"""Drawing a sample, so that whoever has its seed and its list draws the same again, anywhere.

Source: the exam design. A sample has the programme's number of hand-ins, or one of each theme that
has any where there are more themes; all where there are fewer. What was refused before is drawn
again. Nothing here is chance: the order is that of the SHA-256 of the seed, a colon and the key of
the work, which is the same in every version of every language. The order never changes once
samples were drawn with it.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Candidate:
    """A hand-in that can be drawn: the keys of its theme, its work and itself; `must` where it was
    refused before and is drawn again."""

    theme: int
    work: int
    hand_in: int
    must: bool = False


def draw(candidates: Collection[Candidate], *, size: int, seed: str) -> list[Candidate]:
    """Return the candidates that are drawn, in the order of the list; the order of the list changes
    nothing of who is drawn. At least one of each theme, all that must be, and so many as `size`."""
    drawn = {one for one in candidates if one.must}
    by_chance = sorted(candidates, key=lambda one: rank(one, seed))
    themes = {one.theme for one in drawn}
    for one in by_chance:  # the first of each theme
        if one.theme not in themes:
            themes.add(one.theme)
            drawn.add(one)
    for one in by_chance:
        if len(drawn) >= size:
            break
        drawn.add(one)
    return [one for one in candidates if one in drawn]


def rank(candidate: Candidate, seed: str) -> str:
    """Return by what a candidate is ordered: hexadecimal digits that nobody can foresee without the
    seed."""
    return hashlib.sha256(f"{seed}:{candidate.work}".encode()).hexdigest()


def as_list(candidates: Iterable[Candidate]) -> list[dict[str, int | bool]]:
    """Return candidates as they are stored with a sample."""
    return [asdict(one) for one in candidates]


def from_list(stored: Sequence[dict]) -> list[Candidate]:
    """Return candidates as they were stored; raises `ImproperlyConfigured` for another form."""
    try:
        return [Candidate(**one) for one in stored]
    except TypeError:
        raise ImproperlyConfigured("A sample was stored in a form that is not known.") from None
