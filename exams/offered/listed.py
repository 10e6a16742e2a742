"""Where the lists of assignments stand on the administration's front page, and which pages lead to
them."""

from collections.abc import Sequence

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exams.models import Assignment, AssignmentVersion, ExamPlan, Theme, Work
from learners.hooks.running import Heading, Leading, Listed
from learners.models import CompletedBy, Programme, User

ASSIGNMENTS = Heading(_("Assignments"), 25)

LISTED = (
    Listed(ExamPlan, ASSIGNMENTS, 10),
    Listed(Theme, ASSIGNMENTS, 20),
    Listed(Assignment, ASSIGNMENTS, 30),
    Listed(AssignmentVersion, ASSIGNMENTS, 40),
    Listed(Work, ASSIGNMENTS, 50),
)


def leads_to(user: User, row: Model) -> Sequence[Leading]:
    """Lead from a programme that an exam completes to its assignments."""
    if not isinstance(row, Programme) or row.completed_by != CompletedBy.EXAM:
        return ()
    if not user.has_perm("exams.view_examplan"):
        return ()
    address = reverse("admin:exams_examplan_of", args=[row.pk])
    return (Leading(_("Assignments"), address),)
