"""What a change of study statuses locks: runs first, then enrolments, courses before programmes;
each in the order of keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from learners.models import Enrolment, Place, Run
from learners.studying import places


@dataclass(frozen=True, kw_only=True)
class Locked:
    """Enrolments that nobody else can change now, and the places that may change with them."""

    enrolments: Mapping[int, Enrolment]  # those that change, and those of who waits for a place
    run_of: Mapping[int, Run]  # on whose register each of them stands
    runs: Mapping[int, Run]  # where places become free or are given back
    waiting: Sequence[Place]  # who waits in those runs


def lock(wanted: Mapping[int, str], at: datetime) -> Locked:
    """Lock enrolments that are to become what is wanted, and the runs in which that touches
    places."""
    runs = places.lock_runs_touched(wanted)
    waiting = places.waiting_in(runs, at)
    enrolments = by_key(lock_enrolments({*wanted, *(place.enrolment_id for place in waiting)}))
    return Locked(
        enrolments=enrolments,
        run_of=places.runs_of([enrolments[pk] for pk in wanted if pk in enrolments]),
        runs=runs,
        waiting=waiting,
    )


def lock_register(
    run: Run, participants: Iterable[Enrolment], wanted: Mapping[int, str], at: datetime
) -> Locked:
    """Take the run and the participants that whoever writes its register has locked already, and
    lock besides who waits for a place there."""
    enrolments = by_key(participants)
    touches_places = any(places.touches(enrolments[pk], to) for pk, to in wanted.items())
    runs = {run.pk: run} if touches_places else {}
    waiting = places.waiting_in(runs, at)
    if waiting:
        new = {place.enrolment_id for place in waiting} - enrolments.keys()
        enrolments |= by_key(lock_enrolments(new))
    return Locked(
        enrolments=enrolments, run_of=dict.fromkeys(wanted, run), runs=runs, waiting=waiting
    )


def without_places(enrolments: Iterable[Enrolment]) -> Locked:
    """Take enrolments that are locked already and stand on no register: those in programmes."""
    return Locked(enrolments=by_key(enrolments), run_of={}, runs={}, waiting=())


def lock_enrolments(ids: Collection[int]) -> list[Enrolment]:
    """Lock and return these enrolments with what their rules ask for."""
    return list(Enrolment.objects.filter(pk__in=ids).locked())


def by_key(enrolments: Iterable[Enrolment]) -> dict[int, Enrolment]:
    """Return these enrolments by their keys."""
    return {enrolment.pk: enrolment for enrolment in enrolments}
