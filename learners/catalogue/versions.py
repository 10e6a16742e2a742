"""Courses that stand in for older ones: completing the new one satisfies what asked for the old."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import BigIntegerField, BooleanField, QuerySet, Value

from learners.models import Course, ProgrammeCourse


def stand_ins() -> Mapping[int, frozenset[int]]:
    """Return, for each newer course, itself and all the older ones that it satisfies: one query.

    Versions form chains: the third satisfies what asked for the first. A circle, which nobody
    should make, ends where it began.
    """
    return _chains(dict(_newer().values_list("pk", "new_version_of")))


@dataclass(frozen=True)
class Asks:
    """Which courses are in programmes, which of them completing those needs, and which courses
    stand in for which."""

    stand_ins: Mapping[int, frozenset[int]]
    courses: Mapping[int, set[int]]
    needed: Mapping[int, set[int]]

    def counting_for(self, programme_id: int | None) -> set[int]:
        """Return which courses count for completing a programme: those of its own that it needs,
        and those that stand in for one."""
        own = self.needed.get(programme_id or 0, set())
        return own | {new for new, older in self.stand_ins.items() if older & own}


def asks_of(programme_ids: Collection[int | None]) -> Asks:
    """Return what each of these programmes asks, and the `stand_ins()`: one query for both."""
    nothing = Value(None, output_field=BigIntegerField())
    neither = Value(False, output_field=BooleanField())
    newer = _newer().values_list("pk", "new_version_of", nothing, neither)
    parts = ProgrammeCourse.objects.filter(programme__in=programme_ids).order_by()
    older: dict[int, int | None] = {}
    courses: dict[int, set[int]] = defaultdict(set)
    needed: dict[int, set[int]] = defaultdict(set)
    for course, before, programme, is_needed in newer.union(
        parts.values_list("course_id", nothing, "programme_id", "is_needed"), all=True
    ):
        if programme is None:
            older[course] = before
        else:
            courses[programme].add(course)
            if is_needed:
                needed[programme].add(course)
    return Asks(_chains(older), courses, needed)


def _newer() -> QuerySet[Course]:
    return Course.objects.filter(new_version_of__isnull=False).order_by()


def satisfied_by(courses: Mapping[int, frozenset[int]], course: int | None) -> frozenset[int]:
    """Return what completing this course satisfies, given the `stand_ins()`."""
    return courses.get(course, frozenset({course})) if course is not None else frozenset()


def courses_counting_for(programme_ids: Collection[int | None]) -> defaultdict[int, set[int]]:
    """Return which courses count for completing each programme: those that it needs, and those that
    stand in for one; one query."""
    asks = asks_of(programme_ids)
    counting: defaultdict[int, set[int]] = defaultdict(set)
    counting.update((programme, asks.counting_for(programme)) for programme in asks.needed)
    return counting


def _chains(older: Mapping[int, int | None]) -> Mapping[int, frozenset[int]]:
    return {course: frozenset(_chain(course, older)) for course in older}


def _chain(course: int, older: Mapping[int, int | None]) -> list[int]:
    chain = [course]
    while (before := older.get(chain[-1])) is not None and before not in chain:
        chain.append(before)
    return chain
