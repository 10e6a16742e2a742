"""The day on which something was achieved, whatever day the outbox is drained."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from learners.models import (
    CompletedBy,
    ProgrammeCourse,
    Run,
    StudyStatusChange,
)
from learners.studying import days_achieved


def achieved_days(
    changes: Sequence[StudyStatusChange], run_of: Mapping[int, Run]
) -> dict[int, date]:
    """Return the day for each of these completions, by enrolment, in at most five queries."""
    days = {
        change.enrolment_id: days_achieved.day_of(
            change, run_of.get(change.enrolment_id), change.enrolment.organisation
        )
        for change in changes
    }
    by_courses = [
        change
        for change in changes
        if change.counts_from is None
        and change.enrolment.programme
        and change.enrolment.programme.completed_by == CompletedBy.COURSES
    ]
    return days | _days_of_last_course(by_courses)


def _days_of_last_course(programmes: Sequence[StudyStatusChange]) -> dict[int, date]:
    """A programme was achieved with the last of the courses that it needs; each counts from when it
    was first done, in whichever enrolment or newer version that was, as far as results of then
    count. What was done afterwards, of a course that was added to it, makes no difference."""
    if not programmes:
        return {}
    asked = ProgrammeCourse.objects.filter(
        programme__in={change.enrolment.programme_id for change in programmes}, is_needed=True
    )
    courses_of: defaultdict[int | None, set[int]] = defaultdict(set)
    for programme, course in asked.values_list("programme_id", "course_id"):
        courses_of[programme].add(course)
    days_of = days_achieved.done_days({change.enrolment.learner_id for change in programmes})
    days = {}
    for change in programmes:
        whole = change.enrolment
        until = whole.organisation.day_of(change.due_at or change.at)
        each = [days_of.get((whole.learner_id, c), ()) for c in courses_of[whole.programme_id]]
        counting = (days_achieved.first_between(one, whole.results_from, until) for one in each)
        if done := [day for day in counting if day is not None]:
            days[whole.pk] = max(done)
    return days
