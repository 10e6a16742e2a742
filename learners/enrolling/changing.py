"""Changing run: another place for the one that somebody has, seen before it is done."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import audit
from learners.enrolling import entering, waiting_lists, withdrawing
from learners.models import Enrolment, Meeting, Place, PlaceState, Run, StudyStatus, User
from learners.studying import place_news, places
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.status_locks import lock_enrolments
from learners.studying.status_rules import ATTENDING
from learners.studying.study_status import let_move_up


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What changing from one run to another means."""

    old: Run
    new: Run
    meetings: list[Meeting]
    left: int | None
    waiting: int  # people who wait for the place that is given up
    withdrawn_today: StudyStatus
    last_day_to_withdraw: date | None

    @property
    def is_too_late_to_withdraw(self) -> bool:
        """Whether who changes today can no longer withdraw in time."""
        return self.withdrawn_today != StudyStatus.WITHDRAWN_VALID


def run_of(enrolment: Enrolment) -> Run | None:
    """Return the run in which somebody has a place now."""
    booked = Place.objects.booked().filter(enrolment=enrolment)
    place = booked.select_related("run__course__organisation").first()
    return place.run if place else None


def may_change(enrolment: Enrolment, run: Run | None, now: datetime) -> bool:
    """Whether a learner may still change from this run to another by themselves."""
    return run is not None and enrolment.status in ATTENDING and run.takes_learners(now)


def consequence(*, enrolment: Enrolment, old: Run, new: Run) -> Consequence:
    """Return what changing today means, before it is done."""
    organisation, course = enrolment.organisation, enrolment.course
    assert course is not None, "programmes have no runs"
    first_day, limit = new.first_day(organisation), course.withdrawal_limit_days
    return Consequence(
        old=old,
        new=new,
        meetings=list(new.meetings.going_on()),
        left=places.room([new])[new.pk],
        waiting=waiting_lists.length([old]).get(old.pk, 0),
        withdrawn_today=withdrawing.withdrawal_status(
            first_day=first_day, notified_on=organisation.today(), limit_days=limit
        ),
        last_day_to_withdraw=first_day - timedelta(days=limit) if first_day else None,
    )


@transaction.atomic
def change_run(*, enrolment: Enrolment, run: Run, by: User, reason: str = "") -> Enrolment:
    """Move somebody to another run of their course: the old place is given up and its row stays,
    with the marks made there; the first of its waiting list moves up. Who has no run yet gets this
    one. Done twice, it is done once.

    Raises `EnrolmentRefused` where the other run has no place for them, or, for who does it
    themselves, where either run is too near.
    """
    booked = list(Place.objects.booked().filter(enrolment=enrolment).values_list("run", flat=True))
    runs, now = places.lock_runs([run.pk, *booked]), timezone.now()
    waiting = places.waiting_in({pk: runs[pk] for pk in booked}, now)
    locked = lock_enrolments({enrolment.pk, *(place.enrolment_id for place in waiting)})
    enrolment = next(each for each in locked if each.pk == enrolment.pk)
    old = Place.objects.booked().filter(enrolment=enrolment, run__in=runs).first()
    if old is None:
        return entering.choose_run(enrolment=enrolment, run=run, by=by)
    if old.run_id == run.pk:
        return enrolment
    _refuse(enrolment, runs[old.run_id], runs[run.pk], by)
    new = _move(enrolment, old, runs[run.pk])
    changes = {"run": [runs[old.run_id].code, runs[run.pk].code]}
    entry = audit.record(
        action="learners.run_changed", on=enrolment, by=by, changes=changes, reason=reason
    )
    if by.pk != enrolment.learner_id:
        place_news.tell_run_changed(new, entry.pk)
    let_move_up(runs=runs, waiting=waiting, enrolments=locked, at=now)
    return enrolment


def _move(enrolment: Enrolment, old: Place, run: Run) -> Place:
    old.state = PlaceState.RELEASED
    old.save(update_fields=["state"])
    new, _is_new = Place.objects.update_or_create(
        enrolment=enrolment,
        run=run,
        defaults={"state": PlaceState.BOOKED, "released_by_status": False},
    )
    return new


def _refuse(enrolment: Enrolment, old: Run, new: Run, by: User) -> None:
    if enrolment.status not in ATTENDING:
        raise EnrolmentRefused(
            _("This enrolment is “%(status)s”; it cannot get a run.")
            % {"status": enrolment.shown_status}
        )
    entering.refuse_run(enrolment=enrolment, run=new, by=by)
    if by.pk == enrolment.learner_id and not old.takes_learners(timezone.now()):
        raise EnrolmentRefused(
            _("It is too late to change your run by yourself; ask your institution.")
        )
