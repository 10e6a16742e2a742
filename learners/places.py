"""Seats in runs: who has one, who lost it, and whether there is room."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from learners.models import (
    FREES_PLACE,
    Enrolment,
    Place,
    PlaceState,
    Run,
    StudyStatus,
    StudyStatusChange,
)

GIVES_UP_PLACE = frozenset({StudyStatus.CANCELLED, StudyStatus.RUN_CHOICE_REQUIRED})


def regains(enrolment: Enrolment, to: str) -> bool:
    """Whether this change gives back the place that the status had freed."""
    return enrolment.status in FREES_PLACE and to not in FREES_PLACE


def lock_runs_left(enrolment_ids: Collection[int]) -> dict[int, Run]:
    """Lock and return the runs in which these enrolments freed a place, to see whether there is
    still room."""
    left = Place.objects.filter(enrolment__in=enrolment_ids, released_by_status=True)
    runs = Run.objects.filter(pk__in=left.values("run")).select_for_update().order_by("pk")
    return {run.pk: run for run in runs}


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


def follow(changes: Sequence[StudyStatusChange]) -> None:
    """Free and give back places as these changes of status ask."""
    freed = [c.enrolment_id for c in changes if c.to_status in FREES_PLACE]
    given_up = [c.enrolment_id for c in changes if c.to_status in GIVES_UP_PLACE]
    regained = [
        c.enrolment_id
        for c in changes
        if c.from_status in FREES_PLACE and c.to_status not in FREES_PLACE
    ]
    if freed:
        booked = Place.objects.booked().filter(enrolment__in=freed)
        booked.update(state=PlaceState.RELEASED, released_by_status=True)
    if given_up:
        booked = Place.objects.booked().filter(enrolment__in=given_up)
        booked.update(state=PlaceState.RELEASED)
    if regained:
        left = Place.objects.filter(enrolment__in=regained, released_by_status=True)
        left.update(state=PlaceState.BOOKED, released_by_status=False)
