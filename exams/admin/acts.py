"""What administrators do with assignments and themes, each through its own function."""

from collections.abc import Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from exams.defining import publishing, putting_aside
from exams.defining.publishing import Touched
from exams.models import Assignment, Theme
from learners.admin.parts.acting import Act, RemarkForm
from learners.admin.parts.doing import all_at_once, first_of, one_by_one, refused


def _page_of_draft(assignment: Assignment) -> str:
    draft = publishing.draft_of(assignment)
    assert draft is not None, "made just now"
    return reverse("admin:exams_assignmentversion_change", args=[draft.pk])


def _leaves(rows: Sequence[Assignment]) -> dict[int, str]:
    """Say of each assignment whose total it leaves, for whom it stays, and who has a draft."""
    touched, begun = publishing.touched_by_many(rows), putting_aside.drafts_in(rows)
    return {
        row.pk: "; ".join(
            [_asked(touched[row.pk]), _kept(touched[row.pk]), *_drafts(begun.get(row.pk, 0))]
        )
        for row in rows
    }


def _drafts(n: int) -> Sequence[str]:
    words = ngettext(
        "%(n)d draft that was not handed in stays with its writer, to be read",
        "%(n)d drafts that were not handed in stay with their writers, to be read",
        n,
    )
    return [words % {"n": n}] if n else []


def _returns(rows: Sequence[Assignment]) -> dict[int, str]:
    """Say of each assignment whose total it enters again."""
    touched = publishing.touched_by_many(rows)
    words = "%(n)d person who follows the programme is asked it again"
    many = "%(n)d people who follow the programme are asked it again"
    return {
        row.pk: ngettext(words, many, n) % {"n": n}
        for row in rows
        for n in [touched[row.pk].not_handed_in]
    }


def _asked(touched: Touched) -> str:
    n = touched.not_handed_in
    words = ngettext(
        "it leaves the XP of %(n)d person who has not handed it in",
        "it leaves the XP of %(n)d people who have not handed it in",
        n,
    )
    return words % {"n": n}


def _kept(touched: Touched) -> str:
    n = touched.improving + touched.keeping
    words = ngettext(
        "it stays for %(n)d person who handed it in",
        "it stays for %(n)d people who handed it in",
        n,
    )
    return words % {"n": n}


NEW_VERSION = Act(
    name="new_version",
    title=_("Make a new version"),
    lead=_("The newest version is copied, unpublished. What was handed in stays as it was."),
    form=forms.Form,
    refuse=first_of(
        refused(_("archived"), lambda row: row.archived_at),
        refused(_("a version is being made already"), publishing.draft_of),
    ),
    do=one_by_one(publishing.begin, "assignment", says=()),
    done=ngettext_lazy("%(n)d new version was made.", "%(n)d new versions were made.", "n"),
    leads_to=_page_of_draft,
    one_only=True,
)
ARCHIVE = Act(
    name="archive",
    title=_("Archive"),
    lead=_(
        "Nobody is asked it any more who has not handed it in. What was handed in stays, with its "
        "XP. It can be taken back."
    ),
    form=RemarkForm,
    follows=_leaves,
    refuse=refused(_("archived already"), lambda row: row.archived_at),
    do=all_at_once(putting_aside.archive, "assignments"),
    done=ngettext_lazy("%(n)d assignment was archived.", "%(n)d assignments were archived.", "n"),
    related=("programme",),
)
BRING_BACK = Act(
    name="bring_back",
    title=_("Bring back"),
    lead=_("It is asked again, and counts in the total of XP."),
    form=RemarkForm,
    follows=_returns,
    refuse=refused(_("not archived"), lambda row: not row.archived_at),
    do=all_at_once(putting_aside.bring_back, "assignments"),
    done=ngettext_lazy(
        "%(n)d assignment was brought back.", "%(n)d assignments were brought back.", "n"
    ),
)


def _holds_something(theme: Theme) -> bool:
    return theme.assignments.exists() or theme.theme_courses.exists()


REMOVE = Act(
    name="remove_empty",
    title=_("Remove"),
    lead=_("A theme in which nothing stands goes altogether. This cannot be taken back."),
    form=forms.Form,
    refuse=refused(_("there are assignments or courses in it"), _holds_something),
    do=all_at_once(putting_aside.remove_empty, "themes", says=()),
    done=ngettext_lazy("%(n)d theme was removed.", "%(n)d themes were removed.", "n"),
    leads_to=lambda theme: reverse("admin:exams_theme_changelist"),
    related=("programme",),
)
