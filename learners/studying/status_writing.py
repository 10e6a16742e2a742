"""Writing study statuses with their history, in as many statements for one as for thousands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Case, F, Value, When

from learners.models import Actor, Enrolment, Run, StudyStatus, StudyStatusChange, User
from learners.studying import outbox, term_dates
from learners.studying.status_wishes import Wish


def write(
    steps: Sequence[tuple[Enrolment, Wish]],
    *,
    by: User | None,
    actor: Actor,
    run_of: Mapping[int, Run],
    at: datetime,
) -> list[StudyStatusChange]:
    """Write the statuses of locked enrolments and their history, which is returned; what waited
    before is superseded. The rules have been asked already."""
    ids = [enrolment.pk for enrolment, _wish in steps]
    StudyStatusChange.objects.waiting().filter(enrolment__in=ids).update(handled_at=at)
    changes = [
        _change(enrolment, wish, by=by, actor=actor, run=run_of.get(enrolment.pk), at=at)
        for enrolment, wish in steps
    ]
    for enrolment, wish in steps:
        enrolment.status = wish.to
    _store_statuses(steps, at)
    return StudyStatusChange.objects.bulk_create(changes)


def _change(
    enrolment: Enrolment,
    wish: Wish,
    *,
    by: User | None,
    actor: Actor,
    run: Run | None,
    at: datetime,
) -> StudyStatusChange:
    """One step of the history, with the moment from which others may see what follows."""
    due_at = wish.due_at or outbox.consequences_at(
        to=wish.to, actor=actor, now=at, run_ends_at=run.ends_at if run else None
    )
    return StudyStatusChange(
        enrolment=enrolment,
        from_status=enrolment.status,
        to_status=wish.to,
        by=by,
        actor=actor,
        reason=wish.reason,
        notified_on=wish.notified_on,
        counts_from=wish.counts_from,
        undoes=wish.undoes,
        tells_learner=wish.tells_learner,
        at=at,
        due_at=None if wish.is_held else due_at,
    )


def _store_statuses(steps: Sequence[tuple[Enrolment, Wish]], at: datetime) -> None:
    """Write all statuses in one statement, and begin the terms that begin on opening."""
    by_status: dict[str, list[int]] = {}
    for enrolment, wish in steps:
        by_status.setdefault(wish.to, []).append(enrolment.pk)
    written = [When(pk__in=ids, then=Value(status)) for status, ids in by_status.items()]
    rows = Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment, _wish in steps])
    rows.update(status=Case(*written, default=F("status")))
    term_dates.begin([enrolment for enrolment, wish in steps if wish.to is StudyStatus.STARTED], at)
