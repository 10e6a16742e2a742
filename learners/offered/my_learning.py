"""What the ground puts on 'my learning': courses and programmes, what waits in them, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.hooks.pages import CalendarEntry, Learned, Section, Waiting
from learners.models import Enrolment, User
from learners.offered.home import course_waits, programme_waits
from learners.pages.my_courses import UNDER_WAY_FIRST
from learners.studying import open_work, programmes, whose_turn
from learners.studying.programmes import Progress

SHOWN = 10  # of each kind; each has a page of its own with all of them


def learned(user: User) -> Learned:
    """Gather what this person follows, from one look at all of it."""
    now = timezone.now()
    ever = Enrolment.objects.for_user(user)  # what was archived still counts for a programme
    prepared = whose_turn.prepared(ever, now).select_related("course", "programme__organisation")
    followed = list(prepared.order_by(UNDER_WAY_FIRST, "-pk"))
    mine = [enrolment for enrolment in followed if enrolment.archived_at is None]
    courses = [enrolment for enrolment in mine if enrolment.course_id]
    in_programmes = sorted((e for e in mine if e.programme_id), key=lambda e: -e.pk)
    progress = programmes.progress_of(in_programmes, followed) if in_programmes else {}
    return Learned(
        waiting=[*_courses_wait(courses, now), *_programmes_wait(in_programmes, progress)],
        calendar=list(_calendar_of(courses)),
        sections=[_courses(courses, now), *_programmes(in_programmes, progress)],
    )


def _courses(courses: Sequence[Enrolment], now: datetime) -> Section:
    rows = [(e, whose_turn.expected(e, now)) for e in courses[:SHOWN]]
    return Section(
        title=_("Courses"),
        template="learners/pages/_my_courses.html",
        context={"courses": rows},
        order=10,
        link=reverse("learners:my_course_list"),
    )


def _programmes(
    in_programmes: Sequence[Enrolment], progress: Mapping[int, Progress]
) -> list[Section]:
    if not in_programmes:
        return []
    rows = [(e, progress[e.pk]) for e in in_programmes[:SHOWN]]
    return [
        Section(
            title=_("Programmes"),
            template="learners/pages/_my_programmes.html",
            context={"programmes": rows},
            order=30,
            link=reverse("learners:my_programme_list"),
        )
    ]


def _courses_wait(courses: Sequence[Enrolment], now: datetime) -> list[Waiting]:
    return [
        course_waits(enrolment, whose_turn.expected(enrolment, now))
        for enrolment in courses
        if whose_turn.is_waiting(enrolment, now)
    ]


def _programmes_wait(
    in_programmes: Sequence[Enrolment], progress: Mapping[int, Progress]
) -> list[Waiting]:
    waiting = [enrolment for enrolment in in_programmes if enrolment.is_open]
    for enrolment in waiting:
        enrolment.progress = progress[enrolment.pk]  # type: ignore[attr-defined]
    open_in = open_work.after_lapsing(waiting)
    return [programme_waits(one, open_in.get(one.pk, "")) for one in waiting]


def _calendar_of(courses: Iterable[Enrolment]) -> Iterator[CalendarEntry]:
    """Yield the coming meetings of the runs in which somebody has a place, of what was prepared."""
    for enrolment in courses:
        run = whose_turn.booked_run_of(enrolment)
        for meeting in run.coming if run else ():  # type: ignore[attr-defined]
            assert run is not None, "only a run has meetings"
            yield CalendarEntry(
                title=enrolment.subject.title,
                begins_at=meeting.begins_at,
                ends_at=meeting.ends_at,
                place=meeting.place or run.place or (gettext("online") if meeting.link else ""),
                url=enrolment.get_absolute_url(),
            )
