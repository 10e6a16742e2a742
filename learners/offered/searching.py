"""Finding a course, a person or a run that takes learners among what somebody may see."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.catalogue import on_offer
from learners.hooks.searching import FOUND, Result, Search
from learners.models import Enrolment, Run, User
from learners.telling.days import day


def titled(text: str, prefix: str) -> Q:
    """Match a title in either language, or the beginning of a code."""
    return (
        Q(**{f"{prefix}title_nl__icontains": text})
        | Q(**{f"{prefix}title_en__icontains": text})
        | Q(**{f"{prefix}code__istartswith": text})
    )


def said(*parts: object) -> str:
    """Return what is known of these, in one line."""
    return " · ".join(str(part) for part in parts if part)


def courses_found(user: User, text: str) -> QuerySet[Enrolment]:
    """Find among the courses that somebody is in."""
    mine = Enrolment.objects.for_user(user).filter(titled(text, "course__"))
    return mine.select_related("course")[:FOUND]


def people_found(user: User, text: str) -> QuerySet[User]:
    """Find anybody, for who works at head office."""
    return User.objects.matching(text)[:FOUND] if user.is_staff else User.objects.none()


def open_runs_found(user: User, text: str) -> QuerySet[Run]:
    """Find among what somebody may enrol in."""
    return (
        on_offer.with_room(Run.objects.open_for_enrolment(timezone.now()))
        .filter(titled(text, "course__"), course__organisation__memberships__user=user)
        .select_related("course")
        .distinct()[:FOUND]
    )


def show_course(enrolment: Enrolment) -> Result:
    url = reverse("learners:my_course_detail", args=[enrolment.pk])
    return Result(str(enrolment.course), enrolment.shown_status.capitalize(), url)


def show_person(person: User) -> Result:
    url = reverse("admin:learners_user_change", args=[person.pk])
    return Result(person.name, person.email or "", url)


def show_open_run(run: Run) -> Result:
    text = said(day(run.starts_at), run.place)
    return Result(str(run.course), text, reverse("learners:catalogue_list"))


SEARCHES = (
    Search(_("My courses"), "journal-bookmark", courses_found, show_course, order=10),
    Search(_("People"), "person-lines-fill", people_found, show_person, order=60),
    Search(_("Open for enrolment"), "collection", open_runs_found, show_open_run, order=70),
)
