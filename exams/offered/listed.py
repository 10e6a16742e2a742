"""Where the lists of assignments stand on the administration's front page, and which pages lead to
them."""

from collections.abc import Sequence

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exams.models import (
    Application,
    Assignment,
    AssignmentVersion,
    Attempt,
    Exam,
    ExamPart,
    ExamPlan,
    ExperienceEntry,
    Sample,
    Theme,
    Work,
)
from learners.hooks.running import Heading, Leading, Listed
from learners.models import CompletedBy, Programme, User

ASSIGNMENTS = Heading(_("Assignments"), 25)
EXAMS = Heading(_("Exams"), 26)

LISTED = (
    Listed(ExamPlan, ASSIGNMENTS, 10),
    Listed(Theme, ASSIGNMENTS, 20),
    Listed(Assignment, ASSIGNMENTS, 30),
    Listed(AssignmentVersion, ASSIGNMENTS, 40),
    Listed(Work, ASSIGNMENTS, 50),
    Listed(ExperienceEntry, ASSIGNMENTS, 60),
    Listed(Exam, EXAMS, 10),
    Listed(ExamPart, EXAMS, 20),
    Listed(Application, EXAMS, 30),
    Listed(Sample, EXAMS, 40),
    Listed(Attempt, EXAMS, 50),
)


def leads_to(user: User, row: Model) -> Sequence[Leading]:
    """Lead from a programme that an exam completes to its assignments and its exam."""
    if not isinstance(row, Programme) or row.completed_by != CompletedBy.EXAM:
        return ()
    pages = (
        ("exams.view_examplan", Leading(_("Assignments"), _of("exams_examplan", row))),
        ("exams.view_exam", Leading(_("Exam"), _of("exams_exam", row))),
    )
    return tuple(page for right, page in pages if user.has_perm(right))


def _of(name: str, programme: Programme) -> str:
    return reverse(f"admin:{name}_of", args=[programme.pk])
