"""'My learning': everything that somebody learns and earned, on one page."""

from dataclasses import dataclass

from django.utils import timezone

from certifications import expecting, my_certifications
from certifications.expecting import Expected as CertificationExpected
from certifications.models import Certificate, CertificateState, Cycle
from learners import expectations, programmes
from learners.expectations import Expected
from learners.home import CalendarEntry, NavItem, Waiting
from learners.models import Enrolment, User
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
    """Gather what concerns this person."""
    return MyLearning(
        pages=home.my_learning_pages(user),
        waiting=[item for item in home.waiting_for(user) if not item.section],
        calendar=home.calendar(user)[:CALENDAR_SHOWN],
        courses=courses_of(user),
        programmes=programmes_of(user),
        certifications=certifications_of(user),
        certificates=certificates_of(user),
    )


def courses_of(user: User) -> list[tuple[Enrolment, Expected]]:
    """Return the courses with what is expected in each, those under way first."""
    now = timezone.now()
    mine = Enrolment.objects.for_user(user).filter(course__isnull=False, archived_at=None)
    first = expectations.prepared(mine, now).order_by(UNDER_WAY_FIRST, "-pk")[:SHOWN]
    return [(enrolment, expectations.expected(enrolment, now)) for enrolment in first]


def programmes_of(user: User) -> list[tuple[Enrolment, Progress]]:
    """Return the programmes with how far somebody is in each."""
    mine = Enrolment.objects.for_user(user).filter(programme__isnull=False, archived_at=None)
    first = list(mine.select_related("programme__organisation").order_by("-pk")[:SHOWN])
    progress = programmes.progress_of(first) if first else {}
    return [(enrolment, progress[enrolment.pk]) for enrolment in first]


def certifications_of(user: User) -> list[tuple[Cycle, CertificationExpected]]:
    """Return the certifications, the most relevant first, each with what is expected now."""
    first = my_certifications.listed(user, {})[:SHOWN]
    return [(cycle, expecting.expected(cycle)) for cycle in first]


def certificates_of(user: User) -> list[tuple[Certificate, CertificateState]]:
    """Return what was earned, the newest first, each with its state of today."""
    mine = Certificate.objects.for_user(user).select_related("organisation")
    first = mine.order_by("-achieved_on", "-pk")[:SHOWN]
    return [
        (certificate, certificate.state_on(certificate.organisation.today()))
        for certificate in first
    ]
