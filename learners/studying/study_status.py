"""The study status, and the one way in which it changes; what may follow what is in
`status_rules.py`.

Source: the teachers' guide ('Studiestatussen aanpassen' and 'Extra info'). Every change writes a
`StudyStatusChange` in the same transaction; that row is the outbox from which certificates follow.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.models import (
    WITHDRAWN,
    Actor,
    Enrolment,
    Place,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import (
    days_achieved,
    new_enrolments,
    outbox,
    place_news,
    places,
    points,
    programmes,
    status_locks,
    status_writing,
)
from learners.studying.status_locks import Locked
from learners.studying.status_rules import not_the_boards, refusal
from learners.studying.status_wishes import Wish

S = StudyStatus


class StatusRefused(Exception):
    """Some changes may not be made; `reasons` says why, by enrolment, in the user's language."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = dict(reasons)


def change_status(
    *,
    enrolment: Enrolment,
    to: StudyStatus,
    by: User | None,
    actor: Actor,
    reason: str = "",
    notified_on: date | None = None,
    counts_from: date | None = None,
    ignoring_maximum: points.MaximumIgnored | None = None,
    at: datetime | None = None,
    tells_learner: bool = True,
) -> StudyStatusChange | None:
    """Change one study status; return the step, or None where it stood so already."""
    wish = Wish(
        enrolment_id=enrolment.pk,
        to=to,
        reason=reason,
        notified_on=notified_on,
        tells_learner=tells_learner,
        counts_from=counts_from,
    )
    made = change_statuses(
        wishes=[wish], by=by, actor=actor, ignoring_maximum=ignoring_maximum, at=at
    )
    enrolment.refresh_from_db(fields=["status", "term_ends_on"])
    return made[0] if made else None


@transaction.atomic
def change_statuses(
    *,
    wishes: Sequence[Wish],
    by: User | None,
    actor: Actor,
    ignoring_maximum: points.MaximumIgnored | None = None,
    at: datetime | None = None,
) -> list[StudyStatusChange]:
    """Change study statuses, all or none, in a number of queries that does not grow with them.

    Locks runs, enrolments and accounts of points, in that order; writes statuses, history, places
    and points; completes programmes whose courses are done; lets who waits for a place that was
    freed move up. A wish that is true already is passed over. Raises `StatusRefused` with a reason
    for each that the rules forbid. `at` is now, but for what is recorded afterwards as it was then.
    """
    at = at or timezone.now()
    locked = status_locks.lock({wish.enrolment_id: wish.to for wish in wishes}, at)
    return change_locked(
        locked=locked, wishes=wishes, by=by, actor=actor, ignoring_maximum=ignoring_maximum, at=at
    )


def change_locked(
    *,
    locked: Locked,
    wishes: Sequence[Wish],
    by: User | None,
    actor: Actor,
    at: datetime,
    ignoring_maximum: points.MaximumIgnored | None = None,
) -> list[StudyStatusChange]:
    """Change study statuses as `change_statuses` does, in the transaction that locked them."""
    wanted = {wish.enrolment_id: wish for wish in wishes}
    mine = [(e, wanted[pk]) for pk, e in sorted(locked.enrolments.items()) if pk in wanted]
    steps = [(e, wish) for e, wish in mine if e.status != wish.to]
    if not steps:
        return []
    _refuse_what_the_rules_forbid(steps, actor, locked, at)
    changes = status_writing.write(steps, by=by, actor=actor, run_of=locked.run_of, at=at)
    places.follow(changes, locked.run_of)
    points.follow(changes, by=by, ignoring_maximum=ignoring_maximum)
    _take_programme_steps(programmes.steps_after(changes), at)
    stay = [place for place in locked.waiting if place.enrolment_id not in wanted]
    enrolments = list(locked.enrolments.values())
    let_move_up(runs=locked.runs, waiting=stay, enrolments=enrolments, at=at)
    return changes


def let_move_up(
    *,
    runs: Mapping[int, Run],
    waiting: Sequence[Place],
    enrolments: Sequence[Enrolment],
    at: datetime,
) -> list[Place]:
    """Give what is free in these runs to who waits longest, enrol them and tell them; runs and
    enrolments are locked. Returns the places that were given."""
    may = {e.pk: e for e in enrolments if e.status in places.MAY_MOVE_UP}
    given = places.book_next(runs, [place for place in waiting if place.enrolment_id in may])
    for place in given:
        place.enrolment = may[place.enrolment_id]
    chosen = [place.enrolment for place in given]
    wishes = [
        Wish(enrolment_id=e.pk, to=S.ENROLLED) for e in chosen if e.status == S.RUN_CHOICE_REQUIRED
    ]
    if wishes:
        change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM, at=at)
    place_news.tell_moved_up(given)
    return given


@transaction.atomic
def undo_changes(
    *, changes: Collection[StudyStatusChange], by: User, actor: Actor
) -> list[StudyStatusChange]:
    """Restore what was before these changes, through the same function.

    A change is undone once, and only while it is the newest of its enrolment; others are passed
    over. What nobody was told of is taken back as quietly. Raises `StatusRefused` where an open
    enrolment or a full run is in the way.
    """
    newest = outbox.newest_changes([change.enrolment_id for change in changes])
    undone = [
        c
        for c in changes
        if c.from_status and c.actor != Actor.SYSTEM and newest.get(c.enrolment_id) == c
    ]
    days = outbox.days_before(undone)
    wishes = [
        Wish(
            enrolment_id=c.enrolment_id,
            to=StudyStatus(c.from_status),
            undoes=c,
            counts_from=days.get(c.pk),
            tells_learner=c.tells_learner,
        )
        for c in undone
    ]
    return change_statuses(wishes=wishes, by=by, actor=actor)


def _refuse_what_the_rules_forbid(
    steps: Sequence[tuple[Enrolment, Wish]],
    actor: Actor,
    locked: Locked,
    at: datetime,
) -> None:
    """Raise `StatusRefused` with a reason for each step that may not be made."""
    reasons: dict[int, str] = {}
    for enrolment, wish in steps:
        run = locked.run_of.get(enrolment.pk)
        today = enrolment.organisation.day_of(at)
        if why := _why_not(enrolment, wish, actor, today):
            reasons[enrolment.pk] = why
        elif actor is Actor.TEACHER and run and not run.register_is_open(today):
            reasons[enrolment.pk] = _("The register of this run is closed.")
    corrected = [enrolment for enrolment, wish in steps if _is_correction(enrolment, wish.to)]
    regaining = [enrolment for enrolment, wish in steps if places.regains(enrolment, wish.to)]
    reasons |= new_enrolments.reasons_enrolled_anew(corrected)
    reasons |= places.reasons_against_regaining(regaining, locked.runs)
    if reasons:
        raise StatusRefused(reasons)


def _why_not(enrolment: Enrolment, wish: Wish, actor: Actor, today: date) -> str | None:
    """Say why the rules or the day of a result forbid it; what is restored was allowed before."""
    if wish.undoes is not None:
        return not_the_boards(enrolment, actor)
    if why := refusal(enrolment, wish.to, actor):
        return why
    day = wish.counts_from
    return days_achieved.why_not_on(enrolment, day, today) if day is not None else None


def _is_correction(enrolment: Enrolment, to: str) -> bool:
    """Whether something that ended is to have ended otherwise, which a new enrolment forbids; why
    somebody withdrew may be said at any time, also of who enrolled anew meanwhile."""
    only_why = enrolment.status in WITHDRAWN and to in WITHDRAWN
    return not enrolment.is_open and not only_why


@transaction.atomic
def settle_programmes(
    ids: Collection[int], at: datetime | None = None, *, tells_learners: bool = True
) -> None:
    """Start, complete or take back programmes for which that is called for without a change of
    their courses: some were done before somebody entered the programme, or while its term had
    lapsed; or whoever says what completes them says something else than before."""
    locked = status_locks.lock_enrolments(ids)
    steps = programmes.steps_of(locked, tells_learners=tells_learners)
    _take_programme_steps(steps, at or timezone.now())


def follow_births(enrolments: Sequence[Enrolment], at: datetime | None = None) -> None:
    """Let programmes follow enrolments that were exempt from their beginning."""
    changes = StudyStatusChange.objects.filter(enrolment__in=[e.pk for e in enrolments])
    steps = programmes.steps_after(list(changes.select_related("enrolment")))
    _take_programme_steps(steps, at or timezone.now())


def _take_programme_steps(steps: Sequence[programmes.Step], at: datetime) -> None:
    """Change locked programmes; the consequences wait as long as those of the courses behind
    them, and are told where those are."""
    if not steps:
        return
    wishes = [one.wish(at) for one in steps]
    locked = status_locks.without_places(one.whole for one in steps)
    change_locked(locked=locked, wishes=wishes, by=None, actor=Actor.SYSTEM, at=at)
