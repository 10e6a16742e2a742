"""Courses that stand in for older ones: completing the new one satisfies what asked for the old."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from learners.models import Course, ProgrammeCourse


def stand_ins() -> Mapping[int, frozenset[int]]:
    """Return, for each newer course, itself and all the older ones that it satisfies: one query.

    Versions form chains: the third satisfies what asked for the first. A circle, which nobody
    should make, ends where it began.
    """
    newer = Course.objects.filter(new_version_of__isnull=False).order_by()
    older = dict(newer.values_list("pk", "new_version_of"))
    return {course: frozenset(_chain(course, older)) for course in older}


def satisfied_by(courses: Mapping[int, frozenset[int]], course: int | None) -> frozenset[int]:
    """Return what completing this course satisfies, given the `stand_ins()`."""
    return courses.get(course, frozenset({course})) if course is not None else frozenset()


def courses_counting_for(programme_ids: Collection[int | None]) -> defaultdict[int, set[int]]:
    """Return which courses count for each programme: its own, and those that stand in for one."""
    newer = stand_ins()
    counting: defaultdict[int, set[int]] = defaultdict(set)
    asked = ProgrammeCourse.objects.filter(programme__in=programme_ids)
    for programme, course in asked.values_list("programme_id", "course_id"):
        counting[programme] |= {course, *(new for new, old in newer.items() if course in old)}
    return counting


def _chain(course: int, older: Mapping[int, int | None]) -> list[int]:
    chain = [course]
    while (before := older.get(chain[-1])) is not None and before not in chain:
        chain.append(before)
    return chain
