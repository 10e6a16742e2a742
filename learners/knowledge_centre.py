"""The knowledge centre of a course: who may read its materials, and what opening one does.

Source: the study rules. Content closes when the term is over, which follows from its last day, not
from a job; opening the content starts an e-learning, opening the knowledge centre a classroom
course.
"""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from learners.models import (
    WITHDRAWN,
    Actor,
    Enrolment,
    Material,
    Run,
    ScanState,
    StoredFile,
    StudyStatus,
    User,
)
from learners.study_status import change_status

CLOSED_FOR = WITHDRAWN | {StudyStatus.TERM_LAPSED, StudyStatus.CANCELLED, StudyStatus.EXEMPT}
STARTED_BY_OPENING = frozenset({StudyStatus.ENROLLED, StudyStatus.NOT_STARTED})


def is_open(enrolment: Enrolment, today: date) -> bool:
    """Whether this learner may read the materials on this day, the institution's."""
    if enrolment.status in CLOSED_FOR or enrolment.archived_at is not None:
        return False
    return enrolment.is_within_term(today)


def courses_open_to(user: User) -> list[int]:
    """Return the courses whose materials somebody may read as a learner: one query."""
    mine = Enrolment.objects.for_user(user).filter(course__isnull=False)
    return [
        enrolment.subject.pk
        for enrolment in mine.select_related("course__organisation")
        if enrolment.course_id and is_open(enrolment, enrolment.organisation.today())
    ]


def materials_for(user: User) -> QuerySet[Material]:
    """Keep what somebody may read: of courses that they follow or teach; administrators all."""
    if user.is_staff:
        return Material.objects.all()
    taught = Run.objects.taught_by(user).values("course")
    return Material.objects.filter(Q(course__in=courses_open_to(user)) | Q(course__in=taught))


def files_for(user: User) -> QuerySet[StoredFile]:
    """Keep the files that somebody may fetch: their own, and those of materials they may read."""
    clean = StoredFile.objects.exclude(scan_state=ScanState.INFECTED)
    if user.is_staff:
        return clean
    return clean.filter(
        Q(owner=user) | Q(pk__in=materials_for(user).filter(file__isnull=False).values("file"))
    )


def first_material(enrolment: Enrolment) -> Material | None:
    """Return where somebody begins an e-learning that is open to them."""
    course = enrolment.course
    if course is None or course.has_meetings:
        return None
    is_open_now = is_open(enrolment, enrolment.organisation.today())
    return course.materials.first() if is_open_now else None


@transaction.atomic
def open_material(*, material: Material, by: User) -> None:
    """Note that a learner opened a material: it starts the course where that had not begun. Opened
    again, or by a teacher, it changes nothing."""
    enrolment = Enrolment.objects.for_user(by).filter(
        course=material.course_id, status__in=STARTED_BY_OPENING
    )
    for each in enrolment.select_related("course__organisation"):
        if is_open(each, each.organisation.today()):
            change_status(enrolment=each, to=StudyStatus.STARTED, by=None, actor=Actor.SYSTEM)
