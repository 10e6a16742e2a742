"""How far somebody is in a programme, from the courses that they completed or were exempted of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from learners import versions
from learners.models import (
    DONE,
    CompletedBy,
    Enrolment,
    ProgrammeCourse,
    StudyStatus,
    StudyStatusChange,
)

S = StudyStatus
Steps = Mapping[StudyStatus, Collection[int]]


@dataclass(frozen=True)
class Progress:
    """How many of a programme's courses are done."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total


def progress_of(enrolments: Sequence[Enrolment]) -> dict[int, Progress]:
    """Return the progress of each of these programme enrolments, in three queries for all of them.

    A course counts whichever enrolment it was completed in; a new version counts for the old one.
    """
    wanted: dict[int, set[int]] = defaultdict(set)
    asked = ProgrammeCourse.objects.filter(programme__in={e.programme_id for e in enrolments})
    for programme, course in asked.values_list("programme_id", "course_id"):
        wanted[programme].add(course)
    done = done_courses({e.learner_id for e in enrolments})
    return {
        e.pk: Progress(
            len(wanted[e.programme_id] & done[e.learner_id]), len(wanted[e.programme_id])
        )
        for e in enrolments
        if e.programme_id is not None
    }


def done_courses(learner_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Return, for each learner, the courses that they completed or were exempted of, with the
    older ones that those stand in for: two queries."""
    stand_ins = versions.stand_ins()
    done: dict[int, set[int]] = defaultdict(set)
    earned = Enrolment.objects.done().filter(learner__in=learner_ids, course__isnull=False)
    for learner, course in earned.values_list("learner_id", "course_id"):
        done[learner] |= versions.satisfied_by(stand_ins, course)
    return done


def steps_after(changes: Sequence[StudyStatusChange]) -> Steps:
    """Return which programme enrolments these changes of courses start, complete or take back."""
    moving = [change for change in changes if _moves_programmes(change)]
    begun = {change.enrolment.part_of_id for change in moving}
    return steps_of(_programmes_of(moving), begun=begun) if moving else {}


def steps_of(enrolments: Sequence[Enrolment], *, begun: Collection[int | None] = ()) -> Steps:
    """Return which of these programme enrolments start, complete or are taken back, given how far
    their courses are; `begun` says which have a course that was opened."""
    progress = progress_of(enrolments)
    too_late = _lapsed_before_the_last_meeting(enrolments)
    steps: dict[StudyStatus, list[int]] = defaultdict(list)
    for enrolment in enrolments:
        to = _next_status(enrolment, progress[enrolment.pk], enrolment.pk in begun)
        if to is not None and enrolment.pk not in too_late:
            steps[to].append(enrolment.pk)
    return steps


def last_attended(enrolment_ids: Collection[int]) -> Mapping[int, date | None]:
    """Return on which day the last meeting of any course of each programme was attended."""
    parts = Enrolment.objects.filter(part_of__in=enrolment_ids).order_by()
    return dict(parts.values_list("part_of").annotate(Max("last_attended_on")))


def _lapsed_before_the_last_meeting(enrolments: Sequence[Enrolment]) -> set[int]:
    """Find the lapsed programmes that can no longer be completed without an extension."""
    lapsed = [e for e in enrolments if e.status == S.TERM_LAPSED]
    attended = last_attended([e.pk for e in lapsed]) if lapsed else {}
    days = {e.pk: attended.get(e.pk) for e in lapsed}
    return {e.pk for e in lapsed if (day := days[e.pk]) is None or not e.is_within_term(day)}


def _moves_programmes(change: StudyStatusChange) -> bool:
    moved = {change.from_status, change.to_status} & (DONE | {S.STARTED})
    return change.enrolment.course_id is not None and bool(moved)


def _programmes_of(changes: Sequence[StudyStatusChange]) -> list[Enrolment]:
    """Find the programmes that the courses may move: those under way, and completed ones whose
    learner did not begin them anew."""
    stand_ins = versions.stand_ins()
    courses: set[int] = set()
    for change in changes:
        assert change.enrolment.course_id is not None, "only courses move programmes"
        courses |= versions.satisfied_by(stand_ins, change.enrolment.course_id)
    found = Enrolment.objects.filter(
        learner__in={change.enrolment.learner_id for change in changes},
        programme__programme_courses__course__in=courses,
        status__in=[S.ENROLLED, S.STARTED, S.TERM_LAPSED, S.COMPLETED],
    )
    rows = list(found.select_related("programme").distinct().order_by("pk"))
    open_now = {(e.learner_id, e.programme_id) for e in rows if e.is_open}
    return [e for e in rows if e.is_open or (e.learner_id, e.programme_id) not in open_now]


def _next_status(
    enrolment: Enrolment, progress: Progress, a_part_began: bool
) -> StudyStatus | None:
    """Say where a programme should go; one whose term lapsed, only to completed, as its last
    course can be marked after the day on which it was attended."""
    programme = enrolment.programme
    by_courses = programme is not None and programme.completed_by == CompletedBy.COURSES
    if by_courses and progress.is_complete and enrolment.is_open:
        return S.COMPLETED
    if by_courses and not progress.is_complete and enrolment.status == S.COMPLETED:
        return S.STARTED
    begins = enrolment.status == S.ENROLLED and (a_part_began or progress.done > 0)
    return S.STARTED if begins else None
