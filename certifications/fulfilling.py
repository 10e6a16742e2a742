"""What of somebody's results fulfils which requirement, and since when that is enough.

It is worked out anew from the whole history each time, as far as others may see it: so it makes no
difference when, how often or in which order somebody looks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from certifications.achieving import achieved_days
from certifications.models import CertificationVersion, Cycle, Fulfilment, Path, Requirement
from learners import places, versions
from learners.models import DONE, NOT_FINAL, Enrolment, StudyStatus, StudyStatusChange
from learners.models.enrolment import EnrolmentQuerySet
from learners.offers import asking

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


def requirements_of(version_ids: Collection[int]) -> dict[int, list[Requirement]]:
    """Return what each of these versions asks, in its order: one query."""
    asked: dict[int, list[Requirement]] = defaultdict(list)
    rows = Requirement.objects.filter(version__in=version_ids)
    for row in rows.select_related("course__organisation", "programme__organisation"):
        asked[row.version_id].append(row)
    return asked


def asked_in(cycle: Cycle, requirements: Iterable[Requirement]) -> list[Requirement]:
    """Keep what is asked of a round today: renewing, or all of it."""
    return asked_on(cycle.path_on(cycle.today), requirements)


def asked_on(path: str, requirements: Iterable[Requirement]) -> list[Requirement]:
    """Keep what is asked on a path."""
    return [one for one in requirements if one.path in (Path.BOTH, path)]


def fulfilled(
    cycle: Cycle,
    requirements: Sequence[Requirement],
    results: Sequence[Result],
    after: date | None = None,
) -> list[Fulfilment]:
    """Return what fulfils which requirement of a round, each by what could be seen first.

    A renewal needs new results: from `after` on, the day on which the round before was completed,
    exemptions included.
    """
    found = []
    for requirement in requirements:
        kind = "course" if requirement.course_id else "programme"
        subject = (kind, requirement.course_id or requirement.programme_id or 0)
        fitting = (r for r in results if subject in r.satisfies)
        counting = (r for r in fitting if _counts(r, cycle, requirement, after))
        if result := next(counting, None):
            # An exemption of long ago counts, from the day on which the round began.
            day = max(result.achieved_on, cycle.begins_on if result.is_exemption else date.min)
            one = Fulfilment(cycle=cycle, requirement=requirement, enrolment=result.enrolment)
            one.achieved_on, one.is_exemption = day, result.is_exemption
            one.result = result  # type: ignore[attr-defined]
            found.append(one)
    return found


def foreseen(cycle: Cycle, requirements: Sequence[Requirement]) -> list[Fulfilment]:
    """Return what would fulfil a first round today if its learner accepted it; nothing is stored.
    Eight queries at most."""
    learner = cycle.assignment.learner_id
    subjects = subjects_of({cycle.version_id: requirements})
    results = results_of({learner}, subjects, timezone.now()) if subjects else Results()
    return fulfilled(cycle, requirements, results.done.get(learner, ()))


def _counts(result: Result, cycle: Cycle, requirement: Requirement, after: date | None) -> bool:
    """Whether a result is young enough for a requirement of a round."""
    if after is None and result.is_exemption:
        return True
    return result.achieved_on >= first_day(cycle, requirement, after)


def first_day(cycle: Cycle, requirement: Requirement, after: date | None) -> date:
    """Return the first day of which results count for a requirement of a round; `after` is the day
    on which the round before it was completed."""
    accepted = cycle.begins_on - timedelta(days=requirement.accepts_days_old)
    return accepted if after is None else max(accepted, after + timedelta(days=1))


def needed(version: CertificationVersion, asked: Sequence[Requirement]) -> int:
    """Return how many of these have to be done: never fewer than are mandatory."""
    mandatory = sum(one.is_mandatory for one in asked)
    return max(min(version.minimum or len(asked), len(asked)), mandatory)


@dataclass(frozen=True, kw_only=True)
class Completion(Seen):
    """The day of the last result that was required; it is told as the result that came last."""

    day: date


def completion(
    version: CertificationVersion, asked: Sequence[Requirement], done: Iterable[Fulfilment]
) -> Completion | None:
    """Return when these requirements were all fulfilled; None while something is missing.

    What others could see first counts first: a result that is entered afterwards dates nothing
    back.
    """
    wanted = {one.pk for one in asked}
    mandatory = {one.pk for one in asked if one.is_mandatory}
    enough = needed(version, asked)
    ours = (one for one in done if one.requirement_id in wanted)
    counted: list[Fulfilment] = []
    for one in sorted(ours, key=lambda one: (_result(one).seen_at, one.requirement_id)):
        counted.append(one)
        mandatory.discard(one.requirement_id)
        if not mandatory and len(counted) >= enough:
            day = _last_required(counted, asked, enough)
            last = max(map(_result, counted), key=lambda result: result.turn)
            return Completion(
                day=day,
                seen_at=_result(one).seen_at,
                turn=last.turn,
                tells_learner=last.tells_learner,
            )
    return None


def _result(one: Fulfilment) -> Result:
    """Return the result by which a requirement was found to be fulfilled just now."""
    result: Result = one.result  # type: ignore[attr-defined]
    return result


def _last_required(
    counted: Sequence[Fulfilment], asked: Sequence[Requirement], enough: int
) -> date:
    """Return the last day among the mandatory ones and as many of the others as were needed, the
    earliest of those."""
    mandatory = {one.pk for one in asked if one.is_mandatory}
    days = [one.achieved_on for one in counted if one.requirement_id in mandatory]
    others = sorted(one.achieved_on for one in counted if one.requirement_id not in mandatory)
    return max([*days, *others[: enough - len(days)]])


def subjects_of(requirements: Mapping[int, Sequence[Requirement]]) -> set[Subject]:
    """Return what is asked anywhere in these."""
    return {
        ("course", one.course_id) if one.course_id else ("programme", one.programme_id or 0)
        for rows in requirements.values()
        for one in rows
    }
