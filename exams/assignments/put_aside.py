"""Assignments that were put aside while somebody made them: closed, and theirs to read."""

from django.db.models import Q
from django.utils.translation import gettext as _

from exams.assignments.standing import Asked, Standing
from exams.defining.applying import version_for
from exams.models import Work


def readable(standing: Standing, assignment: int) -> Asked | None:
    """Return an assignment as its learner may read it, by its key: as it is asked of them, or put
    aside with a draft or a conversation; then it counts nowhere. None where it is neither."""
    return standing.asked_of(assignment) or _left(standing, assignment)


def why_closed(work: Work | None) -> str:
    """Say that an assignment was put aside of which nothing was handed in; '' where it was not."""
    if work is None or work.number or not work.assignment.archived_at:
        return ""
    return _("This assignment was put aside. What you made stays here to be read.")


def _left(standing: Standing, assignment: int) -> Asked | None:
    begun = Work.objects.filter(enrolment=standing.enrolment, assignment=assignment, number=0)
    begun = begun.filter(assignment__archived_at__isnull=False)
    holds = Q(draft__isnull=False) | Q(conversation__isnull=False)
    work = begun.filter(holds).select_related("assignment__theme").first()
    if work is None:
        return None
    versions = work.assignment.versions.published()
    version = version_for(versions, enrolled_at=standing.enrolment.created_at, work=work)
    return Asked(work.assignment, version, work) if version else None
