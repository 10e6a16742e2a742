"""Registers: which are open, until when, and opening one again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from attendance.models import Register
from attendance.register import closing
from learners.admin.parts.acting import Act, ActsAdmin, ReasonForm, RemarkForm
from learners.admin.parts.base import QuickAdmin, link_to
from learners.models import Run, User
from learners.models.run import register_open_on
from learners.telling.days import when_words

SAID = (gettext_noop("register closed"), gettext_noop("register reopened"))
RELATED = ("course__organisation", "register_closed_by")
Rows = Sequence[Register]


class ReopenForm(ReasonForm):
    """Why a register is opened again, and until when."""

    until = forms.DateField(label=_("Open until and including"), widget=AdminDateWidget)

    def clean_until(self) -> date:
        """A day that is over opens nothing."""
        until: date = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return until


def _reopen(rows: Rows, said: Mapping[str, Any], by: User) -> int:
    for run in rows:
        closing.reopen_register(run=run, until=said["until"], reason=said["reason"], by=by)
    return len(rows)


def _close(rows: Rows, said: Mapping[str, Any], by: User) -> int:
    for run in rows:
        closing.close_register(run=run, by=by)
    return len(rows)


def _not_to_close(rows: Rows) -> dict[int, str]:
    why = {
        r.pk: closing.why_not_to_close(r) if closing.is_open(r) else _("closed already")
        for r in rows
    }
    return {pk: str(words) for pk, words in why.items() if words}


def _stands(rows: Rows) -> dict[int, str]:
    return {run.pk: register_words(run) for run in rows}


def register_words(run: Run) -> str:
    """Say until when a register is open, or since when and by whom it is closed."""
    if run.register_closed_at:
        said = {"when": when_words(run.register_closed_at), "name": run.register_closed_by}
        return gettext("closed by %(name)s, %(when)s") % said
    if run.register_open_until is None:
        return gettext("open")
    day = {"day": date_format(run.register_open_until)}
    return (
        gettext("open until %(day)s") if closing.is_open(run) else gettext("closed after %(day)s")
    ) % day


REOPEN = Act(
    name="reopen_register",
    title=_("Open the register until another day"),
    lead=_(
        "Its teachers can change it until and including that day, and are told. A register that "
        "was closed, by itself or by hand, opens again."
    ),
    form=ReopenForm,
    follows=_stands,
    do=_reopen,
    done=ngettext_lazy("%(n)d register was opened.", "%(n)d registers were opened.", "n"),
    refusals=(closing.ClosingRefused,),
    related=RELATED,
)
CLOSE = Act(
    name="close_register",
    title=_("Close the register"),
    lead=_("Its teachers can still read it, and no longer change it."),
    form=RemarkForm,
    refuse=_not_to_close,
    do=_close,
    done=ngettext_lazy("%(n)d register was closed.", "%(n)d registers were closed.", "n"),
    refusals=(closing.ClosingRefused,),
    related=RELATED,
)


class OpenFilter(admin.SimpleListFilter):
    title = _("register")
    parameter_name = "register"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (("open", _("open")), ("closed", _("closed")))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        is_open = register_open_on(timezone.localdate())
        wanted = {"open": is_open, "closed": ~is_open}
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(Register)
class RegisterAdmin(ActsAdmin, QuickAdmin):
    acts = (REOPEN, CLOSE)
    is_edited = False
    list_display = ("code", "course", "place", "ends_at", "stands", "page")
    list_select_related = RELATED
    list_filter = (OpenFilter, "course__organisation")
    search_fields = ("code", "course__code", "course__title_nl", "course__title_en", "place")
    fields = ("run", "ends_at", "stands", "page")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("run"))
    def run(self, row: Register) -> str:
        return link_to(Run.objects.select_related("course").get(pk=row.pk))

    @admin.display(description=_("register"), ordering="register_open_until")
    def stands(self, row: Register) -> str:
        return register_words(row)

    @admin.display(description=_("participants"))
    def page(self, row: Register) -> str:
        address = reverse("attendance:run_register", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Show"))
