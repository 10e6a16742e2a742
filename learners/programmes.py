"""How far somebody is in a programme, from the courses that they completed or were exempted of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learners.models import (
    DONE,
    CompletedBy,
    Enrolment,
    ProgrammeCourse,
    StudyStatus,
    StudyStatusChange,
)

S = StudyStatus
Steps = Mapping[StudyStatus, Mapping[int, StudyStatusChange]]


@dataclass(frozen=True)
class Progress:
    """How many of a programme's courses are done."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total


def progress_of(enrolments: Sequence[Enrolment]) -> dict[int, Progress]:
    """Return the progress of each of these programme enrolments, in two queries for all of them.

    A course counts whichever enrolment it was completed in; a new version counts for the old one.
    """
    wanted: dict[int, set[int]] = defaultdict(set)
    asked = ProgrammeCourse.objects.filter(programme__in={e.programme_id for e in enrolments})
    for programme, course in asked.values_list("programme_id", "course_id"):
        wanted[programme].add(course)
    done: dict[int, set[int]] = defaultdict(set)
    earned = Enrolment.objects.done().filter(
        learner__in={e.learner_id for e in enrolments}, course__isnull=False
    )
    for learner, course, old in earned.values_list(
        "learner_id", "course_id", "course__new_version_of_id"
    ):
        done[learner] |= {course, old}
    return {
        e.pk: Progress(
            len(wanted[e.programme_id] & done[e.learner_id]), len(wanted[e.programme_id])
        )
        for e in enrolments
        if e.programme_id is not None
    }


def steps_after(changes: Sequence[StudyStatusChange]) -> Steps:
    """Return which programme enrolments these changes of courses start, complete or take back,
    with the change that caused it."""
    causes = {c.enrolment.learner_id: c for c in changes if _moves_programmes(c)}
    if not causes:
        return {}
    touched = _programmes_of(causes)
    progress = progress_of(touched)
    begun = {change.enrolment.part_of_id for change in causes.values()}
    steps: dict[StudyStatus, dict[int, StudyStatusChange]] = defaultdict(dict)
    for enrolment in touched:
        to = _next_status(enrolment, progress[enrolment.pk], enrolment.pk in begun)
        if to is not None:
            steps[to][enrolment.pk] = causes[enrolment.learner_id]
    return steps


def _moves_programmes(change: StudyStatusChange) -> bool:
    moved = {change.from_status, change.to_status} & (DONE | {S.STARTED})
    return change.enrolment.course_id is not None and bool(moved)


def _programmes_of(causes: Mapping[int, StudyStatusChange]) -> list[Enrolment]:
    """Find the programmes that the courses may move: those under way, and completed ones whose
    learner did not begin them anew."""
    courses = {c.enrolment.course_id for c in causes.values()}
    courses |= {c.enrolment.course.new_version_of_id for c in causes.values() if c.enrolment.course}
    found = Enrolment.objects.filter(
        learner__in=causes,
        programme__programme_courses__course__in=courses - {None},
        status__in=[S.ENROLLED, S.STARTED, S.COMPLETED],
    )
    rows = list(found.select_related("programme").distinct().order_by("pk"))
    open_now = {(e.learner_id, e.programme_id) for e in rows if e.is_open}
    return [e for e in rows if e.is_open or (e.learner_id, e.programme_id) not in open_now]


def _next_status(
    enrolment: Enrolment, progress: Progress, a_part_began: bool
) -> StudyStatus | None:
    programme = enrolment.programme
    by_courses = programme is not None and programme.completed_by == CompletedBy.COURSES
    if by_courses and progress.is_complete and enrolment.is_open:
        return S.COMPLETED
    if by_courses and not progress.is_complete and enrolment.status == S.COMPLETED:
        return S.STARTED
    begins = enrolment.status == S.ENROLLED and (a_part_began or progress.done > 0)
    return S.STARTED if begins else None
