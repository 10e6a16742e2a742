"""What administrators do with versions of exams and their parts, each through its own function."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from exams.defining import exams
from exams.defining.publishing import DefinitionRefused
from exams.models import Exam
from learners.admin.parts.acting import Act
from learners.admin.parts.base import address_of
from learners.admin.parts.doing import one_by_one, refused


def _page_of_draft(exam: Exam) -> str:
    draft = exams.draft_of(exam.programme)
    assert draft is not None, "made just now"
    return address_of(draft)


def _begin(*, exam: Exam, by: object) -> Exam:
    return exams.begin(programme=exam.programme, by=by)  # type: ignore[arg-type]


NEW_VERSION = Act(
    name="new_version",
    title=_("Make a new version"),
    lead=_(
        "The newest version is copied with its parts, unpublished. Exams that were released stay "
        "as they are."
    ),
    form=forms.Form,
    refuse=refused(_("a version is being made already"), lambda row: exams.draft_of(row.programme)),
    do=one_by_one(_begin, "exam", says=()),
    done=ngettext_lazy("%(n)d new version was made.", "%(n)d new versions were made.", "n"),
    leads_to=_page_of_draft,
    one_only=True,
    related=("programme",),
)
THROW_AWAY = Act(
    name="throw_away",
    title=_("Throw away"),
    lead=_("This version goes altogether, with its parts. This cannot be taken back."),
    form=forms.Form,
    refuse=refused(_("published"), lambda row: row.is_frozen),
    do=one_by_one(exams.throw_away, "exam", says=()),
    done=ngettext_lazy("%(n)d version was thrown away.", "%(n)d versions were thrown away.", "n"),
    leads_to=lambda exam: reverse("admin:exams_exam_changelist"),
    refusals=(DefinitionRefused,),
)
REMOVE_PART = Act(
    name="remove_part",
    title=_("Remove this part"),
    lead=_("The part goes, with its instruction, files and criteria. This cannot be taken back."),
    form=forms.Form,
    refuse=refused(_("published"), lambda row: row.exam.is_frozen),
    do=one_by_one(exams.remove_part, "part", says=()),
    done=ngettext_lazy("%(n)d part was removed.", "%(n)d parts were removed.", "n"),
    leads_to=lambda part: address_of(part.exam),
    refusals=(DefinitionRefused,),
    related=("exam",),
)
