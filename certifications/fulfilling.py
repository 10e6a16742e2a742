"""What of somebody's results fulfils which requirement, and since when that is enough.

It is worked out anew from the whole history each time, as far as others may see it: so it makes no
difference when, how often or in which order somebody looks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from certifications.achieving import achieved_days
from certifications.models import CertificationVersion, Cycle, Fulfilment, Path, Requirement
from learners import places, versions
from learners.models import DONE, Enrolment, StudyStatus, StudyStatusChange

Subject = tuple[str, int]  # ("course" or "programme", its key)


@dataclass(frozen=True)
class Result:
    """Something that somebody completed or was exempted of, as others may see it; `seen_at` is
    since when they may."""

    enrolment: Enrolment
    achieved_on: date
    seen_at: datetime
    is_exemption: bool
    satisfies: frozenset[Subject]


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


def since_done(changes: Sequence[StudyStatusChange], now: datetime) -> StudyStatusChange | None:
    """Return the step since which an enrolment is done without a break; None where it is not."""
    found = None
    for change in reversed(visible(changes, now)):
        if change.to_status not in DONE:
            break
        found = change
    return found


def results_of(
    learner_ids: Collection[int], subjects: Collection[Subject], now: datetime
) -> dict[int, list[Result]]:
    """Return what these learners have of these courses and programmes, in the order in which others
    could see it: eight queries at most."""
    stand_ins = versions.stand_ins()
    wanted = {pk for kind, pk in subjects if kind == "course"}
    counting = wanted | {new for new, old in stand_ins.items() if old & wanted}
    programmes = {pk for kind, pk in subjects if kind == "programme"}
    steps = _steps(learner_ids, counting, programmes, now)
    days = _days(steps)
    found: dict[int, list[Result]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: (step.due_at or step.at, step.pk)):
        enrolment = step.enrolment
        if enrolment.programme_id is not None:
            satisfies = {("programme", enrolment.programme_id)}
        else:
            courses = versions.satisfied_by(stand_ins, enrolment.course_id)
            satisfies = {("course", pk) for pk in courses}
        found[enrolment.learner_id].append(
            Result(
                enrolment=enrolment,
                achieved_on=days[enrolment.pk],
                seen_at=step.due_at or step.at,
                is_exemption=step.to_status == StudyStatus.EXEMPT,
                satisfies=frozenset(satisfies),
            )
        )
    return found


def _steps(
    learner_ids: Collection[int], courses: set[int], programmes: set[int], now: datetime
) -> list[StudyStatusChange]:
    """Return, for each enrolment that is done for others to see, the step since which it is."""
    concerned = Enrolment.objects.filter(learner__in=learner_ids)
    concerned = concerned.filter(course__in=courses) | concerned.filter(programme__in=programmes)
    changes = StudyStatusChange.objects.filter(enrolment__in=concerned).order_by("pk")
    history: dict[int, list[StudyStatusChange]] = defaultdict(list)
    related = ("enrolment__course__organisation", "enrolment__programme__organisation")
    for change in changes.select_related(*related):
        history[change.enrolment_id].append(change)
    found = (since_done(rows, now) for rows in history.values())
    return [step for step in found if step is not None]


def _days(steps: Sequence[StudyStatusChange]) -> dict[int, date]:
    """Return the day of each result: an exemption's is the one on which it was given."""
    exempt = {
        step.enrolment_id: timezone.localdate(step.at, step.enrolment.organisation.tz)
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
    """Keep what is asked on the path of this round."""
    return [one for one in requirements if one.path in (Path.BOTH, cycle.path)]


def fulfilled(
    cycle: Cycle, requirements: Sequence[Requirement], results: Sequence[Result]
) -> list[Fulfilment]:
    """Return what fulfils which requirement of a round, each by what could be seen first."""
    found = []
    for requirement in asked_in(cycle, requirements):
        kind = "course" if requirement.course_id else "programme"
        subject = (kind, requirement.course_id or requirement.programme_id or 0)
        first_day = cycle.begins_on - timedelta(days=requirement.accepts_days_old)
        fitting = (r for r in results if subject in r.satisfies)
        counting = (r for r in fitting if r.is_exemption or r.achieved_on >= first_day)
        if result := next(counting, None):
            # An exemption of long ago counts, from the day on which the round began.
            day = max(result.achieved_on, cycle.begins_on if result.is_exemption else date.min)
            one = Fulfilment(cycle=cycle, requirement=requirement, enrolment=result.enrolment)
            one.achieved_on, one.is_exemption = day, result.is_exemption
            one.seen_at = result.seen_at  # type: ignore[attr-defined]
            found.append(one)
    return found


def needed(version: CertificationVersion, asked: Sequence[Requirement]) -> int:
    """Return how many of these have to be done."""
    return min(version.minimum or len(asked), len(asked))


def completed_day(cycle: Cycle, asked: Sequence[Requirement], done: Sequence[Fulfilment]) -> date:
    """Return the day of the last result that was required; `date.max` while something is missing.

    What others could see first counts first: a result that is entered afterwards dates nothing
    back.
    """
    in_order = sorted(done, key=lambda one: (one.seen_at, one.requirement_id))  # type: ignore[attr-defined]
    mandatory = {one.pk for one in asked if one.is_mandatory}
    enough = max(needed(cycle.version, asked), len(mandatory))
    counted: list[Fulfilment] = []
    for one in in_order:
        counted.append(one)
        mandatory.discard(one.requirement_id)
        if not mandatory and len(counted) >= enough:
            return _last_required(counted, asked, enough)
    return date.max


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
