"""When the consequences of a change of study status may be seen by others.

The row that records a change is also the outbox: while it waits, nothing has been issued yet, and
what a person did by mistake can be taken back without a trace outside the register.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from learners.catalogue import versions
from learners.models import (
    RESULTS,
    Actor,
    Enrolment,
    Place,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.models.status_change import StudyStatusChangeQuerySet


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


def days_before(newest: Collection[StudyStatusChange]) -> dict[int, date | None]:
    """Return the day of its own of each result that these last steps of their enrolments left: one
    query, where any left a result."""
    left = {change.enrolment_id: change.pk for change in newest if change.from_status in RESULTS}
    if not left:
        return {}
    rows = StudyStatusChange.objects.filter(enrolment__in=left).exclude(pk__in=left.values())
    steps = rows.order_by("pk").values_list("enrolment", "counts_from")
    return {left[enrolment]: day for enrolment, day in steps}


@transaction.atomic
def issue_now(*, changes: Iterable[StudyStatusChange], by: User) -> int:
    """Let the consequences of these changes happen now, before the last meeting ends; return how
    many there were. Who asks has confirmed it on a page that says what will happen."""
    waiting = _waiting_completions().filter(pk__in=[change.pk for change in changes])
    learners = set(waiting.values_list("enrolment__learner", flat=True))
    issued = waiting.update(due_at=timezone.now(), released_by=by)
    programmes_follow(learners)
    return issued


@transaction.atomic
def hold(*, enrolment_ids: Collection[int]) -> int:
    """Keep back completions whose learner was absent at a later meeting, until a teacher answers;
    return how many there were. What was issued by hand is not called back."""
    waiting = _waiting_completions().filter(enrolment__in=enrolment_ids, released_by=None)
    waiting = waiting.exclude(due_at=None)
    learners = set(waiting.values_list("enrolment__learner", flat=True))
    held = waiting.update(due_at=None)
    programmes_follow(learners)
    return held


@transaction.atomic
def resume(*, enrolment_ids: Collection[int], run: Run) -> int:
    """Let completions that were kept back go their way again, as the absence was a mistake; return
    how many there were."""
    kept = StudyStatusChange.objects.waiting().filter(
        enrolment__in=enrolment_ids, to_status=StudyStatus.COMPLETED, due_at=None
    )
    due_at = consequences_at(
        to=StudyStatus.COMPLETED,
        actor=Actor.TEACHER,
        now=timezone.now(),
        run_ends_at=run.ends_at,
    )
    return kept.update(due_at=due_at)


@transaction.atomic
def settle(*, changes: Iterable[StudyStatusChange]) -> int:
    """Count the consequences of these changes as had already: somebody else saw to them before
    they were recorded here. Return how many there were."""
    waiting = StudyStatusChange.objects.waiting().filter(pk__in=[change.pk for change in changes])
    return waiting.update(handled_at=timezone.now())


@transaction.atomic
def follow_run(*, run: Run) -> None:
    """Move the completions that wait for the last meeting of this run, after that has moved, in a
    number of queries that does not grow with them.

    What a teacher issued by hand, or is asked about, stays as it is.
    """
    on_register = Place.objects.on_register().filter(run=run).values("enrolment")
    waiting = _waiting_completions().filter(enrolment__in=on_register, released_by=None)
    waiting = waiting.exclude(due_at=None).exclude(actor=Actor.SYSTEM)
    changes = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    for change in changes:
        change.due_at = consequences_at(
            to=StudyStatus.COMPLETED,
            actor=Actor(change.actor),
            now=change.at,
            run_ends_at=run.ends_at,
        )
    StudyStatusChange.objects.bulk_update(changes, ["due_at"], batch_size=2_000)
    ids = [change.enrolment_id for change in changes]
    learners = Enrolment.objects.filter(pk__in=ids).values_list("learner", flat=True)
    programmes_follow(set(learners))


def programmes_follow(learner_ids: Collection[int]) -> None:
    """Let the completed programmes of these learners wait until the last of their courses may be
    seen, and as long as one is held."""
    waiting = _waiting_completions().filter(
        enrolment__learner__in=learner_ids, enrolment__programme__isnull=False, actor=Actor.SYSTEM
    )
    changes = list(waiting.select_related("enrolment").order_by("pk")) if learner_ids else []
    if not changes:
        return
    due_of = _due_of_courses({change.enrolment.learner_id for change in changes})
    courses_of = versions.courses_counting_for({c.enrolment.programme_id for c in changes})
    for change in changes:
        own = due_of.get(change.enrolment.learner_id, {})
        counting = courses_of[change.enrolment.programme_id or 0]
        dues = [due for course, due in own.items() if course in counting]
        change.due_at = with_its_courses(change.at, dues)
    StudyStatusChange.objects.bulk_update(changes, ["due_at"], batch_size=2_000)


def with_its_courses(at: datetime, dues: Collection[datetime | None]) -> datetime | None:
    """Return when a programme that was completed then may be seen: with the last of its courses
    that still wait; None as long as one is held."""
    return None if None in dues else max([at, *filter(None, dues)])


def _waiting_completions() -> StudyStatusChangeQuerySet:
    return StudyStatusChange.objects.waiting().filter(to_status=StudyStatus.COMPLETED)


def _due_of_courses(learner_ids: Collection[int]) -> dict[int, dict[int, datetime | None]]:
    """Return when each completed course that still waits may be seen, by learner and course."""
    waiting = _waiting_completions().filter(
        enrolment__learner__in=learner_ids, enrolment__course__isnull=False
    )
    found: dict[int, dict[int, datetime | None]] = {}
    for learner, course, due_at in waiting.values_list(
        "enrolment__learner", "enrolment__course", "due_at"
    ):
        found.setdefault(learner, {})[course] = due_at
    return found
