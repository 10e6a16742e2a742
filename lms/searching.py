"""Finding a course, a run, a person or a certificate among what somebody may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certifications.models import Certificate
from learners import catalogue
from learners.models import Enrolment, Place, Run, User
from learners.templatetags.learners import day

SHOWN = 10
SHORTEST = 2


@dataclass(frozen=True)
class Result:
    """One thing that was found, and where it is."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    title: str | Promise
    icon: str
    results: list[Result]


def titled(text: str, prefix: str) -> Q:
    """Match a title in either language, or the beginning of a code."""
    return (
        Q(**{f"{prefix}title_nl__icontains": text})
        | Q(**{f"{prefix}title_en__icontains": text})
        | Q(**{f"{prefix}code__istartswith": text})
    )


def courses_found(user: User, text: str) -> QuerySet[Enrolment]:
    """Find among the courses that somebody is in."""
    mine = Enrolment.objects.for_user(user).filter(titled(text, "course__"))
    return mine.select_related("course")[:SHOWN]


def certificates_found(user: User, text: str) -> QuerySet[Certificate]:
    """Find among what somebody earned."""
    by_title_or_number = Q(title__icontains=text) | Q(number__istartswith=text)
    return Certificate.objects.for_user(user).filter(by_title_or_number)[:SHOWN]


def runs_found(runs: QuerySet[Run], text: str) -> QuerySet[Run]:
    by_words = titled(text, "course__") | Q(code__istartswith=text) | Q(place__icontains=text)
    return runs.filter(by_words).select_related("course")[:SHOWN]


def taught_runs_found(user: User, text: str) -> QuerySet[Run]:
    """Find among the runs that somebody gives."""
    return runs_found(Run.objects.given_by(user), text)


def all_runs_found(user: User, text: str) -> QuerySet[Run]:
    """Find any run, for who works at head office."""
    return runs_found(Run.objects.all(), text) if user.is_staff else Run.objects.none()


def participants_found(user: User, text: str) -> QuerySet[Place]:
    """Find people on the runs that somebody teaches, each with the register they stand in."""
    return (
        Place.objects.booked()
        .filter(
            run__in=Run.objects.given_by(user),
            enrolment__learner__in=User.objects.matching(text),
        )
        .select_related("enrolment__learner", "run__course")
        .order_by("enrolment__learner__sort_name", "-run__starts_at")[:SHOWN]
    )


def people_found(user: User, text: str) -> QuerySet[User]:
    """Find anybody, for who works at head office."""
    return User.objects.matching(text)[:SHOWN] if user.is_staff else User.objects.none()


def open_runs_found(user: User, text: str) -> QuerySet[Run]:
    """Find among what somebody may enrol in."""
    return (
        catalogue.with_room(Run.objects.open_for_enrolment(timezone.now()))
        .filter(titled(text, "course__"), course__organisation__memberships__user=user)
        .select_related("course")
        .distinct()[:SHOWN]
    )


def said(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def register(run_id: int) -> str:
    return reverse("attendance:run_register", args=[run_id])


def show_course(enrolment: Enrolment) -> Result:
    url = reverse("learners:my_course_detail", args=[enrolment.pk])
    return Result(str(enrolment.course), enrolment.shown_status.capitalize(), url)


def show_certificate(certificate: Certificate) -> Result:
    return Result(certificate.title, certificate.number, certificate.owner_url)


def show_run(run: Run) -> Result:
    text = said(run.code, day(run.starts_at), run.place)
    return Result(str(run.course), text, register(run.pk))


def show_participant(place: Place) -> Result:
    text = said(place.run.course, place.run.code)
    return Result(place.enrolment.learner.name, text, register(place.run_id))


def show_person(person: User) -> Result:
    url = reverse("admin:learners_user_change", args=[person.pk])
    return Result(person.name, person.email or "", url)


def show_open_run(run: Run) -> Result:
    text = said(day(run.starts_at), run.place)
    return Result(str(run.course), text, reverse("learners:catalogue_list"))


KINDS: tuple[tuple[Promise, str, Callable, Callable], ...] = (
    (_("My courses"), "journal-bookmark", courses_found, show_course),
    (_("My certificates"), "award", certificates_found, show_certificate),
    (_("Courses I teach"), "easel", taught_runs_found, show_run),
    (_("Runs"), "easel", all_runs_found, show_run),
    (_("Participants"), "people", participants_found, show_participant),
    (_("People"), "person-lines-fill", people_found, show_person),
    (_("Open for enrolment"), "collection", open_runs_found, show_open_run),
)


def search(user: User, text: str) -> list[Group]:
    """Return what was found of each kind; kinds without a result are left out."""
    if len(text) < SHORTEST:
        return []
    groups = [
        Group(title, icon, [show(row) for row in found(user, text)])
        for title, icon, found, show in KINDS
    ]
    return [group for group in groups if group.results]
