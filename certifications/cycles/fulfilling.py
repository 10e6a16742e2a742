"""Which of somebody's results fulfils which requirement, and since when that is enough."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from certifications.cycles.results import Result, Results, Seen, Subject, results_of
from certifications.models import CertificationVersion, Cycle, Fulfilment, Path, Requirement


def requirements_of(version_ids: Collection[int]) -> dict[int, list[Requirement]]:
    """Return what each of these versions asks, in its order: one query."""
    asked: dict[int, list[Requirement]] = defaultdict(list)
    rows = Requirement.objects.filter(version__in=version_ids)
    for row in rows.select_related("course__organisation", "programme__organisation"):
        asked[row.version_id].append(row)
    return asked


def asked_in(cycle: Cycle, requirements: Iterable[Requirement]) -> list[Requirement]:
    """Keep what is asked of a cycle today: renewing, or all of it."""
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
    """Return what fulfils which requirement of a cycle, each by what could be seen first.

    A renewal needs new results: from `after` on, the day on which the cycle before was completed,
    exemptions included.
    """
    found = []
    for requirement in requirements:
        kind = "course" if requirement.course_id else "programme"
        subject = (kind, requirement.course_id or requirement.programme_id or 0)
        fitting = (r for r in results if subject in r.satisfies)
        counting = (r for r in fitting if _counts(r, cycle, requirement, after))
        if result := next(counting, None):
            # An exemption of long ago counts, from the day on which the cycle began.
            day = max(result.achieved_on, cycle.begins_on if result.is_exemption else date.min)
            one = Fulfilment(cycle=cycle, requirement=requirement, enrolment=result.enrolment)
            one.achieved_on, one.is_exemption = day, result.is_exemption
            one.result = result  # type: ignore[attr-defined]
            found.append(one)
    return found


def foreseen(cycle: Cycle, requirements: Sequence[Requirement]) -> list[Fulfilment]:
    """Return what would fulfil a first cycle today if its learner accepted it; nothing is stored.
    Eight queries at most."""
    learner = cycle.assignment.learner_id
    subjects = subjects_of({cycle.version_id: requirements})
    results = results_of({learner}, subjects, timezone.now()) if subjects else Results()
    return fulfilled(cycle, requirements, results.done.get(learner, ()))


def _counts(result: Result, cycle: Cycle, requirement: Requirement, after: date | None) -> bool:
    """Whether a result is young enough for a requirement of a cycle."""
    if after is None and result.is_exemption:
        return True
    return result.achieved_on >= first_day(cycle, requirement, after)


def first_day(cycle: Cycle, requirement: Requirement, after: date | None) -> date:
    """Return the first day of which results count for a requirement of a cycle; `after` is the day
    on which the cycle before it was completed."""
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
