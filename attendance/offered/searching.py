"""Finding a run with its register, and the people on it, among what somebody gives."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learners.hooks.searching import FOUND, Result, Search
from learners.models import Place, Run, User
from learners.offered.searching import said, titled
from learners.telling.days import day


def runs_found(runs: QuerySet[Run], text: str) -> QuerySet[Run]:
    by_words = titled(text, "course__") | Q(code__istartswith=text) | Q(place__icontains=text)
    return runs.filter(by_words).select_related("course")[:FOUND]


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
        .order_by("enrolment__learner__sort_name", "-run__starts_at")[:FOUND]
    )


def register(run_id: int) -> str:
    return reverse("attendance:run_register", args=[run_id])


def show_run(run: Run) -> Result:
    text = said(run.code, day(run.starts_at), run.place)
    return Result(str(run.course), text, register(run.pk))


def show_participant(place: Place) -> Result:
    text = said(place.run.course, place.run.code)
    return Result(place.enrolment.learner.name, text, register(place.run_id))


SEARCHES = (
    Search(_("Courses I teach"), "easel", taught_runs_found, show_run, order=30),
    Search(_("Runs"), "easel", all_runs_found, show_run, order=40),
    Search(_("Participants"), "people", participants_found, show_participant, order=50),
)
