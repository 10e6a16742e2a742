"""Withdrawing: what it will mean, and doing it.

Source: the study rules. Fifteen calendar days or more before the first meeting, in the time zone of
the institution and counted from the day somebody let know, is in time, and so a valid reason; fewer
is not. Without a run there is nothing to be late for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from learners.models import WITHDRAWN, Actor, Enrolment, Run, StudyStatus, StudyStatusChange, User
from learners.studying import places, status_news
from learners.studying.status_rules import RUNNING, may_follow
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses


class WithdrawalRefused(Exception):
    """Somebody cannot withdraw; the message says why, in the user's language."""


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What withdrawing on a day means for one enrolment."""

    enrolment: Enrolment
    run: Run | None
    first_day: date | None
    days_before: int | None
    status: StudyStatus

    @property
    def is_in_time(self) -> bool:
        return self.status == StudyStatus.WITHDRAWN_VALID


def withdrawal_status(
    *, first_day: date | None, notified_on: date | None, limit_days: int
) -> StudyStatus:
    """Return whether a withdrawal is in time: let know `limit_days` or more calendar days before
    the first meeting. Exactly that many is in time; an unknown day is not; without a meeting any
    day is."""
    if first_day is None:
        return StudyStatus.WITHDRAWN_VALID
    if notified_on is not None and (first_day - notified_on).days >= limit_days:
        return StudyStatus.WITHDRAWN_VALID
    return StudyStatus.WITHDRAWN_INVALID


def consequences(*, enrolment: Enrolment, notified_on: date | None) -> list[Consequence]:
    """Return what withdrawing on this day means: for the course, or for the programme and each of
    its courses that still runs."""
    running = Enrolment.objects.filter(part_of=enrolment, status__in=RUNNING)
    parts = running.select_related("learner", "course__organisation")
    enrolments = [enrolment, *(parts if enrolment.programme_id else [])]
    run_of = places.runs_of(enrolments)
    return [_consequence(each, run_of.get(each.pk), notified_on) for each in enrolments]


def may_withdraw(enrolment: Enrolment, run: Run | None) -> bool:
    """Whether a learner may withdraw by themselves: while it runs, until their run is over."""
    return enrolment.status in RUNNING and not _is_over(enrolment, run)


def may_be_withdrawn(enrolment: Enrolment, run: Run | None, actor: Actor) -> bool:
    """Whether somebody else may withdraw them, or say that it was in time or not; without a run
    there is nothing to be late for."""
    if actor is Actor.TEACHER and run and not run.register_is_open(enrolment.organisation.today()):
        return False
    outcomes = WITHDRAWN if run else {StudyStatus.WITHDRAWN_VALID}
    return any(may_follow(enrolment.status, to, actor) for to in outcomes)


@transaction.atomic
def withdraw(
    *,
    enrolment: Enrolment,
    by: User,
    actor: Actor,
    notified_on: date | None,
    reason: str = "",
    at: datetime | None = None,
    tells_learner: bool = True,
) -> StudyStatusChange | None:
    """Withdraw somebody who let know on this day (None: nobody knows which); the place is freed at
    once. A programme takes along its courses that still run. Done twice, it is done once.

    Raises `WithdrawalRefused` for a day that has yet to come, and for a learner whose run is over;
    `StatusRefused` where the table of statuses forbids it.
    """
    _lock_runs(enrolment)
    enrolment.refresh_from_db(fields=["status"])
    if not enrolment.is_open and actor is Actor.LEARNER:
        return None
    meaning = consequences(enrolment=enrolment, notified_on=notified_on)
    _refuse_nonsense(meaning, actor, notified_on)
    wishes = [
        Wish(
            enrolment_id=c.enrolment.pk,
            to=c.status,
            reason=reason,
            notified_on=notified_on,
            tells_learner=tells_learner,
        )
        for c in meaning
    ]
    made = change_statuses(wishes=wishes, by=by, actor=actor, at=at)
    enrolment.refresh_from_db(fields=["status"])
    if actor is Actor.LEARNER:
        status_news.tell(made)  # they decided it themselves, and are told at once that it is so
    return next((change for change in made if change.enrolment_id == enrolment.pk), None)


def _lock_runs(enrolment: Enrolment) -> None:
    """Lock the runs of an enrolment and of its courses, before anybody in them."""
    runs = Run.objects.filter(places__enrolment=enrolment) | Run.objects.filter(
        places__enrolment__part_of=enrolment
    )
    list(Run.objects.filter(pk__in=runs.values("pk")).select_for_update().order_by("pk"))


def _consequence(enrolment: Enrolment, run: Run | None, notified_on: date | None) -> Consequence:
    first_day = run.first_day(enrolment.organisation) if run else None
    limit = enrolment.course.withdrawal_limit_days if enrolment.course else 0
    known = first_day is not None and notified_on is not None
    return Consequence(
        enrolment=enrolment,
        run=run,
        first_day=first_day,
        days_before=(first_day - notified_on).days if known else None,  # type: ignore[operator]
        status=withdrawal_status(first_day=first_day, notified_on=notified_on, limit_days=limit),
    )


def _refuse_nonsense(
    meaning: Sequence[Consequence], actor: Actor, notified_on: date | None
) -> None:
    today = meaning[0].enrolment.organisation.today()
    if notified_on is not None and notified_on > today:
        raise WithdrawalRefused(_("The day somebody let know cannot be in the future."))
    own = meaning[0]
    if actor is Actor.LEARNER and _is_over(own.enrolment, own.run):
        raise WithdrawalRefused(_("This run is over; your teacher records how it ended for you."))


def _is_over(enrolment: Enrolment, run: Run | None) -> bool:
    last_day = run.last_day(enrolment.organisation) if run else None
    return last_day is not None and last_day < enrolment.organisation.today()
