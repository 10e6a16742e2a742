"""Lines that show how a file is filled in: right as they stand, for the institution that asks."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.models import Course, ImportKind, Organisation, Programme, Role, Run, User
from learners.studying import places

Line = tuple[str, ...]
ADA, YOUSSEF = "noor.voorbeeld@example.org", "youssef.voorbeeld@example.org"


def lines(kind: ImportKind, organisation: Organisation | None) -> list[Line]:
    """Return the lines of an example, which pass their own check; none where the institution has
    no course yet."""
    if organisation is None:
        return []
    return _of(organisation)[kind]


def _of(organisation: Organisation) -> dict[str, list[Line]]:
    courses = Course.objects.published().filter(organisation=organisation).order_by("pk")
    course, run = _with_run(organisation) or (courses.first(), None)
    if course is None:
        return {ImportKind.ENROLMENTS: [], ImportKind.EXEMPTIONS: []}
    today = organisation.today()
    before = f"{today - timedelta(days=40):%Y-%m-%d}"
    let_know = f"{today - timedelta(days=30):%Y-%m-%d}"
    where = (course.code, run.code if run else "")
    names = (_("Noor Example"), _("Youssef Example"))
    return {
        ImportKind.ENROLMENTS: [
            (*where, ADA, names[0], before, "", "", ""),
            (*where, YOUSSEF, names[1], before, let_know, "", ""),
            *_of_programme(organisation, names[0], before),
        ],
        ImportKind.EXEMPTIONS: [
            (ADA, names[0], course.code, _("Base list: nurses")),
            (YOUSSEF, names[1], course.code, _("Exemption file of 12 March")),
        ],
    }


def _of_programme(organisation: Organisation, name: str, before: str) -> list[Line]:
    """Return a line about a programme with a coach, where there are any."""
    programme = Programme.objects.published().filter(organisation=organisation).order_by("pk")
    coaches = User.objects.filter(
        memberships__organisation=organisation,
        memberships__role=Role.COACH,
        is_active=True,
        email__isnull=False,
    )
    found, coach = programme.first(), coaches.order_by("pk").first()
    if found is None:
        return []
    return [(found.code, "", ADA, name, before, "", "", (coach and coach.email) or "")]


def _with_run(organisation: Organisation) -> tuple[Course, Run] | None:
    """Find a run that still takes somebody, the next one to begin."""
    coming = Q(starts_at__gt=timezone.now()) | Q(starts_at=None)
    runs = (
        Run.objects.filter(coming, course__organisation=organisation, cancelled_at=None)
        .select_related("course")
        .order_by(F("starts_at").asc(nulls_last=True), "pk")[:20]
    )
    left = places.room(list(runs))
    return next(((run.course, run) for run in runs if left[run.pk] != 0), None)
