"""What an app offers the home page, and what the ground floor itself offers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from learners.models import (
    DONE,
    CourseKind,
    Enrolment,
    Meeting,
    PlaceState,
    StudyStatus,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet
from learners.templatetags.learners import when_words


@dataclass(frozen=True)
class Tile:
    """A large link on the home page; the primary one is the blue one."""

    title: str | Promise
    text: str | Promise
    url: str
    icon: str
    is_primary: bool = False
    order: int = 0


@dataclass(frozen=True)
class NavItem:
    """A line in the left pane. Items with a section stand under a rule, below those without."""

    title: str | Promise
    url: str
    icon: str
    order: int = 0
    children: tuple["NavItem", ...] = ()
    section: str = ""


@dataclass(frozen=True)
class Waiting:
    """Something that waits: what, whose turn, since when, and where to go on.

    `whose_turn` is "me", or in words who else has the ball; `progress` is (done, of how many).
    """

    what: str | Promise
    text: str | Promise
    url: str
    whose_turn: str | Promise
    since: date | datetime | None
    action: str | Promise
    is_urgent: bool = False
    icon: str = "hourglass-split"
    progress: tuple[int, int] | None = None

    @property
    def is_mine(self) -> bool:
        """Whether the person who looks has to act."""
        return self.whose_turn == ME


@dataclass(frozen=True)
class CalendarEntry:
    """Something at a set time."""

    title: str
    begins_at: datetime
    ends_at: datetime
    place: str
    url: str


ME = "me"
TERM_IS_NEAR = timedelta(days=14)
OFFERED = 30  # of each kind; the home page shows the first few of what all apps offer
MY_LEARNING = "my-learning"  # the section of what stands under 'my learning' in the left pane


def nav(user: User) -> list[NavItem]:
    """Offer the pages of what somebody learns, and the catalogue."""
    pages = (
        (_("Courses"), "learners:my_course_list", "journal-bookmark", 1, MY_LEARNING),
        (_("Programmes"), "learners:my_programme_list", "signpost-2", 2, MY_LEARNING),
        (_("Catalogue"), "learners:catalogue_list", "collection", 40, ""),
    )
    return [
        NavItem(title, url, icon, order=order, section=section)
        for title, name, icon, order, section in pages
        if (url := page(name))
    ]


def page(name: str, *args: object) -> str:
    """Return a page's address; empty while nobody made it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def waiting_for(user: User) -> list[Waiting]:
    """Offer the courses and programmes in which somebody has to act."""
    mine = Enrolment.objects.for_user(user).filter(archived_at=None)
    return [
        *(course_waits(enrolment) for enrolment in courses_that_wait(mine)),
        *(programme_waits(enrolment) for enrolment in programmes_that_wait(mine)),
    ]


def courses_that_wait(mine: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep the courses that do not go on by themselves: a meeting that comes is in the calendar."""
    at_a_screen = Q(
        course__kind=CourseKind.ELEARNING,
        status__in=[StudyStatus.NOT_STARTED, StudyStatus.STARTED],
    )
    stuck = Q(status__in=[StudyStatus.RUN_CHOICE_REQUIRED, StudyStatus.TERM_LAPSED])
    return mine.filter(at_a_screen | stuck, course__isnull=False).select_related("course")[:OFFERED]


def programmes_that_wait(mine: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep the open programmes, with how many of their courses are done."""
    return (
        mine.open()
        .filter(programme__isnull=False)
        .select_related("programme")
        .annotate(
            courses=Count("programme__courses", distinct=True),
            courses_done=Count("parts__course", filter=Q(parts__status__in=DONE), distinct=True),
        )[:OFFERED]
    )


WORDS: dict[StudyStatus, tuple[Promise, str | Promise, str]] = {
    StudyStatus.RUN_CHOICE_REQUIRED: (
        _("Choose when and where you follow it"),
        _("Choose"),
        "signpost-split",
    ),
    StudyStatus.NOT_STARTED: (_("You have not started yet"), _("Start"), "play-circle"),
    StudyStatus.STARTED: (
        _("You are on your way"),
        pgettext_lazy("course", "Continue"),
        "play-circle",
    ),
    StudyStatus.TERM_LAPSED: (
        _("The study term has lapsed; ask for an extension"),
        "",
        "hourglass-bottom",
    ),
}


def course_waits(enrolment: Enrolment) -> Waiting:
    """Say what a course waits for."""
    text, action, icon = WORDS[StudyStatus(enrolment.status)]
    has_lapsed = enrolment.status == StudyStatus.TERM_LAPSED
    return Waiting(
        what=enrolment.subject.title,
        text=f"{text} · {term(enrolment)}" if term(enrolment) and not has_lapsed else text,
        url=page("learners:my_course_detail", enrolment.pk),
        whose_turn=gettext("your institution") if has_lapsed else ME,
        since=enrolment.registered_on,
        action=action,
        is_urgent=not has_lapsed and term_is_near(enrolment),
        icon=icon,
    )


def programme_waits(enrolment: Enrolment) -> Waiting:
    """Say how far somebody is in a programme."""
    done, total = enrolment.courses_done, enrolment.courses  # type: ignore[attr-defined]
    text = gettext("%(done)d of %(total)d courses done") % {"done": done, "total": total}
    return Waiting(
        what=enrolment.subject.title,
        text=f"{text} · {term(enrolment)}" if term(enrolment) else text,
        url=page("learners:my_programme_list"),
        whose_turn=ME,
        since=enrolment.registered_on,
        action=pgettext_lazy("course", "Continue"),
        is_urgent=term_is_near(enrolment),
        icon="signpost-2",
        progress=(done, total),
    )


def term(enrolment: Enrolment) -> str:
    """Say until when, for what has a term."""
    if not enrolment.term_ends_on:
        return ""
    return gettext("study term ends %(when)s") % {"when": when_words(enrolment.term_ends_on)}


def term_is_near(enrolment: Enrolment) -> bool:
    """Whether the end of the term is so near that it comes first."""
    ends_on = enrolment.term_ends_on
    return ends_on is not None and ends_on - timezone.localdate() <= TERM_IS_NEAR


def calendar(user: User) -> list[CalendarEntry]:
    """Offer the coming meetings of the runs in which somebody has a place."""
    meetings = (
        Meeting.objects.going_on()
        .filter(
            ends_at__gt=timezone.now(),
            run__places__state=PlaceState.BOOKED,
            run__places__enrolment__learner=user,
        )
        .select_related("run__course")
        .annotate(enrolment_id=F("run__places__enrolment"))
        .order_by("begins_at")[:OFFERED]
    )
    return [
        CalendarEntry(
            title=meeting.run.course.title,
            begins_at=meeting.begins_at,
            ends_at=meeting.ends_at,
            place=meeting.place or meeting.run.place or (gettext("online") if meeting.link else ""),
            url=page("learners:my_course_detail", meeting.enrolment_id),
        )
        for meeting in meetings
    ]
