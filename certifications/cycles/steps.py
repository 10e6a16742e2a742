"""What a cycle asks, line by line: what is done and since when, what is under way, what is next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.cycles import fulfilling, whose_turn
from certifications.models import Cycle, Fulfilment, Requirement
from learners.catalogue import versions
from learners.models import Course, Enrolment, Run, StudyStatus, StudyStatusChange


@dataclass(frozen=True)
class Step:
    """A requirement, what fulfilled it, and the enrolment in which it is being done."""

    requirement: Requirement
    fulfilment: Fulfilment | None
    enrolment: Enrolment | None
    lacks_run: bool = False

    @property
    def is_done(self) -> bool:
        return self.fulfilment is not None

    @property
    def is_on_its_way(self) -> bool:
        """Whether it is completed, and others may see so only later."""
        here = self.enrolment
        return not self.is_done and here is not None and here.status == StudyStatus.COMPLETED

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be done."""
        return not self.is_done and not self.is_on_its_way

    @property
    def is_under_way(self) -> bool:
        return self.is_pending and self.enrolment is not None

    @property
    def is_begun(self) -> bool:
        """Whether its learner has started with it, other than being enrolled alone."""
        here = self.enrolment
        return self.is_pending and here is not None and here.status == StudyStatus.STARTED

    @property
    def action(self) -> str:
        """The word on whatever button leads to it."""
        return _("Continue") if self.is_begun else _("Start")

    @property
    def is_startable(self) -> bool:
        """Whether its learner can begin it or go on with it: not while its term has lapsed, nor
        while there is no run to choose."""
        return self.is_pending and not self.has_lapsed and not self.waits_for_run

    @property
    def waits_for_run(self) -> bool:
        """Whether its learner has no place, and the institution has planned no run to choose."""
        here = self.enrolment
        lacks_place = here is None or here.status == StudyStatus.RUN_CHOICE_REQUIRED
        return self.is_pending and self.lacks_run and lacks_place

    @property
    def has_lapsed(self) -> bool:
        """Whether the study term in which it is being done is over."""
        here = self.enrolment
        is_lapsed = here is not None and here.status == StudyStatus.TERM_LAPSED
        return self.is_pending and is_lapsed

    @property
    def shown_enrolment(self) -> Enrolment | None:
        """The enrolment in which it is or was done."""
        return self.enrolment or (self.fulfilment.enrolment if self.fulfilment else None)

    @property
    def published_on(self) -> date:
        at = self.requirement.subject.published_at
        return at.date() if at else date.min


def steps_of(cycle: Cycle) -> list[Step]:
    """Return the lines of a cycle, in the order of the version: five queries."""
    requirements = fulfilling.requirements_of([cycle.version_id])[cycle.version_id]
    return steps_among(cycle, requirements, cycle.fulfilments.select_related("enrolment"))


def steps_among(
    cycle: Cycle, requirements: Iterable[Requirement], done: Iterable[Fulfilment]
) -> list[Step]:
    """Return the same of what was fetched already: three queries, none where nothing is asked."""
    asked = fulfilling.asked_in(cycle, requirements)
    if not asked:
        return []
    by_requirement = {one.requirement_id: one for one in done}
    stand_ins = versions.stand_ins()
    enrolments = _enrolments(cycle, asked, stand_ins)
    planned = _planned(asked, stand_ins)
    return [
        Step(one, by_requirement.get(one.pk), _own(one, enrolments), _lacks_run(one, planned))
        for one in asked
    ]


def number_done(needed: int, steps: Sequence[Step]) -> int:
    """Return how many of what is needed are done."""
    mandatory = [step for step in steps if step.requirement.is_mandatory]
    done = sum(step.is_done for step in steps)
    mandatory_done = sum(step.is_done for step in mandatory)
    return whose_turn.counting(needed, len(mandatory), mandatory_done, done)


def newest_first(steps: Sequence[Step]) -> list[Step]:
    """Return what can be started, the latest published first, then in the version's order."""
    pending = [step for step in steps if step.is_startable]
    return sorted(pending, key=lambda step: step.published_on, reverse=True)


def _planned(
    asked: Sequence[Requirement], stand_ins: Mapping[int, frozenset[int]]
) -> frozenset[int]:
    """Return the courses of which somebody can choose a run now, also of a newer version."""
    wanted = {one.course_id for one in asked if one.course and one.course.has_meetings}
    if not wanted:
        return frozenset()
    courses = wanted | {new for new, old in stand_ins.items() if old & wanted}
    runs = Run.objects.coming(timezone.now()).filter(course__in=courses).order_by()
    found = (versions.satisfied_by(stand_ins, run) for run in runs.values_list("course", flat=True))
    return frozenset().union(*found)


def _lacks_run(requirement: Requirement, planned: Collection[int]) -> bool:
    course = requirement.course
    return course is not None and course.has_meetings and course.pk not in planned


def _enrolments(
    cycle: Cycle, asked: Sequence[Requirement], stand_ins: Mapping[int, frozenset[int]]
) -> Mapping[tuple[str, int], Enrolment]:
    """Return, for each course and programme, the enrolment that is open, or completed and waiting
    for its consequences."""
    waiting = StudyStatusChange.objects.waiting().filter(enrolment=OuterRef("pk"))
    mine = Enrolment.objects.for_user(cycle.assignment.learner).filter(archived_at=None)
    concerned = mine.open() | mine.filter(Exists(waiting), status=StudyStatus.COMPLETED)
    wanted = {one.course_id for one in asked}
    courses = wanted | {new for new, old in stand_ins.items() if old & wanted}
    programmes = [one.programme_id for one in asked if one.programme_id]
    found: dict[tuple[str, int], Enrolment] = {}
    for row in concerned.filter(Q(course__in=courses) | Q(programme__in=programmes)):
        if row.programme_id is not None:
            found["programme", row.programme_id] = row
        for pk in versions.satisfied_by(stand_ins, row.course_id):
            found["course", pk] = row
    return found


def _own(
    requirement: Requirement, enrolments: Mapping[tuple[str, int], Enrolment]
) -> Enrolment | None:
    if requirement.course_id is not None:
        return enrolments.get(("course", requirement.course_id))
    return enrolments.get(("programme", requirement.programme_id or 0))


def offered(course: Course) -> Course | None:
    """Return the course, or the newer version that stands in for it, that is on offer now."""
    seen = {course.pk}
    while course.archived_at or not course.published_at:
        newer = course.newer_versions.published().select_related("organisation").first()
        if newer is None or newer.pk in seen:
            return None
        seen.add(newer.pk)
        course = newer
    return course
