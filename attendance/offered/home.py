"""What teaching offers the home page: the blue tile, today's registers, and what waits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from attendance import teaching
from attendance.marking import registers
from attendance.marking.percentages import Attended, attended
from attendance.marking.values import MarkValue
from attendance.models import Attendance
from attendance.offered import missed, points_said
from learners.hooks.pages import CalendarEntry, NavItem, Section, Tile, Turn, Waiting
from learners.models import (
    Enrolment,
    Meeting,
    Place,
    Role,
    Run,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.models.run import register_open_on
from learners.pages import course_page
from learners.people.roles import has_role
from learners.telling.days import when_words

CALENDAR_SHOWN = 10
WAITING_SHOWN = 20


def nav(user: User) -> list[NavItem]:
    """Offer 'courses I teach' to who teaches, with the way to the meeting that is on; to other
    administrators all registers, under that name."""
    if not has_role(user, Role.TEACHER):
        return []
    today = NavItem(_("Today"), reverse("attendance:today"), "calendar-day")
    return [
        NavItem(
            teaching.list_title(user),
            reverse("attendance:teaching"),
            "easel",
            order=10,
            children=(today,),
            section="teaching",
        )
    ]


def tiles(user: User) -> list[Tile]:
    """Offer the blue tile, which says when the next meeting is; to administrators who teach."""
    if not has_role(user, Role.TEACHER):
        return []
    if user.is_staff and not Run.objects.filter(teachers=user).exists():
        return []
    coming = _coming(user)
    return [
        Tile(
            title=_("Courses I teach"),
            text=_next(coming[0]) if coming else _("No meetings ahead"),
            url=reverse("attendance:teaching"),
            icon="easel",
            is_primary=True,
            order=10,
        )
    ]


def _next(meeting: Meeting) -> str:
    words = gettext("Now") if meeting.begins_at <= timezone.now() else when_words(meeting.begins_at)
    return f"{words[:1].upper()}{words[1:]} · {meeting.run.course}"


def calendar(user: User) -> list[CalendarEntry]:
    """Offer the meetings that somebody teaches; each opens its register."""
    if not has_role(user, Role.TEACHER):
        return []
    return [
        CalendarEntry(
            title=str(meeting.run.course),
            begins_at=meeting.begins_at,
            ends_at=meeting.ends_at,
            place=meeting.place or meeting.run.place,
            url=_register(meeting),
        )
        for meeting in _coming(user)
    ]


def _coming(user: User) -> list[Meeting]:
    """Return the next meetings that somebody gives, the one that is on first; asked once."""
    if "_teaches" not in user.__dict__:
        coming = Meeting.objects.going_on().filter(
            run__cancelled_at=None, ends_at__gt=timezone.now()
        )
        found = coming.given_by(user)
        user.__dict__["_teaches"] = list(
            found.select_related("run__course").order_by("begins_at", "pk")[:CALENDAR_SHOWN]
        )
    return user.__dict__["_teaches"]


def waiting_for(user: User) -> list[Waiting]:
    """Say which past meetings miss marks, and whose certificate waits for an answer."""
    if not has_role(user, Role.TEACHER):
        return []
    now = timezone.now()
    return [*_asked(user), *_incomplete(user, now)]


def _incomplete(user: User, now: datetime) -> list[Waiting]:
    """Return past meetings whose register is open and not complete, the last first."""
    is_open = Run.objects.filter(register_open_on(timezone.localdate(now)))
    past = Meeting.objects.going_on().given_by(user).filter(ends_at__lte=now, run__in=is_open)
    missing = registers.incomplete(past).select_related("run__course").order_by("-begins_at")
    return [
        Waiting(
            what=str(meeting.run.course),
            text=_missing(meeting),
            url=_register(meeting),
            turn=Turn.of(user),
            since=meeting.ends_at,
            action=_("Record"),
            icon="person-check",
            progress=(meeting.recorded, meeting.booked),  # type: ignore[attr-defined]
        )
        for meeting in missing[:WAITING_SHOWN]
    ]


def _missing(meeting: Meeting) -> str:
    missing = meeting.booked - meeting.recorded  # type: ignore[attr-defined]
    return ngettext(
        "%(when)s: %(n)d participant is not recorded yet",
        "%(when)s: %(n)d participants are not recorded yet",
        missing,
    ) % {"when": when_words(meeting.begins_at), "n": missing}


def _asked(user: User) -> list[Waiting]:
    """Return the completions that are kept back because of an absence since."""
    places = Place.objects.booked().filter(
        run__in=Run.objects.given_by(user),
        enrolment__status_changes__in=StudyStatusChange.objects.waiting().filter(
            due_at=None, to_status=StudyStatus.COMPLETED
        ),
    )
    return [
        Waiting(
            what=place.enrolment.learner.name,
            text=gettext("Absent after “completed”. Issue the certificate of %(course)s anyway?")
            % {"course": place.run.course},
            url=reverse("attendance:participant_issue", args=[place.run_id, place.enrolment_id]),
            turn=Turn.of(user),
            since=None,
            action=_("Decide"),
            is_urgent=True,
            icon="question-circle",
        )
        for place in places.select_related("enrolment__learner", "run__course")[:WAITING_SHOWN]
    ]


def _register(meeting: Meeting) -> str:
    register = reverse("attendance:run_register", args=[meeting.run_id])
    return f"{register}?meeting={meeting.pk}"


def coach_words(enrolments: Sequence[Enrolment]) -> dict[int, str]:
    """Tell a coach how many meetings were missed, by enrolment."""
    return missed.words(enrolments)


def point_words(entries: Sequence[StudyPointEntry]) -> dict[int, str]:
    """Say for which meeting study points were given, by entry."""
    return points_said.words(entries)


def course_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer a learner their meetings, what was recorded of each, and their effort in words.

    Who has none and expects none any more, as when exempt, is not told to wait for them.
    """
    if not enrolment.course or not enrolment.course.has_meetings:
        return []
    meetings = course_page.meetings_of(enrolment)
    if not meetings and not enrolment.is_open:
        return []
    found = Attendance.objects.filter(enrolment=enrolment) if meetings else []
    marks = {mark.meeting_id: MarkValue.of(mark) for mark in found}
    return [
        Section(
            title=_("Meetings and attendance"),
            template="attendance/_my_attendance.html",
            context={
                "attended": [(meeting, marks.get(meeting.pk)) for meeting in meetings],
                "counted": _counted(meetings, marks),
                "enrolment": enrolment,
            },
            order=10,
        )
    ]


def _counted(meetings: Iterable[Meeting], marks: Mapping[int, MarkValue]) -> Attended | None:
    """Count as the register does what is recorded of the meetings that took place."""
    took_place = [meeting.pk for meeting in meetings if meeting.cancelled_at is None]
    return attended([marks[pk] for pk in took_place if pk in marks])
