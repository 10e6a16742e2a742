"""The day on which something was achieved, whatever day the outbox is drained."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from learners import outbox, places, versions
from learners.models import (
    CompletedBy,
    Enrolment,
    Organisation,
    ProgrammeCourse,
    Run,
    StudyStatusChange,
)


def day_of(change: StudyStatusChange, run: Run | None, organisation: Organisation) -> date:
    """Return the day on which a course was achieved, where the institution is: the last meeting's,
    or earlier when it was issued by hand; without meetings the day of the change itself."""
    last_day = run.last_day(organisation) if run else None
    if last_day is None:
        return timezone.localdate(change.at, organisation.tz)
    return min(last_day, timezone.localdate(change.due_at or change.at, organisation.tz))


def achieved_days(
    changes: Sequence[StudyStatusChange], run_of: Mapping[int, Run]
) -> dict[int, date]:
    """Return the day for each of these completions, by enrolment, in at most five queries."""
    days = {
        change.enrolment_id: day_of(
            change, run_of.get(change.enrolment_id), change.enrolment.organisation
        )
        for change in changes
    }
    by_courses = [
        change.enrolment
        for change in changes
        if change.enrolment.programme
        and change.enrolment.programme.completed_by == CompletedBy.COURSES
    ]
    return days | _days_of_last_course(by_courses)


def _days_of_last_course(programmes: Sequence[Enrolment]) -> dict[int, date]:
    """A programme was achieved with the last of its courses; each counts from when it was first
    done, in whichever enrolment or newer version that was."""
    if not programmes:
        return {}
    asked = ProgrammeCourse.objects.filter(programme__in={e.programme_id for e in programmes})
    courses_of: defaultdict[int | None, set[int]] = defaultdict(set)
    for programme, course in asked.values_list("programme_id", "course_id"):
        courses_of[programme].add(course)
    first = _first_done({enrolment.learner_id for enrolment in programmes})
    days = {}
    for enrolment in programmes:
        asked_of_it = courses_of[enrolment.programme_id]
        done = [first[key] for c in asked_of_it if (key := (enrolment.learner_id, c)) in first]
        if done:
            days[enrolment.pk] = max(done)
    return days


def _first_done(learners: set[int]) -> dict[tuple[int, int], date]:
    """Return when each learner was first done with each course, and with those it stands in for."""
    stand_ins = versions.stand_ins()
    done = list(
        Enrolment.objects.done()
        .filter(learner__in=learners, course__isnull=False)
        .select_related("course__organisation")
    )
    newest = outbox.newest_changes([enrolment.pk for enrolment in done])
    run_of = places.runs_of(done)
    first: dict[tuple[int, int], date] = {}
    for enrolment in done:
        if enrolment.course_id is None or enrolment.pk not in newest:
            continue
        day = day_of(newest[enrolment.pk], run_of.get(enrolment.pk), enrolment.organisation)
        for course in versions.satisfied_by(stand_ins, enrolment.course_id):
            key = (enrolment.learner_id, course)
            first[key] = min(day, first.get(key, day))
    return first
