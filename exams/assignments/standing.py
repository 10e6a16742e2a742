"""Where people stand in the assignments of their programmes: what is asked of each, what they made
of it, and their XP. One reading for the learner's page, the coach's and every rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from exams.assignments import made
from exams.defining.applying import version_for
from exams.models import (
    Assignment,
    AssignmentVersion,
    ExamPlan,
    Theme,
    ThemeCourse,
    Work,
    WorkState,
)
from learners.models import Enrolment

TEXTS = ("task_nl", "task_en", "expected_nl", "expected_en")
IN_ORDER = (
    "assignment__theme__position",
    "assignment__theme",
    "assignment__position",
    "assignment",
    "number",
)


@dataclass(frozen=True)
class Asked:
    """An assignment as it is asked of somebody, and what they made of it so far."""

    assignment: Assignment
    version: AssignmentVersion
    work: Work | None
    earned: int | None = None  # XP; None where none was earned yet

    @property
    def state(self) -> WorkState:
        return WorkState(self.work.state) if self.work else WorkState.TO_DO

    @property
    def is_exempt(self) -> bool:
        return self.state == WorkState.EXEMPT

    @property
    def is_put_aside(self) -> bool:
        """Whether it was put aside before its learner handed anything in."""
        return bool(self.assignment.archived_at) and not (self.work and self.work.number)

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is asked of its learner."""
        return self.work is not None and self.work.is_finished

    @property
    def waits_since(self) -> datetime | None:
        """Since when a coach has it; None where none has."""
        return self.work.waits_since if self.work else None

    @property
    def xp(self) -> int:
        """What it gives: what was earned with it, or what it will give, which is what the version
        gives that was handed in first."""
        if self.earned is not None:
            return self.earned
        first: int | None = getattr(self.work, "first_xp", None)
        return self.version.xp if first is None else first


@dataclass(frozen=True)
class InTheme:
    """A theme as it is asked of somebody: its assignments and courses in their order."""

    theme: Theme
    assignments: Sequence[Asked]
    courses: Sequence[ThemeCourse]

    @cached_property
    def in_order(self) -> list[Asked | ThemeCourse]:
        """Assignments and courses among each other, as their positions say."""
        both: list[Asked | ThemeCourse] = [*self.assignments, *self.courses]
        return sorted(both, key=_position)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in the assignments of a programme."""

    enrolment: Enrolment
    themes: Sequence[InTheme] = ()
    plan: ExamPlan | None = field(default=None)

    @cached_property
    def asked(self) -> list[Asked]:
        """All assignments that are asked, in the order of the programme."""
        return [one for each in self.themes for one in each.assignments]

    @cached_property
    def counting(self) -> list[Asked]:
        """Those of which nobody is exempt."""
        return [one for one in self.asked if not one.is_exempt]

    @cached_property
    def earned(self) -> int:
        """XP that was earned; an exempt assignment gives none."""
        return sum(one.earned or 0 for one in self.counting)

    @cached_property
    def total(self) -> int:
        """XP that can be earned, with what was earned."""
        return sum(one.xp for one in self.counting)

    @cached_property
    def needed(self) -> int:
        """XP from which the exam is in reach: that of the plan, lowered by exemptions in proportion
        and rounded in the learner's favour, and never more than there is."""
        whole = sum(one.xp for one in self.asked)
        planned = self.plan.needed_xp if self.plan else 0
        return min(planned * self.total // whole, self.total) if whole else 0

    @property
    def is_in_reach(self) -> bool:
        """Whether there are enough XP for the exam."""
        return self.earned >= self.needed

    @property
    def lacking(self) -> int:
        """How many XP are lacking for the exam."""
        return max(0, self.needed - self.earned)

    @cached_property
    def handed_in(self) -> int:
        """How many assignments were handed in."""
        return sum(1 for one in self.counting if one.work and one.work.number)

    @cached_property
    def finished(self) -> int:
        """How many assignments are finished, of those that count."""
        return sum(1 for one in self.counting if one.is_finished)

    @property
    def longest_waiting(self) -> Asked | None:
        """What a coach has had longest."""
        waits = [(one.waits_since, n, one) for n, one in enumerate(self.asked) if one.waits_since]
        return min(waits)[2] if waits else None

    def asked_of(self, assignment: int) -> Asked | None:
        """Return one assignment as it is asked here, by its key."""
        return next((one for one in self.asked if one.assignment.pk == assignment), None)

    def next_after(self, assignment: int | None = None) -> Asked | None:
        """Return what the learner could do now: what was sent back first, then what is to do."""
        others = [one for one in self.asked if one.assignment.pk != assignment]
        for state in (WorkState.SENT_BACK, WorkState.TO_DO):
            found = next((one for one in others if one.state == state), None)
            if found:
                return found
        return None


def of(enrolment: Enrolment) -> Standing:
    """Return where somebody stands in a programme, in as many queries as for many."""
    return of_many([enrolment])[enrolment.pk]


def of_many(enrolments: Sequence[Enrolment]) -> dict[int, Standing]:
    """Return where each of these stands, by enrolment, in four queries for any number of them; in
    one where none of their programmes has assignments. What an assignment asks in full is left out;
    it is fetched where it is shown."""
    found = briefly(enrolments)
    if not any(one.themes for one in found.values()):
        return found
    programmes = {e.programme_id for e in enrolments if e.programme_id}
    courses: dict[Theme, list[ThemeCourse]] = defaultdict(list)
    rows = ThemeCourse.objects.filter(theme__programme__in=programmes)
    for row in rows.select_related("theme", "programme_course__course").order_by("position", "pk"):
        courses[row.theme].append(row)
    plans = {plan.programme_id: plan for plan in ExamPlan.objects.filter(programme__in=programmes)}
    return {
        pk: replace(
            one,
            themes=_with_courses(one, courses),
            plan=plans.get(one.enrolment.programme_id or 0),
        )
        for pk, one in found.items()
    }


def _with_courses(
    standing: Standing, courses: Mapping[Theme, Sequence[ThemeCourse]]
) -> list[InTheme]:
    """Return the themes of somebody with their courses, also those that have nothing else."""
    asked = {each.theme: each.assignments for each in standing.themes}
    here = [one for one in courses if one.programme_id == standing.enrolment.programme_id]
    every = sorted({*asked, *here}, key=lambda theme: (theme.position, theme.pk))
    return [InTheme(one, asked.get(one, ()), courses.get(one, ())) for one in every]


def without_courses(enrolments: Sequence[Enrolment]) -> dict[int, Standing]:
    """Return where each of these stands, by enrolment, without courses; of enrolments that were
    fetched with the plan of their programme, in the queries of `briefly`."""
    return {
        pk: replace(one, plan=getattr(one.enrolment.programme, "exam_plan", None))
        for pk, one in briefly(enrolments).items()
    }


def briefly(enrolments: Sequence[Enrolment]) -> dict[int, Standing]:
    """Return where each of these stands in assignments alone, by enrolment: without courses and the
    plan; two queries for any number of them, one where nothing is asked."""
    themes = _themes({e.programme_id for e in enrolments if e.programme_id})
    works: dict[int, dict[int, Work]] = defaultdict(dict)
    known = {one.pk: one for one in enrolments}
    asked = [one for every in themes.values() for each in every.values() for one in each]
    for work in made.works_of(enrolments, asked) if themes else ():
        work.enrolment = known[work.enrolment_id]
        works[work.enrolment_id][work.assignment_id] = work
    return {
        e.pk: Standing(
            e,
            [
                InTheme(theme, _asked_of(each, e, works[e.pk]), ())
                for theme, each in themes.get(e.programme_id or 0, {}).items()
            ],
        )
        for e in enrolments
    }


def _themes(programmes: Iterable[int]) -> dict[int, dict[Theme, list[Assignment]]]:
    """Return the assignments of these programmes by theme, in order, in one query."""
    rows = AssignmentVersion.objects.published().filter(assignment__programme__in=programmes)
    rows = rows.select_related("assignment__theme").defer(*TEXTS)
    found: dict[int, dict[Theme, list[Assignment]]] = defaultdict(dict)
    known: dict[int, Assignment] = {}
    for version in rows.order_by(*IN_ORDER):
        one = known.setdefault(version.assignment_id, version.assignment)
        if one is version.assignment:
            one.published = []  # type: ignore[attr-defined]
            found[one.programme_id].setdefault(one.theme, []).append(one)
        one.published.append(version)  # type: ignore[attr-defined]
    return found


def _asked_of(
    assignments: Iterable[Assignment], enrolment: Enrolment, works: dict[int, Work]
) -> list[Asked]:
    rows = (_asked(one, enrolment, works.get(one.pk)) for one in assignments)
    return [row for row in rows if row]


def _asked(assignment: Assignment, enrolment: Enrolment, work: Work | None) -> Asked | None:
    """Return an assignment as it is asked of somebody; None where it is not."""
    has_handed_in = work is not None and work.number > 0
    if assignment.archived_at and not has_handed_in:
        return None
    published: list[AssignmentVersion] = assignment.published  # type: ignore[attr-defined]
    version = version_for(published, enrolled_at=enrolment.created_at, work=work)
    if version is None:
        return None
    return Asked(assignment, version, work, getattr(work, "earned", None))


def _position(one: Asked | ThemeCourse) -> tuple[int, bool, int]:
    if isinstance(one, ThemeCourse):
        return one.position, True, one.pk
    return one.assignment.position, False, one.assignment.pk
