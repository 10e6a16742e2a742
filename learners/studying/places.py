"""Seats in runs: who has one, who lost it, whether there is room, and whose turn it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from learners.models import (
    FREES_PLACE,
    NOT_FINAL,
    Enrolment,
    Place,
    PlaceState,
    Run,
    StudyStatus,
    StudyStatusChange,
)

GIVES_UP_PLACE = frozenset({StudyStatus.CANCELLED, StudyStatus.RUN_CHOICE_REQUIRED})
MAY_MOVE_UP = NOT_FINAL - {StudyStatus.TERM_LAPSED}


def regains(enrolment: Enrolment, to: str) -> bool:
    """Whether this change gives back the place that the status had freed."""
    return enrolment.status in FREES_PLACE and to not in FREES_PLACE


def touches(enrolment: Enrolment, to: str) -> bool:
    """Whether this change may free a place, or gives back the one that was freed."""
    return to in FREES_PLACE | GIVES_UP_PLACE or enrolment.status in FREES_PLACE


def lock_runs(runs: Iterable[Run | int]) -> dict[int, Run]:
    """Lock and return these runs, in the order of their keys."""
    keys = {run.pk if isinstance(run, Run) else run for run in runs}
    locked = Run.objects.filter(pk__in=keys).select_for_update().order_by("pk")
    return {run.pk: run for run in locked}


def lock_runs_touched(wanted: Mapping[int, str]) -> dict[int, Run]:
    """Lock and return the runs in which these enrolments freed a place, to see whether there is
    still room, and those in which they will free or leave one as they become what is wanted, so
    that who waits for it moves up."""
    leaving = [pk for pk, to in wanted.items() if to in FREES_PLACE | GIVES_UP_PLACE]
    touched = Q(enrolment__in=list(wanted), released_by_status=True)
    if leaving:
        states = [PlaceState.BOOKED, PlaceState.WAITLISTED]
        touched |= Q(enrolment__in=leaving, state__in=states)
    places = Place.objects.filter(touched)
    runs = Run.objects.filter(pk__in=places.values("run")).select_for_update().order_by("pk")
    return {run.pk: run for run in runs}


def waiting_in(runs: Mapping[int, Run], at: datetime) -> list[Place]:
    """Return who waits in these locked runs and may move up, first come first; nobody where
    learners can no longer enter by themselves."""
    taking = [run.pk for run in runs.values() if run.takes_learners(at)]
    if not taking:
        return []
    waiting = Place.objects.waiting().filter(run__in=taking, enrolment__status__in=MAY_MOVE_UP)
    return list(waiting.select_related("enrolment").order_by("waits_since", "pk"))


def book_next(runs: Mapping[int, Run], waiting: Sequence[Place]) -> list[Place]:
    """Book the places that are free in these locked runs for who waits longest, never beyond the
    capacity; return them."""
    if not waiting:
        return []
    left = room([runs[pk] for pk in {place.run_id for place in waiting}])
    given = []
    for place in waiting:
        free = left[place.run_id]
        if free is None or free > 0:
            left[place.run_id] = None if free is None else free - 1
            given.append(place)
    rows = Place.objects.waiting().filter(pk__in=[place.pk for place in given])
    rows.update(state=PlaceState.BOOKED)
    return given


def runs_of(enrolments: Sequence[Enrolment]) -> dict[int, Run]:
    """Return the run on whose register each enrolment stands, for those that stand on one."""
    on_register = Place.objects.on_register().filter(enrolment__in=enrolments)
    return {p.enrolment_id: p.run for p in on_register.select_related("run").order_by("pk")}


def room(runs: Collection[Run]) -> dict[int, int | None]:
    """Return how many places each run has left; None where it has no limit."""
    booked = Count("places", filter=Q(places__state=PlaceState.BOOKED))
    taken = dict(
        Run.objects.filter(pk__in=[run.pk for run in runs])
        .order_by()
        .annotate(taken=booked)
        .values_list("pk", "taken")
    )
    return {
        run.pk: None if run.capacity is None else max(0, run.capacity - taken.get(run.pk, 0))
        for run in runs
    }


def reasons_against_regaining(
    enrolments: Sequence[Enrolment], runs: Mapping[int, Run]
) -> dict[int, str]:
    """Say of whom the place is gone by now, in the order in which they are asked for."""
    if not enrolments:
        return {}
    left = room(list(runs.values()))
    reasons = {}
    by_id = {enrolment.pk: enrolment for enrolment in enrolments}
    for place in Place.objects.filter(enrolment__in=by_id, released_by_status=True).order_by("pk"):
        free = left.get(place.run_id)
        if runs[place.run_id].cancelled_at is not None:
            reasons[place.enrolment_id] = _("The run of %(name)s has been cancelled.") % {
                "name": by_id[place.enrolment_id].learner.name
            }
        elif free == 0:
            reasons[place.enrolment_id] = _("The place of %(name)s has been given away.") % {
                "name": by_id[place.enrolment_id].learner.name
            }
        elif free is not None:
            left[place.run_id] = free - 1
    return reasons


def follow(changes: Sequence[StudyStatusChange], run_of: Mapping[int, Run]) -> None:
    """Free and give back places as these changes of status ask; `run_of` says on whose register
    each of them stood."""
    freed = [c.enrolment_id for c in changes if c.to_status in FREES_PLACE]
    ended = [c.enrolment_id for c in changes if _may_have_waited(c, run_of)]
    given_up = [c.enrolment_id for c in changes if c.to_status in GIVES_UP_PLACE]
    regained = [
        c.enrolment_id
        for c in changes
        if c.from_status in FREES_PLACE and c.to_status not in FREES_PLACE
    ]
    if ended:
        waiting = Place.objects.waiting().filter(enrolment__in=ended)
        waiting.update(state=PlaceState.RELEASED)
    if freed:
        booked = Place.objects.booked().filter(enrolment__in=freed)
        booked.update(state=PlaceState.RELEASED, released_by_status=True)
    if given_up:
        booked = Place.objects.booked().filter(enrolment__in=given_up)
        booked.update(state=PlaceState.RELEASED)
    if regained:
        left = Place.objects.filter(enrolment__in=regained, released_by_status=True)
        left.update(state=PlaceState.BOOKED, released_by_status=False)


def _may_have_waited(change: StudyStatusChange, run_of: Mapping[int, Run]) -> bool:
    """Whether somebody whose enrolment ended might be on a waiting list: not who has a run."""
    course = change.enrolment.course
    is_over = change.to_status not in NOT_FINAL and change.enrolment_id not in run_of
    return is_over and course is not None and course.has_meetings
