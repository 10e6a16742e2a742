"""Taking courses and programmes off the shelves and back, with who is in them said first; and new
versions of a course."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from learners.admin.parts.acting import Act, RemarkForm
from learners.catalogue import putting_aside
from learners.hooks.questions import Closing
from learners.models import Course, Programme, User
from learners.studying import open_work


class ArchiveForm(RemarkForm):
    along = forms.ChoiceField(
        label=_("Enrolments that are archived along with it"),
        choices=putting_aside.Along.choices,
        required=False,
        initial=putting_aside.Along.NOBODY,
        help_text=_("Who is not done and can no longer follow it is told, with a mail."),
    )


class BringBackForm(RemarkForm):
    with_enrolments = forms.BooleanField(
        label=_("Bring back the enrolments that were archived along with it"),
        required=False,
        initial=True,
    )


class VersionForm(forms.Form):
    code = forms.CharField(label=_("Code of the new version"), max_length=40)


NOBODY = putting_aside.Counted()


def _archive(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    return putting_aside.archive(offers=rows, by=by, **said)


def _bring_back(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    return putting_aside.bring_back(offers=rows, by=by, **said)


def _who_is_in(rows: Sequence[Any]) -> dict[int, str]:
    """Say of each course or programme how many people are in it, by whether they are done."""
    counted = putting_aside.counted_in(rows)
    return {row.pk: _in_words(counted.get(row.pk, NOBODY)) for row in rows}


def _who_is_in_its_courses(rows: Sequence[Programme]) -> dict[int, str]:
    """Say the same of each programme, and what becomes of who follows its courses by it."""
    counted, parts = _who_is_in(rows), putting_aside.counted_in_courses_of(rows)
    said = {}
    for row in rows:
        in_parts = parts.get(row.pk, NOBODY)
        words = [counted[row.pk]]
        if in_parts != NOBODY:
            words.append(gettext("in its courses: %(words)s") % {"words": _in_words(in_parts)})
        if in_parts.going_on:
            goes_on = ngettext(
                "of them %(n)d has a place in a run, and finishes it",
                "of them %(n)d have a place in a run, and finish it",
                in_parts.going_on,
            )
            words.append(goes_on % {"n": in_parts.going_on})
        said[row.pk] = "; ".join(words)
    return said


def _open(rows: Sequence[Any]) -> list[open_work.Line]:
    """Return what is open in the enrolments that may be archived along."""
    along = putting_aside.may_go_along(rows).select_related(*open_work.RELATED).order_by("pk")
    return open_work.of(along, Closing.ARCHIVING)


def _in_words(counted: putting_aside.Counted) -> str:
    words = gettext("%(not_done)d enrolments not done, %(ended)d ended")
    return words % {"not_done": counted.not_done, "ended": counted.ended}


def _new_version(rows: Sequence[Course], said: Mapping[str, Any], by: User) -> int:
    putting_aside.new_version(course=rows[0], code=said["code"], by=by)
    return 1


ARCHIVE = Act(
    name="archive",
    title=_("Archive"),
    lead=_(
        "Nobody can enrol any more. Who is enrolled goes on, unless you archive that too; what was "
        "earned stays earned. It can be taken back."
    ),
    form=ArchiveForm,
    refuse=lambda rows: {r.pk: str(_("archived already")) for r in rows if r.archived_at},
    follows=_who_is_in,
    closes=_open,
    closes_title=_("Open in the enrolments, where you archive them along"),
    do=_archive,
    done=ngettext_lazy("%(n)d was archived.", "%(n)d were archived.", "n"),
)
ARCHIVE_PROGRAMME = replace(
    ARCHIVE,
    lead=_(
        "Nobody can enrol any more. Its courses stay on offer. Who is enrolled goes on, unless you "
        "archive that too; then what they follow of it goes along, but for courses in which they "
        "have a place in a run. What was earned stays earned. It can be taken back."
    ),
    follows=_who_is_in_its_courses,
)
BRING_BACK = Act(
    name="bring_back",
    title=_("Bring back"),
    lead=_("It can be chosen again."),
    form=BringBackForm,
    refuse=lambda rows: {r.pk: str(_("not archived")) for r in rows if not r.archived_at},
    do=_bring_back,
    done=ngettext_lazy("%(n)d was brought back.", "%(n)d were brought back.", "n"),
)
NEW_VERSION = Act(
    name="new_version",
    title=_("Make a new version"),
    lead=_(
        "The course, its lessons and its knowledge centre are copied, unpublished. Completing the "
        "new version satisfies what asked for this one. Archive this one when you publish the new "
        "one."
    ),
    form=VersionForm,
    do=_new_version,
    done=ngettext_lazy("%(n)d new version was made.", "%(n)d new versions were made.", "n"),
    refusals=(putting_aside.VersionRefused,),
    one_only=True,
    related=("organisation",),
)


class ShelfFilter(admin.SimpleListFilter):
    title = _("on offer")
    parameter_name = "shelf"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (("on", _("on offer")), ("draft", _("not published")), ("archived", _("archived")))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "on":
                return queryset.published()  # type: ignore[attr-defined]
            case "draft":
                return queryset.filter(published_at=None, archived_at=None)
            case "archived":
                return queryset.filter(archived_at__isnull=False)
        return queryset


def shelf_of(offer: Course | Programme) -> str:
    """Say whether it is on offer."""
    if offer.archived_at:
        return str(_("archived"))
    return str(_("on offer") if offer.published_at else _("not published"))
