"""What is expected now of somebody in a course, in one sentence, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learners.counting import number_of
from learners.models import (
    Enrolment,
    Lesson,
    LessonProgress,
    Meeting,
    Place,
    PlaceState,
    Run,
    StudyStatus,
)
from learners.models.enrolment import EnrolmentQuerySet
from learners.telling.days import day, when_words

S = StudyStatus
ME, TEACHER, INSTITUTION, NOBODY = "me", "teacher", "institution", ""
A_PLACE = "a place"  # the turn of nobody, until a place becomes free


@dataclass(frozen=True)
class Expected:
    """What is expected: the sentence, whose turn it is, and the step where it is the learner's."""

    text: str
    whose_turn: str = NOBODY
    action: str = ""
    url: str = ""

    @property
    def is_mine(self) -> bool:
        return self.whose_turn == ME


def prepared(enrolments: EnrolmentQuerySet, now: datetime) -> EnrolmentQuerySet:
    """Fetch with each course what its sentence is made of: two queries more, for any number."""
    coming = Meeting.objects.going_on().filter(ends_at__gt=now).order_by("begins_at", "pk")
    places = (
        Place.objects.on_register()
        .select_related("run")
        .prefetch_related(Prefetch("run__meetings", queryset=coming, to_attr="coming"))
        .order_by("-pk")
    )
    return in_words(enrolments, now).prefetch_related(
        Prefetch("places", queryset=places, to_attr="on_register")
    )


def in_words(enrolments: EnrolmentQuerySet, now: datetime) -> EnrolmentQuerySet:
    """Fetch with each course what its sentence is made of, but for its places and meetings."""
    return enrolments.select_related("course").annotate(
        completion=FilteredRelation(
            "status_changes",
            condition=Q(status_changes__handled_at=None, status_changes__to_status=S.COMPLETED),
        ),
        waiting_completion=F("completion"),
        consequences_at=F("completion__due_at"),
        **_line(now),
        **_lessons(),
    )


def waiting(
    enrolments: EnrolmentQuerySet, now: datetime, most: int
) -> list[tuple[Enrolment, Expected]]:
    """Return the open courses in which something waits, not for a meeting that comes: one query."""
    is_over = Q(run_ends_at=None) | Q(run_ends_at__lte=now)
    found = (
        enrolments.open()
        .filter(course__isnull=False)
        .annotate(
            booked=FilteredRelation("places", condition=Q(places__state=PlaceState.BOOKED)),
            run_ends_at=F("booked__run__ends_at"),
            **_line(now),
            **_lessons(),
        )
        .filter(~Q(status__in=[S.ENROLLED, S.STARTED]) | is_over)
        .select_related("course")
        .order_by("-pk")[:most]
    )
    return [(enrolment, _waits(enrolment)) for enrolment in found]


def _line(now: datetime) -> dict[str, Combinable]:
    """Return how many people are before somebody on the waiting list that they are on, None for who
    waits for no place; and whether there is a run to choose."""
    waiting = Place.objects.in_line().filter(enrolment=OuterRef("pk")).order_by()
    coming = Run.objects.coming(now).filter(course=OuterRef("course"))
    return {
        "ahead": Subquery(waiting.values("ahead")[:1]),  # type: ignore[misc]
        "has_choice": Exists(coming),
    }


def _lessons() -> dict[str, Combinable]:
    """Return how many lessons a course has, and how many of them somebody finished."""
    finished = Q(completed_at__isnull=False, lesson__archived_at=None)
    return {
        "lessons_total": number_of(Lesson, "course", Q(archived_at=None), of="course"),
        "lessons_finished": number_of(LessonProgress, "enrolment", finished),
    }


def run_of(enrolment: Enrolment) -> Run | None:
    """Return the run on whose register a prepared enrolment stands."""
    on_register: list[Place] = enrolment.on_register  # type: ignore[attr-defined]
    return on_register[0].run if on_register else None


def booked_run_of(enrolment: Enrolment) -> Run | None:
    """Return the run in which a prepared enrolment has a place."""
    on_register: list[Place] = enrolment.on_register  # type: ignore[attr-defined]
    booked = (place.run for place in on_register if place.state == PlaceState.BOOKED)
    return next(booked, None)


def is_waiting(enrolment: Enrolment, now: datetime) -> bool:
    """Whether something waits in a prepared course, as `waiting` says it of many: not a meeting
    that comes."""
    if not enrolment.is_open:
        return False
    run = booked_run_of(enrolment)
    is_over = run is None or run.ends_at is None or run.ends_at <= now
    return enrolment.status not in (S.ENROLLED, S.STARTED) or is_over


def expected(enrolment: Enrolment, now: datetime) -> Expected:
    """Say what is expected now in a course that was fetched by `prepared`."""
    if enrolment.archived_at:
        return Expected(_("This course was archived; what you earned stays yours."))
    if enrolment.status in (S.ENROLLED, S.STARTED):
        return _under_way(enrolment, now)
    return _BY_STATUS[S(enrolment.status)](enrolment)


def _waits(enrolment: Enrolment) -> Expected:
    if enrolment.status not in (S.ENROLLED, S.STARTED):
        return _BY_STATUS[S(enrolment.status)](enrolment)
    if enrolment.course and not enrolment.course.has_meetings:
        return _at_a_screen(enrolment)
    return _run_is_over() if enrolment.run_ends_at else _no_meetings()  # type: ignore[attr-defined]


def _under_way(enrolment: Enrolment, now: datetime) -> Expected:
    assert enrolment.course is not None, "programmes have their own page"
    if not enrolment.course.has_meetings:
        return _at_a_screen(enrolment)
    run = run_of(enrolment)
    if meeting := meeting_words(run, now):
        return Expected(meeting)
    return _run_is_over() if run and run.ends_at else _no_meetings()


def _at_a_screen(enrolment: Enrolment) -> Expected:
    """Say how far somebody is in an e-learning, and lead to where they go on."""
    total: int = enrolment.lessons_total  # type: ignore[attr-defined]
    done: int = enrolment.lessons_finished  # type: ignore[attr-defined]
    if not total:
        return Expected(_("Your institution is still making the lessons"), INSTITUTION)
    text, step = _("Go on where you were"), _("Continue learning")
    if enrolment.status == S.NOT_STARTED:
        text, step = _("Start when it suits you"), _("Start learning")
    elif done:
        said = ngettext(
            "%(done)d of %(total)d lesson finished", "%(done)d of %(total)d lessons finished", total
        )
        text = said % {"done": done, "total": total}
    url = reverse("learners:learn", args=[enrolment.pk])
    return Expected(_with_term(text, enrolment), ME, step, url)


def _choice(enrolment: Enrolment) -> Expected:
    """Say that a run is to be chosen, or which number somebody is on a waiting list."""
    ahead: int | None = enrolment.ahead  # type: ignore[attr-defined]
    if ahead is not None:
        return Expected(turn_words(ahead), A_PLACE)
    if not enrolment.has_choice:  # type: ignore[attr-defined]
        return Expected(_with_term(_("No run is planned yet"), enrolment), INSTITUTION)
    choose = reverse("learners:run_choose", args=[enrolment.pk])
    return Expected(_with_term(_("Choose a run"), enrolment), ME, _("Choose a run"), choose)


def turn_words(ahead: int) -> str:
    """Say in words where somebody is on a waiting list."""
    if ahead == 0:
        return _("You are the first on the waiting list")
    said = ngettext(
        "On the waiting list: %(n)d person is before you",
        "On the waiting list: %(n)d people are before you",
        ahead,
    )
    return said % {"n": ahead}


def _run_is_over() -> Expected:
    return Expected(_("Waiting for your teacher, who records how it ended"), TEACHER)


def _no_meetings() -> Expected:
    return Expected(_("Your institution still plans when you come"), INSTITUTION)


def meeting_words(run: Run | None, now: datetime) -> str:
    """Say when and where the next meeting of a prepared run is; empty when none comes."""
    coming: list[Meeting] = run.coming if run else []  # type: ignore[attr-defined]
    return _meeting(coming[0], run, now) if run and coming else ""


def _meeting(meeting: Meeting, run: Run, now: datetime) -> str:
    begin, end = timezone.localtime(meeting.begins_at), timezone.localtime(meeting.ends_at)
    where = meeting.place or run.place or (_("online") if meeting.link else "")
    if begin <= now:
        said = _("Meeting on now, until %(when)s") % {"when": format_date(end, "H:i")}
    else:
        said = _("Next meeting %(when)s") % {"when": format_date(begin, _("l j F H:i"))}
    return f"{said}, {where}" if where else said


def _with_term(text: str, enrolment: Enrolment) -> str:
    if enrolment.term_ends_on is None:
        return text
    return _("%(text)s; the study term ends %(when)s") % {
        "text": text,
        "when": when_words(enrolment.term_ends_on),
    }


def _page(enrolment: Enrolment) -> str:
    return enrolment.get_absolute_url()


def _completed(enrolment: Enrolment) -> Expected:
    assert enrolment.course is not None, "programmes have their own page"
    if not enrolment.course.gives_certificate:
        return Expected(_("Completed; nothing more is expected of you"))
    if not enrolment.waiting_completion:  # type: ignore[attr-defined]
        return Expected(_("Completed; nothing more is expected of you"))
    due_at: datetime | None = enrolment.consequences_at  # type: ignore[attr-defined]
    if due_at is None:
        return Expected(_("Your certificate is held until your teacher decides"), TEACHER)
    if due_at - timezone.now() < timedelta(hours=1):
        return Expected(_("Your certificate is on its way"))
    return Expected(
        _("Your certificate follows after the last meeting, %(day)s") % {"day": day(due_at)}
    )


def _not_passed(enrolment: Enrolment) -> Expected:
    if enrolment.course and enrolment.course.open_for_enrolment:
        return Expected(_("Not passed; you can enrol again to try once more"))
    return Expected(_("Not passed; ask your institution how you can try again"))


_BY_STATUS = {
    S.RUN_CHOICE_REQUIRED: _choice,
    S.NOT_STARTED: _at_a_screen,
    S.TERM_LAPSED: lambda e: Expected(
        _("The study term has lapsed; ask your institution for an extension"), INSTITUTION
    ),
    S.COMPLETED: _completed,
    S.NOT_PASSED: _not_passed,
    S.ABSENT: lambda e: Expected(
        _("You were marked absent; ask your teacher if that is not right")
    ),
    S.WITHDRAWN_INVALID: lambda e: Expected(_("You withdrew; nothing is expected of you")),
    S.WITHDRAWN_VALID: lambda e: Expected(_("You withdrew; nothing is expected of you")),
    S.CANCELLED: lambda e: Expected(_("It was cancelled; nothing is expected of you")),
    S.EXEMPT: lambda e: Expected(_("You are exempt; nothing is expected of you")),
}
