"""What somebody can enrol in by themselves, and which runs they may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from learners.models import (
    DONE,
    NOT_FINAL,
    Course,
    CourseKind,
    Enrolment,
    Meeting,
    Membership,
    Place,
    Run,
    User,
)

SHOWN = 4  # runs of a course in the catalogue; its own page has them all


@dataclass(frozen=True)
class Offer:
    """A run with what decides whether somebody can choose it."""

    run: Run
    left: int | None
    meetings: int
    waiting: int = 0

    @property
    def is_full(self) -> bool:
        """Whether who chooses it waits for a place."""
        return self.left == 0

    @property
    def last_day(self) -> date | None:
        """The last day to enrol, where that is not simply until it begins."""
        return self.run.enrol_until if self.run.enrol_closes_at != self.run.starts_at else None


@dataclass(frozen=True)
class Listing:
    """A course of the catalogue with its first coming runs; `mine` is an enrolment that is open,
    `achieved` one that is done."""

    course: Course
    offers: list[Offer]
    mine: Enrolment | None
    achieved: Enrolment | None

    @property
    def runs(self) -> int:
        """How many runs there are, those that are not shown too."""
        return self.offers[0].run.of_course if self.offers else 0  # type: ignore[attr-defined]

    @property
    def has_more(self) -> bool:
        return self.runs > len(self.offers)


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
    coming = Run.objects.coming(now).filter(course=enrolment.course_id)
    return coming.order_by("starts_at", "pk")


def with_room(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Keep the runs that are not full."""
    return runs.alias(taken=_TAKEN).filter(Q(capacity=None) | Q(taken__lt=F("capacity")))


def offers(runs: QuerySet[Run]) -> list[Offer]:
    """Return runs with the room that is left, the number of their meetings, and of who waits for a
    place: one query."""
    counted = runs.annotate(taken=_TAKEN, meeting_count=_MEETINGS, waiting=_WAITING)
    return [Offer(run, _left(run), run.meeting_count, run.waiting) for run in counted]


def listings(user: User, courses: Sequence[Course], runs: QuerySet[Run]) -> list[Listing]:
    """Return courses with the first of these runs that are theirs, in two queries."""
    by_course: dict[int, list[Offer]] = {}
    for offer in offers(_first_of_each(runs.filter(course__in=courses))):
        by_course.setdefault(offer.run.course_id, []).append(offer)
    mine = _enrolments(user, courses)
    return [
        Listing(
            course,
            by_course.get(course.pk, []),
            next((e for e in mine.get(course.pk, []) if e.is_open), None),
            next((e for e in mine.get(course.pk, []) if not e.is_open), None),
        )
        for course in courses
    ]


def listing_of(user: User, course: Course, runs: QuerySet[Run]) -> Listing:
    """Return one course with all of these runs."""
    (listing,) = listings(user, [course], Run.objects.none())
    return replace(listing, offers=offers(runs))


def _first_of_each(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Keep the first coming runs of each course, with how many it has."""
    nth = Window(RowNumber(), partition_by=F("course"), order_by=["starts_at", "pk"])
    numbered = runs.annotate(nth=nth, of_course=Window(Count("pk"), partition_by=F("course")))
    return numbered.filter(nth__lte=SHOWN).order_by("starts_at", "pk")


def _count(rows: QuerySet) -> Coalesce:
    """Count rows of another table for each run, without multiplying the runs."""
    counted = rows.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


_TAKEN = _count(Place.objects.booked())
_WAITING = _count(Place.objects.waiting())
_MEETINGS = _count(Meeting.objects.going_on())


def _left(run: Run) -> int | None:
    taken: int = run.taken  # type: ignore[attr-defined]
    return None if run.capacity is None else max(0, run.capacity - taken)


def _institutions(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).values("organisation")  # type: ignore[return-value]


def _enrolments(user: User, courses: Sequence[Course]) -> Mapping[int | None, list[Enrolment]]:
    """Return what somebody follows or has done of these courses, the newest first."""
    counting = Q(status__in=sorted(NOT_FINAL | DONE))
    found: dict[int | None, list[Enrolment]] = {}
    for enrolment in Enrolment.objects.for_user(user).filter(counting, course__in=courses):
        found.setdefault(enrolment.course_id, []).append(enrolment)
    return found
