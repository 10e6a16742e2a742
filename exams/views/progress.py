"""How far the people are whom somebody coaches, or looks after as the board."""

from typing import NamedTuple

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from exams.assignments import standing, sums
from exams.models import Work
from exams.pages import charts, progress
from exams.pages import learner_assignments as learner
from exams.pages import progress_file as files
from exams.pages.progress import ProgressFilter
from learners.models import Programme, Role, User
from learners.models.enrolment import EnrolmentQuerySet
from learners.people.roles import role_required


class Choice(NamedTuple):
    """A programme, one's people in it, and which of them are shown."""

    programme: Programme
    scale: sums.Scale
    people: EnrolmentQuerySet
    form: ProgressFilter
    rows: EnrolmentQuerySet


@require_safe
@role_required(Role.COACH, Role.BOARD)
def progress_list(request: HttpRequest) -> HttpResponse:
    """The programmes in which I have people: how many, how many wait, how many are in reach of the
    exam."""
    lines = progress.lines_of(request.user)
    return render(request, "exams/progress/progress_list.html", {"lines": lines})


@require_safe
@role_required(Role.COACH, Role.BOARD)
def programme_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of my people in one programme: drawn first, then person by person."""
    asked = _asked(request, pk)
    under_way = asked.people.followed()
    shares = sums.shares_of(under_way, varies=asked.scale.varies)
    spread = charts.of_xp(shares, asked.scale)
    number = asked.rows.count() if any(asked.form.said.values()) else spread.number
    page, persons = progress.page_of(asked.programme, asked.rows, number, request.GET.get("page"))
    context = {
        "programme": asked.programme,
        "scale": asked.scale,
        "spread": spread,
        "weeks": charts.of_weeks(under_way, asked.programme.organisation),
        "form": asked.form,
        "page": page,
        "persons": persons,
    }
    return render(request, "exams/progress/programme_progress.html", context)


@require_safe
@role_required(Role.COACH, Role.BOARD)
def progress_file(request: HttpRequest, pk: int) -> FileResponse | StreamingHttpResponse:
    """The same people as a workbook or as CSV, as far as they were filtered."""
    asked = _asked(request, pk)
    rows = files.lines(
        progress.all_persons(asked.programme, asked.rows), asked.programme.organisation
    )
    name = f"{asked.programme.code}-{timezone.localdate().isoformat()}"
    if request.GET.get("as") == "csv":
        return files.as_csv(rows, name)
    return files.as_workbook(rows, name)


@require_safe
@role_required(Role.COACH, Role.BOARD)
def learner_assignments(request: HttpRequest, pk: int) -> HttpResponse:
    """The assignments of one person: their state, XP and versions, and the way to each."""
    user: User = request.user  # type: ignore[assignment]
    related = ("learner", "programme__organisation", "programme__exam_plan")
    enrolment = get_object_or_404(progress.people_of(user).select_related(*related), pk=pk)
    board = enrolment.organisation.pk in progress.boards_of(user)
    coaches = progress.coaches(user, enrolment)
    stands = standing.without_courses([enrolment])[enrolment.pk]
    context = {
        "enrolment": enrolment,
        "standing": stands,
        "themes": learner.by_theme(stands),
        "coaches": coaches,
        "may_review": coaches or Work.objects.judged_by(user).filter(enrolment=enrolment).exists(),
        "may_exempt": board and enrolment.is_followed,
    }
    return render(request, "exams/progress/learner_assignments.html", context)


def _asked(request: HttpRequest, pk: int) -> Choice:
    """Return a programme in which the user has people, and those who are asked for."""
    user: User = request.user  # type: ignore[assignment]
    programme = get_object_or_404(progress.programmes_of(user), pk=pk)
    people = progress.people_of(user).filter(programme=programme)
    scale, form = sums.scale_of(programme), ProgressFilter(request.GET)
    return Choice(programme, scale, people, form, progress.found(people, scale, form.said))
