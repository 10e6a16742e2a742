"""What a programme asks as it is defined now: themes, and in them assignments and courses in their
order, with the total of XP. One reading for the administration's page, the file and the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from exams.models import Assignment, AssignmentVersion, Theme, ThemeCourse
from learners.models import Programme


@dataclass(frozen=True)
class Defined:
    """An assignment with its versions, the newest first."""

    assignment: Assignment
    versions: Sequence[AssignmentVersion]

    @cached_property
    def published(self) -> AssignmentVersion | None:
        """The newest that was published."""
        return next((one for one in self.versions if one.is_frozen), None)

    @cached_property
    def draft(self) -> AssignmentVersion | None:
        """The one that is being made."""
        return next((one for one in self.versions if not one.is_frozen), None)

    @property
    def said(self) -> AssignmentVersion | None:
        """What it asks now, or will where nothing was published yet."""
        return self.published or self.draft

    @property
    def position(self) -> int:
        return self.assignment.position

    @property
    def xp(self) -> int:
        """XP that somebody who enrols now can earn with it."""
        is_asked = self.published is not None and not self.assignment.archived_at
        return self.published.xp if is_asked and self.published else 0


@dataclass(frozen=True)
class InTheme:
    """A theme with its assignments and courses, each in their order."""

    theme: Theme
    assignments: Sequence[Defined]
    courses: Sequence[ThemeCourse]

    @cached_property
    def in_order(self) -> list[Defined | ThemeCourse]:
        """Assignments and courses among each other, as their positions say."""
        both: list[Defined | ThemeCourse] = [*self.assignments, *self.courses]
        return sorted(both, key=_place)


@dataclass(frozen=True)
class Outline:
    """All that a programme asks beside its other courses."""

    programme: Programme
    themes: Sequence[InTheme]

    @cached_property
    def assignments(self) -> list[Defined]:
        """Every assignment, put aside or not, in the order of the programme."""
        return [one for each in self.themes for one in each.assignments]

    @cached_property
    def total_xp(self) -> int:
        """XP that somebody who enrols now can earn."""
        return sum(one.xp for one in self.assignments)


def of(programme: Programme) -> Outline:
    """Return what a programme asks, in four queries."""
    assignments = Assignment.objects.order_by("position", "pk").prefetch_related("versions")
    courses = ThemeCourse.objects.select_related("programme_course__course")
    themes = Theme.objects.filter(programme=programme).order_by("position", "pk")
    rows = themes.prefetch_related(
        Prefetch("assignments", queryset=assignments), Prefetch("theme_courses", queryset=courses)
    )
    return Outline(programme, [_in_theme(theme) for theme in rows])


def _in_theme(theme: Theme) -> InTheme:
    defined = [Defined(one, list(one.versions.all())) for one in theme.assignments.all()]
    return InTheme(theme, defined, list(theme.theme_courses.all()))


def _place(one: Defined | ThemeCourse) -> tuple[int, bool, int]:
    if isinstance(one, ThemeCourse):
        return one.position, True, one.pk
    return one.position, False, one.assignment.pk
