"""When the consequences of a change of study status may be seen by others.

The row that records a change is also the outbox: while it waits, nothing has been issued yet, and
what a person did by mistake can be taken back without a trace outside the register.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from learners.models import Actor, Run, StudyStatus, StudyStatusChange, User


def consequences_at(
    *, to: StudyStatus, actor: Actor, now: datetime, run_ends_at: datetime | None
) -> datetime:
    """Return when others may see the consequences: at once for what the system does; after the
    undo time for what a person does; a completion not before the end of the last meeting."""
    if actor is Actor.SYSTEM:
        return now
    after_undo = now + settings.UNDO_TIME
    if to is StudyStatus.COMPLETED and run_ends_at:
        return max(after_undo, run_ends_at)
    return after_undo


def newest_changes(enrolment_ids: Collection[int]) -> dict[int, StudyStatusChange]:
    """Return the last step of each enrolment that has one."""
    of_these = StudyStatusChange.objects.filter(enrolment__in=enrolment_ids)
    last = of_these.order_by().values("enrolment").annotate(last=Max("pk")).values("last")
    return {change.enrolment_id: change for change in StudyStatusChange.objects.filter(pk__in=last)}


@transaction.atomic
def issue_now(*, changes: Iterable[StudyStatusChange], by: User) -> int:
    """Let the consequences of these changes happen now, before the last meeting ends; return how
    many there were. Who asks has confirmed it on a page that says what will happen."""
    ids = [change.pk for change in changes]
    waiting = StudyStatusChange.objects.waiting().filter(
        pk__in=ids, to_status=StudyStatus.COMPLETED
    )
    return waiting.update(due_at=timezone.now(), released_by=by)


@transaction.atomic
def hold(*, enrolment_ids: Collection[int]) -> int:
    """Keep back completions whose learner was absent at a later meeting, until a teacher answers;
    return how many there were. What was issued by hand is not called back."""
    waiting = StudyStatusChange.objects.waiting().filter(
        enrolment__in=enrolment_ids, to_status=StudyStatus.COMPLETED, released_by=None
    )
    return waiting.exclude(due_at=None).update(due_at=None)


@transaction.atomic
def follow_run(*, run: Run) -> None:
    """Move the completions that wait for the last meeting of this run, after that has moved.

    What a teacher issued by hand, or is asked about, stays as it is.
    """
    waiting = StudyStatusChange.objects.waiting().filter(
        enrolment__places__run=run, to_status=StudyStatus.COMPLETED, released_by=None
    )
    for change in waiting.exclude(due_at=None).select_for_update(of=("self",)).order_by("pk"):
        change.due_at = consequences_at(
            to=StudyStatus.COMPLETED,
            actor=Actor(change.actor),
            now=change.at,
            run_ends_at=run.ends_at,
        )
        change.save(update_fields=["due_at"])
