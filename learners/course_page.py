"""What the ground floor puts on the page of a course that somebody follows."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from learners import knowledge_centre, player
from learners.models import (
    Actor,
    Enrolment,
    Material,
    PointsOn,
    StudyPointAccount,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.sections import Section


@dataclass(frozen=True)
class Points:
    """An account of study points, and what the course's maximum cut from it."""

    total: int
    maximum: int | None
    earned: int
    entries: list[StudyPointEntry]
    offered: int = 0
    is_per_meeting: bool = False

    @property
    def cut(self) -> int:
        return self.earned - self.total


@dataclass(frozen=True)
class Step:
    """One step of the history: to what, by whom in words, and why."""

    change: StudyStatusChange
    who: str


def course_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer the lessons, the knowledge centre, the study points and the history of a course."""
    offered = (
        _lessons(enrolment),
        _materials(enrolment),
        _points(enrolment),
        _history(user, enrolment),
    )
    return [section for section in offered if section is not None]


def points_of(enrolment: Enrolment) -> Points | None:
    """Return what a learner has of this course's points; None where it gives none."""
    course = enrolment.course
    assert course is not None, "a course's page"
    account = StudyPointAccount.objects.filter(learner=enrolment.learner_id, course=course).first()
    if account is None and not course.study_points:
        return None
    entries = list(account.entries.order_by("-at", "-pk")) if account else []
    return Points(
        total=account.total if account else 0,
        maximum=course.maximum_study_points,
        earned=sum(entry.points for entry in entries),
        entries=entries,
        offered=course.study_points if enrolment.is_open else 0,
        is_per_meeting=course.points_on == PointsOn.MEETING,
    )


def history_of(user: User, enrolment: Enrolment) -> list[Step]:
    """Return who decided what, the newest first."""
    changes = enrolment.status_changes.select_related("by").order_by("-pk")
    return [Step(change, _who(user, change)) for change in changes]


def _who(user: User, change: StudyStatusChange) -> str:
    if change.by_id == user.pk:
        return str(_("you"))
    if change.actor == Actor.SYSTEM or change.by is None:
        return str(_("automatically"))
    return f"{change.by.name}, {Actor(change.actor).label}"


def _lessons(enrolment: Enrolment) -> Section | None:
    """The lessons with what is finished; an e-learning without them says what happens."""
    course = enrolment.course
    assert course is not None, "a course's page"
    contents = player.contents_of(course, enrolment)
    if not contents.total and course.has_meetings:
        return None
    return Section(
        title=_("Lessons"),
        template="learners/_lessons.html",
        context={
            "enrolment": enrolment,
            "contents": contents,
            "is_open": player.is_open(enrolment),
            "by_teacher": course.has_meetings and enrolment.is_open,
        },
        order=5,
    )


def _materials(enrolment: Enrolment) -> Section | None:
    materials = list(Material.objects.filter(course=enrolment.course_id).select_related("file"))
    if not materials:
        return None
    is_open = knowledge_centre.is_open(enrolment, enrolment.organisation.today())
    has_lapsed = enrolment.status == StudyStatus.TERM_LAPSED or not enrolment.is_within_term(
        enrolment.organisation.today()
    )
    return Section(
        title=_("Knowledge centre"),
        template="learners/_knowledge_centre.html",
        context={"materials": materials, "is_open": is_open, "has_lapsed": has_lapsed},
        order=20,
    )


def _points(enrolment: Enrolment) -> Section | None:
    points = points_of(enrolment)
    if points is None:
        return None
    return Section(
        title=_("Study points"),
        template="learners/_points.html",
        context={"points": points},
        order=40,
        is_aside=True,
    )


def _history(user: User, enrolment: Enrolment) -> Section:
    return Section(
        title=_("History"),
        template="learners/_history.html",
        context={"steps": history_of(user, enrolment)},
        order=90,
    )
