"""What the ground floor puts on the page of a course that somebody follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.content import knowledge_centre, player
from learners.enrolling import force_majeure, waiting_lists
from learners.hooks.pages import Section
from learners.models import (
    Actor,
    Enrolment,
    Material,
    Meeting,
    Place,
    PointsOn,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet
from learners.studying import open_work, point_accounts, reopening, whose_turn
from learners.studying.point_accounts import Line
from learners.studying.whose_turn import turn_words


@dataclass(frozen=True)
class Points:
    """An account of study points, and what the course's maximum cut from it."""

    total: int
    maximum: int | None
    earned: int
    lines: Sequence[Line]
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
    recorded_later: date | None = None


def fetch(enrolments: EnrolmentQuerySet, now: datetime, pk: int) -> Enrolment:
    """Fetch one course with what its sentence is made of, and with every meeting of the runs on
    whose register it stands: one query, and two where there are meetings.

    Raises `Enrolment.DoesNotExist`.
    """
    found = whose_turn.in_words(enrolments, now).get(pk=pk)
    places = Place.objects.on_register().filter(enrolment=found).select_related("run")
    places = places.prefetch_related("run__meetings").order_by("-pk")
    has_meetings = found.course is not None and found.course.has_meetings
    on_register = list(places) if has_meetings else []
    for place in on_register:
        every = place.run.meetings.all()
        place.run.coming = [  # type: ignore[attr-defined]
            m for m in every if m.cancelled_at is None and m.ends_at > now
        ]
    found.on_register = on_register  # type: ignore[attr-defined]
    return found


def meetings_of(enrolment: Enrolment) -> list[Meeting]:
    """Return the meetings of the runs of a course that was fetched so, in order."""
    on_register: list[Place] = enrolment.on_register  # type: ignore[attr-defined]
    every = [meeting for place in on_register for meeting in place.run.meetings.all()]
    return sorted(every, key=lambda meeting: (meeting.begins_at, meeting.pk))


def course_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer what can be proved of a withdrawal, the lessons, the knowledge centre, the study points
    and the history of a course."""
    reopens = _what_reopens(enrolment)
    offered = (
        _waiting(enrolment),
        force_majeure_section(enrolment),
        open_work.section(enrolment),
        _lessons(enrolment, reopens),
        _materials(enrolment, reopens),
        _points(enrolment),
        _history(user, enrolment),
    )
    return [section for section in offered if section is not None]


def points_of(enrolment: Enrolment) -> Points | None:
    """Return what a learner has of this course's points; None where it gives none."""
    course = enrolment.course
    assert course is not None, "a course's page"
    account = point_accounts.of_course(enrolment.learner_id, course)
    if account is None and not course.study_points:
        return None
    lines = account.lines if account else []
    return Points(
        total=account.account.total if account else 0,
        maximum=course.maximum_study_points,
        earned=sum(line.entry.points for line in lines),
        lines=lines,
        offered=course.study_points if enrolment.is_open else 0,
        is_per_meeting=course.points_on == PointsOn.MEETING,
    )


def history_of(user: User, enrolment: Enrolment) -> list[Step]:
    """Return who decided what, the newest first."""
    changes = enrolment.status_changes.select_related("by").order_by("-pk")
    return [Step(change, _who(user, change), _earlier(enrolment, change)) for change in changes]


def _earlier(enrolment: Enrolment, change: StudyStatusChange) -> date | None:
    """Return the day of registration where the history began on a later one, as in an import."""
    recorded_on = enrolment.organisation.day_of(change.at)
    registered_on = enrolment.registered_on
    return registered_on if registered_on and registered_on < recorded_on else None


def _who(user: User, change: StudyStatusChange) -> str:
    if change.by_id == user.pk:
        return str(_("you"))
    if change.actor == Actor.SYSTEM or change.by is None:
        return str(_("automatically"))
    return f"{change.by.name}, {Actor(change.actor).label}"


def force_majeure_section(enrolment: Enrolment) -> Section | None:
    """What can be proved of a withdrawal, and what became of it; on the page of a programme too."""
    if enrolment.is_open or enrolment.status == StudyStatus.COMPLETED:
        return None
    stands = force_majeure.standing(enrolment)
    if stands.until is None and not stands.evidence:
        return None
    return Section(
        title=_("Proof of force majeure"),
        template="learners/enrolling/_force_majeure_section.html",
        context={"stands": stands},
        order=1,
    )


def _waiting(enrolment: Enrolment) -> Section | None:
    """The waiting list that somebody is on: of which run, and where in it."""
    is_waiting = getattr(enrolment, "ahead", 0) is not None  # None where it is known by now
    waits = waiting_lists.place_of(enrolment) if is_waiting else None
    if waits is None:
        return None
    return Section(
        title=_("Waiting list"),
        template="learners/enrolling/_waiting.html",
        context={
            "place": waits,
            "run": waits.run,
            "turn": turn_words(waits.ahead),  # type: ignore[attr-defined]
            "is_open": waits.run.takes_learners(timezone.now()),
            "enrolment": enrolment,
        },
        order=1,
    )


def _what_reopens(enrolment: Enrolment) -> str:
    """Return where the content is opened again that a missing subscription keeps closed; '' where
    none does."""
    whole = enrolment.part_of
    return reopening.address(whole) if whole and reopening.lacks_subscription(enrolment) else ""


def _is_open(enrolment: Enrolment, reopens: str) -> bool:
    today = enrolment.organisation.today()
    return not reopens and knowledge_centre.is_open_as_it_stands(enrolment, today)


def _lessons(enrolment: Enrolment, reopens: str) -> Section | None:
    """The lessons with what is finished; an e-learning without them says what happens."""
    course = enrolment.course
    assert course is not None, "a course's page"
    if course.has_meetings and not enrolment.lessons_total:  # type: ignore[attr-defined]
        return None
    contents = player.contents_of(course, enrolment)
    return Section(
        title=_("Lessons"),
        template="learners/content/_lessons.html",
        context={
            "enrolment": enrolment,
            "contents": contents,
            "is_open": _is_open(enrolment, reopens),
            "reopens": reopens,
            "by_teacher": course.has_meetings and enrolment.is_open,
        },
        order=5,
    )


def _materials(enrolment: Enrolment, reopens: str) -> Section | None:
    materials = list(Material.objects.filter(course=enrolment.course_id).select_related("file"))
    if not materials:
        return None
    is_open = _is_open(enrolment, reopens)
    has_lapsed = enrolment.status == StudyStatus.TERM_LAPSED or not enrolment.is_within_term(
        enrolment.organisation.today()
    )
    return Section(
        title=_("Knowledge centre"),
        template="learners/content/_knowledge_centre.html",
        context={
            "materials": materials,
            "is_open": is_open,
            "has_lapsed": has_lapsed,
            "reopens": reopens,
        },
        order=20,
    )


def _points(enrolment: Enrolment) -> Section | None:
    points = points_of(enrolment)
    if points is None:
        return None
    return Section(
        title=_("Study points"),
        template="learners/studying/_points.html",
        context={"points": points},
        order=40,
        is_aside=True,
    )


def _history(user: User, enrolment: Enrolment) -> Section:
    return Section(
        title=_("History"),
        template="learners/studying/_history.html",
        context={"steps": history_of(user, enrolment)},
        order=90,
    )
