"""What all lists and forms of the administration share: quick lists, audit, nothing deleted."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm, SplitDateTimeField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from learners import audit
from learners.admin.parts.clock import MomentWidget
from learners.hooks.registry import offers

MOST_COUNTED = 1_000
SECRET = frozenset({"password", "usable_password", "password1", "password2"})
ASKED = frozenset({"tell_them"})  # an answer to a question of the form, not something of the row


MOMENTS: dict = {models.DateTimeField: {"form_class": SplitDateTimeField, "widget": MomentWidget}}


class CappedPaginator(Paginator):
    """Counts to 1,000 and then says 'more than': nobody waits for the number of a large table."""

    @cached_property
    def _counted(self) -> int:
        beginning = self.object_list[: MOST_COUNTED + 1]
        return beginning.count() if isinstance(beginning, models.QuerySet) else len(beginning)

    @property
    def is_capped(self) -> bool:
        """Whether there is more than was counted."""
        return self._counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    def page(self, number: int | str) -> Page:
        """Find the keys of a page before its rows: with its joins in the same query, SQLite went
        through a million rows for the first fifty."""
        number = self.validate_number(number)
        begin = (number - 1) * self.per_page
        rows: Any = self.object_list[begin : begin + self.per_page]
        if isinstance(self.object_list, models.QuerySet):
            rows = self.object_list.filter(pk__in=list(rows.values_list("pk", flat=True)))
        return Page(rows, number, self)


class QuickAdmin(admin.ModelAdmin):
    """A list that is as quick with a million rows, and a history that is our own audit log."""

    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False  # the learner's page is the learner's
    change_form_template = "admin/learners/change_form.html"
    formfield_overrides = MOMENTS

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What happened stays: nothing is deleted here, one by one or many at a time."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """Say what is listed, rather than what to do with it."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Say what kind of thing it is."""
        name = str(self.opts.verbose_name)
        title = name if object_id else _("add %(name)s") % {"name": name}
        context = {"title": capfirst(title), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say in whose time zone times are typed, where some can be, and where one goes on."""
        inlines = [shown.formset.form.base_fields for shown in context["inline_admin_formsets"]]
        fields = [
            field
            for form in (context["adminform"].form.fields, *inlines)
            for field in form.values()
        ]
        if any(isinstance(field, SplitDateTimeField) for field in fields):
            context["zone"] = timezone.get_current_timezone_name()
        if row := context.get("original"):
            context["leads"] = [
                page
                for offer in offers()
                for page in offer.leads_to(request.user, row)  # type: ignore[arg-type]
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list:
        """Say 'Add another membership' without a capital in the middle."""
        found = super().get_inline_formsets(*args, **kwargs)
        for shown in found:
            said = json.loads(shown.inline_formset_data())
            name = {"verbose_name": shown.opts.verbose_name}
            said["options"]["addText"] = _("Add another %(verbose_name)s") % name
            shown.inline_formset_data = json.dumps(said)  # which the template reads
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Only look where there is something to look for."""
        return super().get_search_results(request, queryset, search_term.strip())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Show the audit log of this object, whichever list it was opened from."""
        kind = self.opts.concrete_model._meta.label_lower  # type: ignore[union-attr]
        asked = {"object_type": kind, "object_id": object_id}
        address = reverse("admin:learners_auditentry_changelist")
        return HttpResponseRedirect(f"{address}?{urlencode(asked)}")


class TellsHistory(QuickAdmin):
    """Shows what really happened to a row, which stands in more than the audit log."""

    tells_of_several = False

    def events(self, row: Any) -> Sequence[Any]:
        """Return what happened, the newest first; each has `at`, `who`, `what`, `on` and `why`."""
        raise NotImplementedError

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Show the history of a row, with the way to the audit log of it alone."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(row)s") % {"row": row},
            "opts": self.opts,
            "row": row,
            "row_url": address_of(row),
            "events": [(event, address_of(event.on)) for event in self.events(row)],
            "several": self.tells_of_several,
            "log_url": super().history_view(request, object_id).headers["Location"],
        }
        return TemplateResponse(request, "admin/learners/history.html", context)


class HouseAdmin(QuickAdmin):
    """Whatever is added or changed stands in the audit log."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record_form(request, form, obj, "changed" if change else "added")

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool
    ) -> None:
        """Save what is edited together, and record each row that was touched."""
        for row in formset.deleted_forms:
            if row.instance.pk:
                record_form(request, row, row.instance, "removed")
        formset.save()
        for row in formset.forms:
            if row.has_changed() and row.instance.pk and row not in formset.deleted_forms:
                made = row.instance in formset.new_objects
                record_form(request, row, row.instance, "added" if made else "changed")

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """The audit log has it already."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """The audit log has it already."""


class ReadOnly:
    """Looked at, and never changed, here or anywhere."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows that belong to what is shown, to read."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False


def record_form(request: HttpRequest, form: ModelForm, obj: models.Model, verb: str) -> None:
    """Write in the audit log what a form changed; forms that changed nothing leave no trace."""
    if verb == "changed" and not set(form.changed_data) - ASKED:
        return
    changes = {
        name: [_plain(form.get_initial_for_field(form.fields[name], name)), _plain(value)]
        for name, value in form.cleaned_data.items()
        if name in form.changed_data and name not in SECRET | ASKED
    }
    audit.record(
        action=f"{obj._meta.app_label}.{obj._meta.model_name}_{verb}",
        on=obj,
        by=request.user,  # type: ignore[arg-type]
        changes=changes if verb != "removed" else {},
    )


def link_to_list(label: object, model: type[models.Model], **filters: object) -> SafeString:
    """Return a link to the list of a model, narrowed down."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(filters), label)


def link_to(row: models.Model | None) -> SafeString | str:
    """Return a link to the page of one row."""
    if row is None:
        return "–"
    return format_html('<a href="{}">{}</a>', address_of(row), row)


def address_of(row: models.Model) -> str:
    """Return the address of the page of one row."""
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def _plain(value: object) -> object:
    """Return what JSON can hold of a form's value."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet | list | tuple | set):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
