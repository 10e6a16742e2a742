"""Following the lessons of a course: what may be opened, how far somebody is, and when it is done.

Source: the study rules. Opening a lesson starts the course; finishing the last one completes an
e-learning by the one status function, from which the certificate follows. A course with meetings is
completed by its teacher, whatever was read. What was completed stays so when a lesson is added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from learners.content import knowledge_centre
from learners.models import (
    Actor,
    Course,
    Enrolment,
    Lesson,
    LessonKind,
    LessonProgress,
    StudyStatus,
    User,
)
from learners.models.content import LessonQuerySet
from learners.models.enrolment import EnrolmentQuerySet
from learners.studying.study_status import change_status

COMPLETED_BY_LESSONS = frozenset(
    {StudyStatus.ENROLLED, StudyStatus.NOT_STARTED, StudyStatus.STARTED}
)


class LessonsClosed(Exception):
    """The content of this course is not open to this learner now."""


@dataclass(frozen=True)
class Step:
    """A lesson in the contents, and how far its learner is in it."""

    lesson: Lesson
    progress: LessonProgress | None = None

    @property
    def is_done(self) -> bool:
        return self.progress is not None and self.progress.completed_at is not None


@dataclass(frozen=True)
class Contents:
    """The lessons of a course in order, with how far somebody is."""

    steps: Sequence[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def is_done(self) -> bool:
        """Whether all are finished; a course without lessons is never done by them."""
        return 0 < self.total == self.done

    @property
    def minutes(self) -> int:
        """How long the lessons take together, as far as that is known."""
        return sum(step.lesson.minutes or 0 for step in self.steps)

    @property
    def to_do(self) -> Lesson | None:
        """Where somebody goes on: the first lesson not finished, or the first of all."""
        unfinished = (step.lesson for step in self.steps if not step.is_done)
        return next(unfinished, self.steps[0].lesson if self.steps else None)

    def step_of(self, lesson: Lesson) -> Step | None:
        return next((step for step in self.steps if step.lesson == lesson), None)

    def number_of(self, lesson: Lesson) -> int:
        """Return the how manieth lesson this is."""
        return next(n for n, step in enumerate(self.steps, 1) if step.lesson == lesson)

    def before(self, lesson: Lesson) -> Lesson | None:
        number = self.number_of(lesson)
        return self.steps[number - 2].lesson if number > 1 else None

    def after(self, lesson: Lesson) -> Lesson | None:
        number = self.number_of(lesson)
        return self.steps[number].lesson if number < self.total else None

    def to_do_after(self, lesson: Lesson) -> Lesson | None:
        """Return the next lesson not finished, else one before it; None where all are done."""
        number = self.number_of(lesson)
        others = [*self.steps[number:], *self.steps[: number - 1]]
        return next((step.lesson for step in others if not step.is_done), None)


def enrolments_for(user: User) -> EnrolmentQuerySet:
    """Keep the courses that somebody follows themselves."""
    mine = Enrolment.objects.for_user(user).filter(course__isnull=False)
    return mine.select_related("learner", *knowledge_centre.RELATED)


def lessons_of(course: Course) -> LessonQuerySet:
    """Keep what a course has today, with the files of each lesson."""
    lessons = Lesson.objects.shown().filter(course=course)
    return lessons.select_related("file", "captions_nl", "captions_en")


def lessons_made_by(user: User) -> LessonQuerySet:
    """Keep the lessons that somebody looks at without following the course."""
    mine = Lesson.objects.filter(course__in=knowledge_centre.courses_made_by(user))
    return mine.select_related("course", "file", "captions_nl", "captions_en")


def is_open(enrolment: Enrolment) -> bool:
    """Whether this learner may read the lessons today: as long as the knowledge centre is open,
    which is also after completing the course, until the term ends."""
    return knowledge_centre.is_open(enrolment, enrolment.organisation.today())


def contents_of(course: Course, enrolment: Enrolment | None = None) -> Contents:
    """Return the lessons of a course, without their texts, and how far its learner is: one
    query."""
    lessons = Lesson.objects.shown().filter(course=course).defer("body_nl", "body_en")
    if enrolment is None:
        return Contents([Step(lesson) for lesson in lessons])
    theirs = FilteredRelation("progress", condition=Q(progress__enrolment=enrolment))
    found = lessons.annotate(mine=theirs).select_related("mine")  # type: ignore[misc]
    return Contents([Step(lesson, getattr(lesson, "mine", None)) for lesson in found])


def open_lesson(
    *,
    enrolment: Enrolment,
    lesson: Lesson,
    by: User,
    at: datetime | None = None,
    contents: Contents | None = None,
) -> LessonProgress:
    """Note that a learner opened a lesson, which starts the course where it had not begun, and
    return how far they are in it. Raises `LessonsClosed`.

    `contents` are those of the course, where they were fetched already.
    """
    _refuse_unless_theirs(enrolment, lesson, by)
    step = (contents or contents_of(lesson.course, enrolment)).step_of(lesson)
    row = step.progress if step else None
    if row and enrolment.status not in knowledge_centre.STARTED_BY_OPENING:
        return row
    with transaction.atomic():
        knowledge_centre.begin(enrolment=enrolment, at=at)
        return _row(enrolment, lesson, at)


@transaction.atomic
def finish_lesson(
    *, enrolment: Enrolment, lesson: Lesson, by: User, at: datetime | None = None
) -> LessonProgress:
    """Finish a lesson; the last one completes an e-learning. Done twice, it is done once, and
    completes a course whose last lesson was taken away meanwhile. Raises `LessonsClosed`.

    The enrolment is locked first: of two windows that finish the last two lessons at once, the
    second one sees what the first did.
    """
    _refuse_unless_theirs(enrolment, lesson, by)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    knowledge_centre.begin(enrolment=enrolment, at=at)
    row = _row(enrolment, lesson, at)
    if row.completed_at is None:
        row.completed_at = max(row.opened_at, at or timezone.now())
        row.save(update_fields=["completed_at"])
    _complete(enrolment, at)
    return row


def keep_position(*, enrolment: Enrolment, lesson: Lesson, by: User, seconds: int) -> None:
    """Keep where a video goes on, in whole seconds from its begin. Raises `LessonsClosed`."""
    _refuse_unless_theirs(enrolment, lesson, by)
    assert lesson.kind == LessonKind.VIDEO, "only a video has a position"
    rows = LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson)
    rows.update(position=seconds)


def _refuse_unless_theirs(enrolment: Enrolment, lesson: Lesson, by: User) -> None:
    assert enrolment.learner_id == by.pk, "a learner follows their own course"
    assert enrolment.course_id == lesson.course_id, "a lesson of the course"
    if not is_open(enrolment):
        raise LessonsClosed


def _row(enrolment: Enrolment, lesson: Lesson, at: datetime | None) -> LessonProgress:
    opened = {"opened_at": at or timezone.now()}
    row, _made = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults=opened
    )
    return row


def _complete(enrolment: Enrolment, at: datetime | None) -> None:
    """Complete an e-learning of which all lessons are finished."""
    course = enrolment.course
    assert course is not None, "programmes have no lessons"
    if course.has_meetings or enrolment.status not in COMPLETED_BY_LESSONS:
        return
    if contents_of(course, enrolment).is_done:
        change_status(
            enrolment=enrolment, to=StudyStatus.COMPLETED, by=None, actor=Actor.SYSTEM, at=at
        )
