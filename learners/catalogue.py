"""What somebody can enrol in by themselves, and which runs they may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from learners.models import (
    Course,
    CourseKind,
    Enrolment,
    Meeting,
    Membership,
    Place,
    Run,
    User,
)


@dataclass(frozen=True)
class Offer:
    """A run with what decides whether somebody can choose it."""

    run: Run
    left: int | None
    meetings: int

    @property
    def is_full(self) -> bool:
        return self.left == 0


@dataclass(frozen=True)
class Listing:
    """A course of the catalogue with its coming runs; `mine` is an enrolment that is open."""

    course: Course
    offers: list[Offer]
    mine: Enrolment | None


def courses_for(user: User, now: datetime) -> QuerySet[Course]:
    """Keep the courses that somebody may enrol in: open for it, and of an institution of theirs;
    those with meetings only while a run is coming."""
    coming = Run.objects.open_for_enrolment(now).filter(course=OuterRef("pk"))
    courses = Course.objects.published().filter(open_for_enrolment=True)
    courses = courses.filter(Q(kind=CourseKind.ELEARNING) | Exists(coming))
    return courses if user.is_staff else courses.filter(organisation__in=_institutions(user))


def runs_for(user: User, now: datetime) -> QuerySet[Run]:
    """Keep the runs that somebody may enrol in, so that others are not found."""
    runs = Run.objects.open_for_enrolment(now)
    return runs if user.is_staff else runs.filter(course__organisation__in=_institutions(user))


def runs_to_choose(enrolment: Enrolment, now: datetime) -> QuerySet[Run]:
    """Keep the coming runs among which somebody chooses whose programme asks it."""
    coming = Run.objects.filter(course=enrolment.course_id, cancelled_at=None, starts_at__gt=now)
    return coming.order_by("starts_at", "pk")


def with_room(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Keep the runs that are not full."""
    return runs.alias(taken=_TAKEN).filter(Q(capacity=None) | Q(taken__lt=F("capacity")))


def offers(runs: QuerySet[Run]) -> list[Offer]:
    """Return runs with the room that is left and the number of their meetings: one query."""
    counted = runs.annotate(taken=_TAKEN, meeting_count=_MEETINGS)
    return [Offer(run, _left(run), run.meeting_count) for run in counted]


def listings(user: User, courses: Sequence[Course], runs: QuerySet[Run]) -> list[Listing]:
    """Return courses with those of these runs that are theirs, in two queries."""
    by_course: dict[int, list[Offer]] = {}
    for offer in offers(runs.filter(course__in=courses).order_by("starts_at", "pk")):
        by_course.setdefault(offer.run.course_id, []).append(offer)
    mine = _open_enrolments(user, courses)
    return [
        Listing(course, by_course.get(course.pk, []), mine.get(course.pk)) for course in courses
    ]


def _count(rows: QuerySet) -> Coalesce:
    """Count rows of another table for each run, without multiplying the runs."""
    counted = rows.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


_TAKEN = _count(Place.objects.booked())
_MEETINGS = _count(Meeting.objects.going_on())


def _left(run: Run) -> int | None:
    taken: int = run.taken  # type: ignore[attr-defined]
    return None if run.capacity is None else max(0, run.capacity - taken)


def _institutions(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).values("organisation")  # type: ignore[return-value]


def _open_enrolments(user: User, courses: Sequence[Course]) -> Mapping[int | None, Enrolment]:
    mine = Enrolment.objects.for_user(user).open().filter(course__in=courses)
    return {enrolment.course_id or 0: enrolment for enrolment in mine}
