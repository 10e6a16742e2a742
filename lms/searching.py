"""Finding a course, a run, a person or a certificate among what somebody may see."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certifications.models import Certificate
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


def my_courses(user: User, text: str) -> Group:
    enrolments = (
        Enrolment.objects.for_user(user)
        .filter(titled(text, "course__"))
        .select_related("course")[:SHOWN]
    )
    return Group(
        _("My courses"),
        "journal-bookmark",
        [
            Result(
                str(enrolment.course),
                str(enrolment.shown_status).capitalize(),
                reverse("learners:my_course_detail", args=[enrolment.pk]),
            )
            for enrolment in enrolments
        ],
    )


def taught_runs(user: User, text: str) -> Group:
    runs = (
        Run.objects.taught_by(user)
        .filter(titled(text, "course__") | Q(code__istartswith=text) | Q(place__icontains=text))
        .select_related("course")[:SHOWN]
    )
    return Group(
        _("Courses I teach"),
        "easel",
        [
            Result(
                str(run.course),
                " · ".join(filter(None, [run.code, day(run.starts_at), run.place])),
                reverse("attendance:run_register", args=[run.pk]),
            )
            for run in runs
        ],
    )


def open_runs(user: User, text: str) -> Group:
    runs = (
        Run.objects.open_for_enrolment(timezone.now())
        .filter(titled(text, "course__"), course__organisation__memberships__user=user)
        .select_related("course")
        .distinct()[:SHOWN]
    )
    return Group(
        _("Open for enrolment"),
        "collection",
        [
            Result(
                str(run.course),
                " · ".join(filter(None, [day(run.starts_at), run.place])),
                reverse("learners:catalogue_list"),
            )
            for run in runs
        ],
    )


def certificates(user: User, text: str) -> Group:
    found = Certificate.objects.for_user(user).filter(
        Q(title__icontains=text) | Q(number__istartswith=text)
    )[:SHOWN]
    return Group(
        _("My certificates"),
        "award",
        [
            Result(certificate.title, certificate.number, certificate.get_absolute_url())
            for certificate in found
        ],
    )


def everybody(user: User, text: str) -> Group:
    """Find anybody, for who works at head office."""
    found = User.objects.matching(text)[:SHOWN] if user.is_staff else []
    return Group(
        _("People"),
        "people",
        [
            Result(
                person.name,
                person.email or "",
                reverse("admin:learners_user_change", args=[person.pk]),
            )
            for person in found
        ],
    )


def participants(user: User, text: str) -> Group:
    """Find people on the runs that somebody teaches, each with the register they stand in."""
    places = (
        Place.objects.booked()
        .filter(run__teachers=user, enrolment__learner__in=User.objects.matching(text))
        .select_related("enrolment__learner", "run__course")
        .order_by("enrolment__learner__sort_name", "-run__starts_at")[:SHOWN]
    )
    return Group(
        _("Participants"),
        "people",
        [
            Result(
                place.enrolment.learner.name,
                f"{place.run.course} · {place.run.code}",
                reverse("attendance:run_register", args=[place.run_id]),
            )
            for place in places
        ],
    )


KINDS = (my_courses, certificates, taught_runs, participants, everybody, open_runs)


def search(user: User, text: str) -> list[Group]:
    """Return what was found, the kinds without a result left out."""
    if len(text) < SHORTEST:
        return []
    return [group for kind in KINDS if (group := kind(user, text)).results]
