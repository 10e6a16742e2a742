"""What somebody has done or been exempted of, as far as others may see it, and what is awaited.

It is worked out anew from the whole history each time: so it makes no difference when, how often or
in which order somebody looks.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from certifications.cycles.counts_from import achieved_days
from learners.catalogue import versions
from learners.hooks import asking
from learners.models import DONE, NOT_FINAL, Enrolment, StudyStatus, StudyStatusChange
from learners.models.enrolment import EnrolmentQuerySet
from learners.studying import places

Subject = tuple[str, int]  # ("course" or "programme", its key)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Something that happened to somebody: since when others may see it, and whether who it
    happened to is told; by `turn` things follow each other as they came to bear, also those that
    were dated back."""

    seen_at: datetime
    turn: tuple[datetime, datetime, int]
    tells_learner: bool


@dataclass(frozen=True, kw_only=True)
class Result(Seen):
    """Something that somebody completed or was exempted of, as others may see it."""

    enrolment: Enrolment
    achieved_on: date
    is_exemption: bool
    satisfies: frozenset[Subject]


@dataclass(frozen=True)
class Results:
    """What people have done, in the order in which others could see it; and of each enrolment that
    was asked after, done or not, the last step that others may see."""

    done: Mapping[int, Sequence[Result]] = field(default_factory=dict)
    last: Mapping[int, Seen] = field(default_factory=dict)


def visible(changes: Sequence[StudyStatusChange], now: datetime) -> list[StudyStatusChange]:
    """Keep the steps of one enrolment, the oldest first, whose consequences others may see.

    What was corrected before that never was. Whether it was handled already makes no difference.
    """
    kept = []
    for change, later in zip(changes, [*changes[1:], None], strict=True):
        is_due = change.due_at is not None and change.due_at <= (later.at if later else now)
        was_settled = change.handled_at is not None and (
            later is None or change.handled_at < later.at
        )
        if is_due or was_settled:
            kept.append(change)
    return kept


def since_done(seen: Sequence[StudyStatusChange]) -> StudyStatusChange | None:
    """Return the step since which an enrolment is done without a break; None where it is not. These
    are its steps that others may see, the oldest first."""
    found = None
    for change in reversed(seen):
        if change.to_status not in DONE:
            break
        found = change
    return found


def results_of(
    learner_ids: Collection[int], subjects: Collection[Subject], now: datetime
) -> Results:
    """Return what these learners have of these courses and programmes: eight queries at most."""
    stand_ins = versions.stand_ins()
    history = _history(_concerned(learner_ids, subjects, stand_ins), now)
    steps = [step for rows in history if (step := since_done(rows))]
    days = _days(steps)
    found: dict[int, list[Result]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: (step.due_at or step.at, step.pk)):
        enrolment, seen = step.enrolment, _seen(step, now)
        found[enrolment.learner_id].append(
            Result(
                seen_at=seen.seen_at,
                turn=seen.turn,
                tells_learner=seen.tells_learner,
                enrolment=enrolment,
                achieved_on=days[enrolment.pk],
                is_exemption=step.to_status == StudyStatus.EXEMPT,
                satisfies=_satisfies(enrolment, stand_ins),
            )
        )
    last = {rows[-1].enrolment_id: _seen(rows[-1], now) for rows in history}
    return Results(found, last)


def _seen(step: StudyStatusChange, now: datetime) -> Seen:
    seen_at = step.due_at or step.at
    came_to_bear_at = max(seen_at, step.handled_at or now)
    turn = (came_to_bear_at, seen_at, step.pk)
    return Seen(seen_at=seen_at, turn=turn, tells_learner=step.tells_learner)


def awaited_by(
    learner_ids: Collection[int], subjects: Collection[Subject], now: datetime
) -> dict[int, list[Result]]:
    """Return what these learners would have if what they wait for turned out well, as if others saw
    that since they wait. No query where no app gives such results; else two, and what it asks."""
    found: dict[int, list[Result]] = defaultdict(list)
    if not asking.who_say_what_is_awaited():
        return found
    stand_ins = versions.stand_ins()
    rows = {e.pk: e for e in may_wait(_concerned(learner_ids, subjects, stand_ins))}
    for pk, one in asking.awaited(rows.values()).items():
        if one.since <= now:
            found[rows[pk].learner_id].append(
                Result(
                    seen_at=one.since,
                    turn=(one.since, one.since, 0),
                    tells_learner=True,
                    enrolment=rows[pk],
                    achieved_on=one.counts_from,
                    is_exemption=False,
                    satisfies=_satisfies(rows[pk], stand_ins),
                )
            )
    return found


def may_wait(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep what may wait for a result: what is open, or completed and not for others to see yet."""
    unseen = StudyStatusChange.objects.waiting().filter(enrolment=OuterRef("pk"))
    is_unseen = Q(Exists(unseen), status=StudyStatus.COMPLETED)
    rows = enrolments.filter(Q(status__in=sorted(NOT_FINAL)) | is_unseen)
    return rows.select_related("learner", "course__organisation", "programme__organisation")


def _concerned(
    learner_ids: Collection[int],
    subjects: Collection[Subject],
    stand_ins: Mapping[int, frozenset[int]],
) -> EnrolmentQuerySet:
    """Keep what these learners follow or followed of these, or of what stands in for one."""
    wanted = {pk for kind, pk in subjects if kind == "course"}
    courses = wanted | {new for new, old in stand_ins.items() if old & wanted}
    programmes = {pk for kind, pk in subjects if kind == "programme"}
    theirs = Enrolment.objects.filter(learner__in=learner_ids)
    return theirs.filter(course__in=courses) | theirs.filter(programme__in=programmes)


def _satisfies(enrolment: Enrolment, stand_ins: Mapping[int, frozenset[int]]) -> frozenset[Subject]:
    if enrolment.programme_id is not None:
        return frozenset({("programme", enrolment.programme_id)})
    courses = versions.satisfied_by(stand_ins, enrolment.course_id)
    return frozenset(("course", pk) for pk in courses)


def _history(concerned: EnrolmentQuerySet, now: datetime) -> list[list[StudyStatusChange]]:
    """Return, for each enrolment, the steps that others may see, the oldest first."""
    changes = StudyStatusChange.objects.filter(enrolment__in=concerned).order_by("pk")
    history: dict[int, list[StudyStatusChange]] = defaultdict(list)
    related = ("enrolment__course__organisation", "enrolment__programme__organisation")
    for change in changes.select_related(*related):
        history[change.enrolment_id].append(change)
    return [seen for rows in history.values() if (seen := visible(rows, now))]


def _days(steps: Sequence[StudyStatusChange]) -> dict[int, date]:
    """Return the day of each result: an exemption's is the one on which it was given."""
    exempt = {
        step.enrolment_id: step.enrolment.organisation.day_of(step.at)
        for step in steps
        if step.to_status == StudyStatus.EXEMPT
    }
    earned = [step for step in steps if step.enrolment_id not in exempt]
    if not earned:
        return exempt
    return exempt | achieved_days(earned, places.runs_of([step.enrolment for step in earned]))
