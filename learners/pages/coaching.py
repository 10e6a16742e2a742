"""The people whom somebody coaches: where they stand, in words for a coach."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learners.models import (
    CourseKind,
    Enrolment,
    LessonProgress,
    Meeting,
    PlaceState,
    Role,
    StudyStatus,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet, followed
from learners.people.roles import memberships_of
from learners.studying import whose_turn
from learners.telling.days import day, when_words

S = StudyStatus
TERM_IS_NEAR = timedelta(days=30)
QUIET = timedelta(days=30)  # without a meeting or a lesson


def coaches(user: User) -> bool:
    """Whether this person is a coach anywhere; an administrator is none for being one."""
    return any(membership.role == Role.COACH for membership in memberships_of(user))


def number_under_way(user: User) -> int:
    """Count the programmes under way in which this person coaches somebody."""
    return Enrolment.objects.coached_by(user).followed().count()


def list_coached(user: User, *, text: str = "", now: datetime) -> EnrolmentQuerySet:
    """Return the programmes in which this person coaches somebody of this name, with what comes
    next in each: those under way first, then by name."""
    found = with_activity(Enrolment.objects.coached_by(user))
    if text:
        found = found.filter(learner__in=User.objects.matching(text))
    parts = Enrolment.objects.filter(part_of=OuterRef("pk"), archived_at=None).order_by()
    return (
        found.select_related("learner", "programme")
        .annotate(
            next_at=Subquery(_meetings_ahead(now).values("begins_at")[:1]),
            has_to_choose=Exists(
                parts.filter(status=S.RUN_CHOICE_REQUIRED).exclude(
                    places__state=PlaceState.WAITLISTED
                )
            ),
            has_elearning=Exists(
                parts.filter(
                    course__kind=CourseKind.ELEARNING, status__in=[S.NOT_STARTED, S.STARTED]
                )
            ),
            is_past=ExpressionWrapper(~followed(), output_field=BooleanField()),
        )
        .order_by("is_past", "learner__sort_name", "pk")
    )


def with_activity(found: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add when the learner was last at work in each programme: at a meeting, or in a lesson."""
    parts = Enrolment.objects.filter(part_of=OuterRef("pk")).order_by()
    attended = parts.exclude(last_attended_on=None).order_by("-last_attended_on")
    lessons = LessonProgress.objects.filter(enrolment__part_of=OuterRef("pk"))
    return found.annotate(
        attended_on=Subquery(attended.values("last_attended_on")[:1]),
        opened_at=Subquery(lessons.order_by("-opened_at").values("opened_at")[:1]),
        finished_at=Subquery(
            lessons.exclude(completed_at=None).order_by("-completed_at").values("completed_at")[:1]
        ),
    )


def last_active(enrolment: Enrolment) -> date | None:
    """Return the last day of work in a programme that was fetched by `with_activity`."""
    moments = (enrolment.opened_at, enrolment.finished_at)  # type: ignore[attr-defined]
    days = [timezone.localdate(moment) for moment in moments if moment]
    attended: date | None = enrolment.attended_on  # type: ignore[attr-defined]
    return max([*days, *([attended] if attended else [])], default=None)


def worries(enrolment: Enrolment, now: datetime) -> list[str]:
    """Say what asks for a coach's attention: a term that ends or ended, and who is not at work."""
    if not enrolment.is_followed:
        return []
    today = timezone.localdate(now)
    said = []
    ends_on = enrolment.term_ends_on
    if ends_on and today <= ends_on <= today + TERM_IS_NEAR:
        said.append(
            _("Study term ends %(when)s") % {"when": when_words(ends_on, TERM_IS_NEAR.days)}
        )
    active_on = last_active(enrolment) or enrolment.registered_on
    if active_on and today - active_on >= QUIET:
        days = (today - active_on).days
        said.append(_("Not at work for %(days)d days") % {"days": days})
    return said


def facts_of_course(enrolment: Enrolment | None, said: Mapping[int, Sequence[str]]) -> list[str]:
    """Say how far somebody is in a course that was fetched by `whose_turn.prepared`: lessons,
    unless it ended without any, the last meeting attended, what was missed, the term."""
    if enrolment is None:
        return []
    facts = []
    total: int = enrolment.lessons_total  # type: ignore[attr-defined]
    done: int = enrolment.lessons_finished  # type: ignore[attr-defined]
    if total and (done or enrolment.is_open):
        words = ngettext("%(done)d of %(total)d lesson", "%(done)d of %(total)d lessons", total)
        facts.append(words % {"done": done, "total": total})
    if enrolment.last_attended_on:
        when = when_words(enrolment.last_attended_on)
        facts.append(_("last present %(when)s") % {"when": when})
    facts += said.get(enrolment.pk, ())
    if enrolment.is_open and enrolment.term_ends_on:
        facts.append(_("study term until %(day)s") % {"day": day(enrolment.term_ends_on)})
    return facts


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
    if not enrolment.is_followed:
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
    """Say where a learner stands in a course that was fetched by `whose_turn.prepared`."""
    if enrolment is None:
        return _("Not enrolled in this course")
    if enrolment.archived_at:
        return ""
    if enrolment.status in (S.ENROLLED, S.STARTED):
        return _under_way(enrolment, now)
    return {
        S.NOT_STARTED: _("Has not opened it yet"),
        S.RUN_CHOICE_REQUIRED: _choosing(enrolment),
        S.TERM_LAPSED: _("The study term has lapsed; only an extension opens it again"),
    }.get(S(enrolment.status), "")


def _choosing(enrolment: Enrolment) -> str:
    waits = enrolment.ahead is not None  # type: ignore[attr-defined]
    return _("On the waiting list of a run") if waits else _("Has to choose a run")


def _under_way(enrolment: Enrolment, now: datetime) -> str:
    if enrolment.course and not enrolment.course.has_meetings:
        return _("Learns when it suits")
    run = whose_turn.run_of(enrolment)
    if meeting := whose_turn.meeting_words(run, now):
        return meeting
    if run and run.ends_at:
        return _("Waits for the teacher, who records how it ended")
    return _("Waits for a date")
