"""'My learning': everything that somebody learns and earned, on one page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from certifications import expecting, my_certifications
from certifications.expecting import Expected as CertificationExpected
from certifications.models import Certificate, CertificateState, Cycle
from learners import expectations, programmes
from learners.expectations import Expected
from learners.home import course_waits, programme_waits
from learners.models import Enrolment, User
from learners.offers import CalendarEntry, NavItem, Waiting
from learners.programmes import Progress
from learners.views.courses import UNDER_WAY_FIRST
from lms import home

SHOWN = 10  # of each kind; each has a page of its own with all of them
CALENDAR_SHOWN = 5


@dataclass(frozen=True)
class MyLearning:
    """What the page shows: what waits on top, then each kind of thing that is learned."""

    pages: list[NavItem]
    waiting: list[Waiting]
    calendar: list[CalendarEntry]
    courses: list[tuple[Enrolment, Expected]]
    programmes: list[tuple[Enrolment, Progress]]
    certifications: list[tuple[Cycle, CertificationExpected]]
    certificates: list[tuple[Certificate, CertificateState]]


def of(user: User) -> MyLearning:
    """Gather what concerns this person, from one look at all that they follow."""
    now = timezone.now()
    ever = Enrolment.objects.for_user(user)  # what was archived still counts for a programme
    prepared = expectations.prepared(ever, now).select_related("course", "programme")
    followed = list(prepared.order_by(UNDER_WAY_FIRST, "-pk"))
    mine = [enrolment for enrolment in followed if enrolment.archived_at is None]
    courses = [enrolment for enrolment in mine if enrolment.course_id]
    in_programmes = sorted((e for e in mine if e.programme_id), key=lambda e: -e.pk)
    progress = programmes.progress_of(in_programmes, followed) if in_programmes else {}
    return MyLearning(
        pages=home.my_learning_pages(user),
        waiting=home.by_urgency([*_courses_wait(courses, now), *_wait(in_programmes, progress)]),
        calendar=sorted(calendar_of(courses), key=lambda entry: entry.begins_at)[:CALENDAR_SHOWN],
        courses=[(e, expectations.expected(e, now)) for e in courses[:SHOWN]],
        programmes=[(e, progress[e.pk]) for e in in_programmes[:SHOWN]],
        certifications=certifications_of(user),
        certificates=certificates_of(user),
    )


def _courses_wait(courses: Sequence[Enrolment], now: datetime) -> list[Waiting]:
    return [
        course_waits(enrolment, expectations.expected(enrolment, now))
        for enrolment in courses
        if expectations.is_waiting(enrolment, now)
    ]


def _wait(in_programmes: Sequence[Enrolment], progress: Mapping[int, Progress]) -> list[Waiting]:
    waiting = [enrolment for enrolment in in_programmes if enrolment.is_open]
    for enrolment in waiting:
        enrolment.progress = progress[enrolment.pk]  # type: ignore[attr-defined]
    return [programme_waits(enrolment) for enrolment in waiting]


def calendar_of(courses: Iterable[Enrolment]) -> Iterator[CalendarEntry]:
    """Yield the coming meetings of the runs in which somebody has a place, of what was prepared."""
    for enrolment in courses:
        run = expectations.booked_run_of(enrolment)
        for meeting in run.coming if run else ():  # type: ignore[attr-defined]
            assert run is not None, "only a run has meetings"
            yield CalendarEntry(
                title=enrolment.subject.title,
                begins_at=meeting.begins_at,
                ends_at=meeting.ends_at,
                place=meeting.place or run.place or (gettext("online") if meeting.link else ""),
                url=enrolment.get_absolute_url(),
            )


def certifications_of(user: User) -> list[tuple[Cycle, CertificationExpected]]:
    """Return the certifications, the most relevant first, each with what is expected now."""
    first = my_certifications.most_relevant(my_certifications.mine(user))[:SHOWN]
    return [(cycle, expecting.expected(cycle)) for cycle in first]


def certificates_of(user: User) -> list[tuple[Certificate, CertificateState]]:
    """Return what was earned, the newest first, each with its state of today."""
    mine = Certificate.objects.for_user(user).select_related("organisation")
    first = mine.order_by("-achieved_on", "-pk")[:SHOWN]
    return [
        (certificate, certificate.state_on(certificate.organisation.today()))
        for certificate in first
    ]
