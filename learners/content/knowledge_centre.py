"""The knowledge centre of a course: who may read its materials, and what opening one does.

Source: the study rules. Content closes when the term is over, which follows from its last day, not
from a job, and with the subscription that a programme asks; opening the content starts an
e-learning, opening the knowledge centre a classroom course.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from learners.hooks.file_uses import named_in
from learners.models import (
    WITHDRAWN,
    Actor,
    Course,
    Enrolment,
    Lesson,
    Material,
    Run,
    StudyStatus,
    User,
)
from learners.studying import reopening
from learners.studying.study_status import change_status

CLOSED_FOR = WITHDRAWN | {StudyStatus.TERM_LAPSED, StudyStatus.CANCELLED, StudyStatus.EXEMPT}
RELATED = ("course__organisation", "part_of__programme__organisation")
STARTED_BY_OPENING = frozenset({StudyStatus.ENROLLED, StudyStatus.NOT_STARTED})


def is_open(enrolment: Enrolment, today: date) -> bool:
    """Whether this learner may read the materials on this day, the institution's. What is followed
    through a programme closes with the subscription that the programme asks."""
    return is_open_as_it_stands(enrolment, today) and not reopening.lacks_subscription(enrolment)


def is_open_as_it_stands(enrolment: Enrolment, today: date) -> bool:
    """Whether its study status and its term let this learner read the materials on this day."""
    if enrolment.status in CLOSED_FOR or enrolment.archived_at is not None:
        return False
    return enrolment.is_within_term(today)


def courses_open_to(user: User) -> list[int]:
    """Return the courses whose materials somebody may read as a learner: one query, two where one
    is followed through a programme that asks a subscription."""
    mine = Enrolment.objects.for_user(user).filter(course__isnull=False)
    found = [
        enrolment
        for enrolment in mine.select_related(*RELATED)
        if is_open_as_it_stands(enrolment, enrolment.organisation.today())
    ]
    closed = reopening.lacking(user, found)
    return [one.subject.pk for one in found if one.pk not in closed]


def courses_made_by(user: User) -> QuerySet[Course]:
    """Keep the courses whose content somebody looks at without following them: teachers that of
    their runs, administrators all."""
    if user.is_staff:
        return Course.objects.all()
    return Course.objects.filter(pk__in=Run.objects.taught_by(user).values("course"))


def courses_read_by(user: User) -> QuerySet[Course]:
    """Keep the courses whose content somebody may read: those they follow, and look after."""
    if user.is_staff:
        return courses_made_by(user)
    taught = Run.objects.taught_by(user).values("course")
    return Course.objects.filter(Q(pk__in=courses_open_to(user)) | Q(pk__in=taught))


def materials_for(user: User) -> QuerySet[Material]:
    """Keep what somebody may read: of courses that they follow or teach; administrators all."""
    return Material.objects.filter(course__in=courses_read_by(user))


def content_read_by(user: User) -> Q:
    """Keep the files of materials and lessons that somebody may read."""
    courses = courses_read_by(user)
    lessons = Lesson.objects.shown().filter(course__in=courses)
    materials = named_in(Material.objects.filter(course__in=courses), "file")
    return materials | named_in(lessons, "file", "captions_nl", "captions_en")


@transaction.atomic
def open_material(*, material: Material, by: User) -> None:
    """Note that a learner opened a material: it starts the course where that had not begun. Opened
    again, or by a teacher, it changes nothing."""
    enrolments = Enrolment.objects.for_user(by).filter(
        course=material.course_id, status__in=STARTED_BY_OPENING
    )
    for enrolment in enrolments.select_related("learner", *RELATED):
        if is_open(enrolment, enrolment.organisation.today()):
            begin(enrolment=enrolment)


@transaction.atomic
def begin(*, enrolment: Enrolment, at: datetime | None = None) -> None:
    """Start a course whose content was opened. Looks again under the lock: what was finished in
    another window meanwhile is not taken back."""
    fresh = Enrolment.objects.select_for_update().filter(
        pk=enrolment.pk, status__in=STARTED_BY_OPENING
    )
    if fresh.exists():
        change_status(
            enrolment=enrolment, to=StudyStatus.STARTED, by=None, actor=Actor.SYSTEM, at=at
        )
    else:
        enrolment.refresh_from_db(fields=["status", "term_ends_on"])
