"""The courses of a programme as its learner sees them, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from learners.catalogue import versions
from learners.hooks import asking
from learners.hooks.pages import Section
from learners.models import DONE, Course, Enrolment, ProgrammeCourse, User
from learners.pages import coaches, course_page
from learners.people import subscriptions
from learners.studying import days_achieved, open_work, whose_turn
from learners.studying.programmes import Progress
from learners.studying.whose_turn import Expected


@dataclass(frozen=True)
class Line:
    """A course of a programme: the enrolment that counts for it, what is expected there, and
    whether completing the programme needs it."""

    course: Course
    enrolment: Enrolment | None
    expected: Expected | None
    is_needed: bool

    @property
    def is_done(self) -> bool:
        return self.enrolment is not None and self.enrolment.status in DONE


def fetch(user: User, now: datetime, pk: int) -> Enrolment:
    """Fetch one of somebody's programmes with its courses as they see them, whether these are open
    to them, and who coaches them.

    Raises `Enrolment.DoesNotExist`.
    """
    mine = Enrolment.objects.for_user(user).filter(programme__isnull=False)
    found = mine.select_related("programme__organisation").get(pk=pk)
    found.lines = lines_of(found, now)  # type: ignore[attr-defined]
    found.access = subscriptions.access(user, found.organisation)  # type: ignore[attr-defined]
    found.coached = coaches.coaches_of(found)  # type: ignore[attr-defined]
    return found


def lacks_subscription(enrolment: Enrolment) -> bool:
    """Whether a subscription is all that keeps somebody from going on: with a programme that was
    fetched so, or with an exam that stays open to them whatever became of it."""
    if enrolment.access.is_open:  # type: ignore[attr-defined]
        return False
    return enrolment.is_open or bool(asking.open_exams([enrolment]))


def programme_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer how far somebody is in a programme that was fetched so, its courses in order, and what
    can be proved of a withdrawal. Courses that an app shows among what is its own are left to it,
    and so is how far somebody is; where there are no courses, nothing is said of them."""
    shown = asking.courses_shown(enrolment)
    every: list[Line] = enrolment.lines  # type: ignore[attr-defined]
    lines = [line for line in every if line.course.pk not in shown]
    offered = (
        course_page.force_majeure_section(enrolment),
        open_work.section(enrolment),
        _done(enrolment, lines) if lines and not shown else None,
        _courses(enrolment, lines) if lines else None,
    )
    return [section for section in offered if section is not None]


def _done(enrolment: Enrolment, lines: Sequence[Line]) -> Section:
    return Section(
        title="",
        template="learners/pages/_programme_progress.html",
        context={"progress": progress(lines), "name": enrolment.subject.title},
        order=10,
    )


def _courses(enrolment: Enrolment, lines: Sequence[Line]) -> Section:
    return Section(
        title=_("Courses"),
        template="learners/pages/_programme_courses.html",
        context={"lines": lines, "access": enrolment.access},  # type: ignore[attr-defined]
        order=20,
    )


def lines_of(whole: Enrolment, now: datetime) -> list[Line]:
    """Return the courses of somebody's programme in its order, in a constant number of queries;
    in one where it has none.

    For each course the enrolment that counts: one that is done, else an open one, else the newest;
    a newer version of the course counts as well.
    """
    assert whole.programme is not None, "a programme's page"
    parts = whole.programme.programme_courses.select_related("course").order_by("position", "pk")
    if not (asked := list(parts)):
        return []
    stand_ins = versions.stand_ins()
    counting: dict[int, Enrolment] = {}
    mine = Enrolment.objects.filter(learner=whole.learner_id, course__isnull=False)
    rows = list(whose_turn.prepared(mine, now).order_by("pk"))
    for enrolment in _counting(rows, whole.results_from):
        assert enrolment.course_id is not None, "filtered"
        for course in versions.satisfied_by(stand_ins, enrolment.course_id):
            counting[course] = max(counting.get(course, enrolment), enrolment, key=_weight)
    return [_line(each, counting.get(each.course_id), now) for each in asked]


def _counting(rows: Sequence[Enrolment], since: date | None) -> list[Enrolment]:
    """Keep what counts for who follows a programme anew: what is open, or was done since then."""
    if since is None:
        return list(rows)
    days = days_achieved.days_of([row for row in rows if row.status in DONE])
    return [row for row in rows if row.is_open or days.get(row.pk, date.min) >= since]


def progress(lines: Sequence[Line]) -> Progress:
    """Return how many of the courses that are needed are done."""
    needed = [line for line in lines if line.is_needed]
    return Progress(sum(line.is_done for line in needed), len(needed))


def next_line(lines: Sequence[Line]) -> Line | None:
    """Return the first course in which the learner has to act: one that is needed, if there is."""
    mine = [line for line in lines if line.expected and line.expected.is_mine]
    return min(mine, key=lambda line: not line.is_needed, default=None)


def _weight(enrolment: Enrolment) -> tuple[bool, bool, int]:
    return enrolment.status in DONE, enrolment.is_open, enrolment.pk


def _line(part: ProgrammeCourse, enrolment: Enrolment | None, now: datetime) -> Line:
    expected = whose_turn.expected(enrolment, now) if enrolment else None
    return Line(part.course, enrolment, expected, part.is_needed)
