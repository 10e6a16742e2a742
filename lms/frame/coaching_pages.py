"""The page of somebody whom one coaches: what every app knows of how they are doing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learners.models import Enrolment, Role, User
from learners.pages import coaches, coaching, programme_page
from learners.people.roles import role_required
from lms.frame import home
from lms.frame.home import Cards


@require_safe
@role_required(Role.COACH)
def coached_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme of somebody whom I coach: its courses in order, where they stand, and what
    every app tells a coach."""
    now = timezone.now()
    coach: User = request.user  # type: ignore[assignment]
    mine = coaching.with_activity(Enrolment.objects.coached_by(coach))
    enrolment = get_object_or_404(mine.select_related("learner", "programme__organisation"), pk=pk)
    lines = programme_page.lines_of(enrolment, now)
    said = home.coach_words([line.enrolment for line in lines if line.enrolment])
    rows = [
        (
            line,
            coaching.said_of_course(line.enrolment, now),
            coaching.facts_of_course(line.enrolment, said),
        )
        for line in lines
    ]
    offered = home.gathered(lambda offer: offer.coached_sections(coach, enrolment))
    return render(
        request,
        "lms/coached_detail.html",
        {
            "enrolment": enrolment,
            "programme": enrolment.programme,
            "rows": rows,
            "cards": Cards.of(offered),
            "progress": programme_page.progress(lines),
            "last_active": coaching.last_active(enrolment),
            "worries": coaching.worries(enrolment, now),
            "coaches": coaches.coaches_of(enrolment),
        },
    )
