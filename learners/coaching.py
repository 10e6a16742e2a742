"""The people whom somebody coaches: where they stand, in words for a coach."""

from datetime import datetime

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext as _

from learners import expectations
from learners.models import (
    NOT_FINAL,
    CourseKind,
    Enrolment,
    Meeting,
    PlaceState,
    Role,
    StudyStatus,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet
from learners.roles import memberships_of
from learners.templatetags.learners import when_words

S = StudyStatus
UNDER_WAY = Q(status__in=sorted(NOT_FINAL), archived_at=None)


def coaches(user: User) -> bool:
    """Whether this person is a coach anywhere; an administrator is none for being one."""
    return any(membership.role == Role.COACH for membership in memberships_of(user))


def number_under_way(user: User) -> int:
    """Count the programmes under way in which this person coaches somebody."""
    return Enrolment.objects.coached_by(user).filter(UNDER_WAY).count()


def list_coached(user: User, *, text: str = "", now: datetime) -> EnrolmentQuerySet:
    """Return the programmes in which this person coaches somebody of this name, with what comes
    next in each: those under way first, then by name."""
    found = Enrolment.objects.coached_by(user)
    if text:
        found = found.filter(learner__in=User.objects.matching(text))
    parts = Enrolment.objects.filter(part_of=OuterRef("pk"), archived_at=None).order_by()
    return (
        found.select_related("learner", "programme")
        .annotate(
            next_at=Subquery(_meetings_ahead(now).values("begins_at")[:1]),
            has_to_choose=Exists(parts.filter(status=S.RUN_CHOICE_REQUIRED)),
            has_elearning=Exists(
                parts.filter(
                    course__kind=CourseKind.ELEARNING, status__in=[S.NOT_STARTED, S.STARTED]
                )
            ),
            is_past=ExpressionWrapper(~UNDER_WAY, output_field=BooleanField()),
        )
        .order_by("is_past", "learner__sort_name", "pk")
    )


def _meetings_ahead(now: datetime) -> QuerySet[Meeting]:
    """Return the meetings to come of the courses of the programme that stands around it."""
    return (
        Meeting.objects.going_on()
        .filter(
            ends_at__gt=now,
            run__places__state=PlaceState.BOOKED,
            run__places__enrolment__part_of=OuterRef("pk"),
        )
        .order_by("begins_at", "pk")
    )


def said_of_programme(enrolment: Enrolment) -> str:
    """Say what comes next in a programme that was fetched by `list_coached`; empty when over."""
    if not enrolment.is_open or enrolment.archived_at:
        return ""
    if enrolment.status == S.TERM_LAPSED:
        return _("The study term has lapsed; only an extension opens it again")
    said = []
    if enrolment.next_at:  # type: ignore[attr-defined]
        when = when_words(enrolment.next_at)  # type: ignore[attr-defined]
        said.append(_("Next meeting %(when)s") % {"when": when})
    if enrolment.has_to_choose:  # type: ignore[attr-defined]
        said.append(_("has to choose a run"))
    if enrolment.has_elearning:  # type: ignore[attr-defined]
        said.append(_("has e-learning to do"))
    words = ", ".join(said) or _("nothing is planned")
    return words[:1].upper() + words[1:]


def said_of_course(enrolment: Enrolment | None, now: datetime) -> str:
    """Say where a learner stands in a course that was fetched by `expectations.prepared`."""
    if enrolment is None:
        return _("Not enrolled in this course")
    if enrolment.archived_at:
        return ""
    if enrolment.status in (S.ENROLLED, S.STARTED):
        return _under_way(enrolment, now)
    return {
        S.NOT_STARTED: _("Has not opened it yet"),
        S.RUN_CHOICE_REQUIRED: _("Has to choose a run"),
        S.TERM_LAPSED: _("The study term has lapsed; only an extension opens it again"),
    }.get(S(enrolment.status), "")


def _under_way(enrolment: Enrolment, now: datetime) -> str:
    if enrolment.course and not enrolment.course.has_meetings:
        return _("Learns when it suits")
    run = expectations.run_of(enrolment)
    if meeting := expectations.meeting_words(run, now):
        return meeting
    if run and run.ends_at:
        return _("Waits for the teacher, who records how it ended")
    return _("Waits for a date")
