"""The waiting list of a run: first come, first served, until learners can no longer enter it.

Who waits has no place, so that their study status is the one of who has to choose a run; another
run can be chosen meanwhile. Whatever frees a place lets the first move up in its own transaction;
the sweep catches up with what time alone changes.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import audit
from learners.catalogue import on_offer
from learners.enrolling import entering
from learners.models import Actor, Enrolment, Place, PlaceState, Run, User
from learners.studying import place_news, places
from learners.studying.new_enrolments import EnrolmentRefused, NewEnrolment
from learners.studying.status_locks import lock_enrolments
from learners.studying.status_rules import RUNNING
from learners.studying.study_status import let_move_up

BATCH = 500


@transaction.atomic
def enter(*, learner: User, run: Run, by: User, actor: Actor) -> Enrolment:
    """Enrol somebody in a course by the waiting list of a run; where a place is free after all,
    they get it. Done twice, it is done once."""
    run = Run.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)
    new = NewEnrolment(
        learner=learner,
        course=run.course,
        registered_on=run.course.organisation.today(),
        lacks_run=True,
    )
    enrolment, _is_new = entering.enrol_once(new, by, actor)
    join(enrolment=enrolment, run=run, by=by)
    return enrolment


@transaction.atomic
def enter_open(*, learner: User, run: Run) -> Enrolment:
    """Let a learner put themselves on the waiting list of a run of a course that is open."""
    if not Run.objects.open_for_enrolment(timezone.now()).filter(pk=run.pk).exists():
        raise EnrolmentRefused(_("You can no longer enrol in this run."))
    return enter(learner=learner, run=run, by=learner, actor=Actor.LEARNER)


@transaction.atomic
def join(*, enrolment: Enrolment, run: Run, by: User) -> Place:
    """Put somebody without a run on the waiting list of one; from another list they go, and with it
    their turn there. Where a place is free after all, they get it.

    Raises `EnrolmentRefused` where they have a place, or cannot get one in this run.
    """
    run = places.lock_runs([run])[run.pk]
    (enrolment,) = lock_enrolments([enrolment.pk])
    before = Place.objects.filter(
        enrolment=enrolment, state__in=[PlaceState.BOOKED, PlaceState.WAITLISTED]
    ).first()
    if before and before.run_id == run.pk:
        return before
    _refuse(enrolment, run, before, by)
    if before:
        _release([before])
    now = timezone.now()
    place, _is_new = Place.objects.update_or_create(
        enrolment=enrolment,
        run=run,
        defaults={"state": PlaceState.WAITLISTED, "released_by_status": False, "waits_since": now},
    )
    audit.record(action="learners.waiting", on=enrolment, by=by, changes={"run": [None, run.code]})
    if not move_up(runs=[run]) and by.pk != enrolment.learner_id:
        place_news.tell_waiting([place])
    place.refresh_from_db(fields=["state"])
    return place


def _refuse(enrolment: Enrolment, run: Run, before: Place | None, by: User) -> None:
    if enrolment.status not in RUNNING:
        raise EnrolmentRefused(
            _("This enrolment is “%(status)s”; it cannot get a run.")
            % {"status": enrolment.shown_status}
        )
    if run.course_id != enrolment.course_id:
        raise EnrolmentRefused(_("This is a run of another course."))
    if before and before.state == PlaceState.BOOKED:
        raise EnrolmentRefused(entering.in_another_run(enrolment, by))
    if run.cancelled_at:
        raise EnrolmentRefused(_("%(run)s was cancelled.") % {"run": run})
    if by.pk == enrolment.learner_id:
        entering.refuse_learner(enrolment=enrolment, run=run)


@transaction.atomic
def leave(*, enrolment: Enrolment, by: User) -> Enrolment:
    """Take somebody off the waiting list that they are on; the enrolment stays, and they can choose
    another run. Done twice, it is done once."""
    runs = Run.objects.filter(places__in=Place.objects.waiting().filter(enrolment=enrolment))
    places.lock_runs(runs)
    (enrolment,) = lock_enrolments([enrolment.pk])
    given_up = list(Place.objects.waiting().filter(enrolment=enrolment).select_related("run"))
    if given_up:
        _release(given_up)
        changes = {"run": [given_up[0].run.code, None]}
        audit.record(action="learners.waiting_left", on=enrolment, by=by, changes=changes)
    return enrolment


def _release(given_up: Iterable[Place]) -> None:
    Place.objects.filter(pk__in=[place.pk for place in given_up]).update(state=PlaceState.RELEASED)


@transaction.atomic
def move_up(*, runs: Iterable[Run | int], at: datetime | None = None) -> list[Place]:
    """Give the free places of these runs to who waits longest, whatever freed them; a number of
    queries that does not grow with them. Returns the places that were given."""
    at = at or timezone.now()
    locked = places.lock_runs(runs)
    waiting = places.waiting_in(locked, at)
    if not waiting:
        return []
    enrolments = lock_enrolments([place.enrolment_id for place in waiting])
    return let_move_up(runs=locked, waiting=waiting, enrolments=enrolments, at=at)


def sweep(*, now: datetime | None = None) -> int:
    """Give what is free and was not given yet, and close the lists of runs that began; return how
    many people that touched. May run any number of times."""
    now = now or timezone.now()
    waited_for = Run.objects.filter(places__state=PlaceState.WAITLISTED, enrol_closes_at__gt=now)
    free = on_offer.with_room(waited_for.filter(cancelled_at=None)).distinct()
    given = move_up(runs=list(free[:BATCH]), at=now)
    return len(given) + _close_begun(now)


@transaction.atomic
def _close_begun(now: datetime) -> int:
    """Tell who still waits for a run that began that there is no place, and let them go."""
    over = Q(run__starts_at__lte=now) | Q(run__cancelled_at__isnull=False)
    waiting = Place.objects.waiting().filter(over).select_related("enrolment", "run")
    late = list(waiting.select_for_update(of=("self",)).order_by("pk")[:BATCH])
    _release(late)
    place_news.tell_list_closed([place for place in late if place.run.cancelled_at is None])
    return len(late)


def of_run(run: Run) -> list[Place]:
    """Return who waits for a place in this run, first come first."""
    return list(
        Place.objects.in_line()
        .filter(run=run)
        .select_related("enrolment__learner", "enrolment__part_of__programme")
    )


def place_of(enrolment: Enrolment) -> Place | None:
    """Return the place that somebody waits for, with its run and how many are before them."""
    waiting = Place.objects.in_line().filter(enrolment=enrolment)
    return waiting.select_related("run__course__organisation").first()


def length(runs: Iterable[Run]) -> dict[int, int]:
    """Return how many people wait for each of these runs."""
    waiting = Place.objects.waiting().filter(run__in=list(runs)).order_by()
    counted: dict[int, int] = {}
    for run in waiting.values_list("run", flat=True):
        counted[run] = counted.get(run, 0) + 1
    return counted
