"""Of which certificates of cycles nobody is told, because silence was asked for what caused them.

A cycle is told of as the change that completed it. What was taken back is told of as the change
that took it back; a certificate that takes its place, as whichever of the two came last. It
follows from the history of study statuses, so that it makes no difference who settles a cycle, nor
when.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from certifications.cycles.chains import Chain
from certifications.cycles.results import Seen


@dataclass(frozen=True)
class Silence:
    """The cycles of whose new certificate, and of whose withdrawn one, nobody is told."""

    issued: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)


def asked_for(chains: Sequence[Chain], counted: Mapping[int, Collection[int]]) -> Silence:
    """Return where silence was asked for; `counted` says which enrolments counted before, in any
    cycle of an assignment. The cycles that are new are stored by now."""
    found = Silence()
    for chain in chains:
        taken_back = _taken_back(chain, counted.get(chain.assignment.pk, ()))
        for row in (*chain.rows, *chain.gone):
            completed = chain.completions.get(row.number)
            if _is_silent(completed, taken_back):
                found.issued.add(row.pk)
            if _is_silent(taken_back or completed):
                found.withdrawn.add(row.pk)
    return found


def _taken_back(chain: Chain, before: Collection[int]) -> Seen | None:
    """Return the last step of what counted before and does no more."""
    counting = {one.enrolment_id for one in chain.done}
    lost = (chain.last_seen.get(pk) for pk in before if pk not in counting)
    return max(filter(None, lost), key=lambda one: one.turn, default=None)


def _is_silent(*causes: Seen | None) -> bool:
    """Whether the last of these is to be told nobody."""
    last = max(filter(None, causes), key=lambda one: one.turn, default=None)
    return last is not None and not last.tells_learner
