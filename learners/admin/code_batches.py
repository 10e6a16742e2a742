"""Batches of codes for paid time: made here, handed out as a file, and withdrawn."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from learners import audit
from learners.admin.parts.acting import Act, ActsAdmin
from learners.admin.parts.base import HouseAdmin
from learners.admin.parts.doing import refused
from learners.admin.parts.sheets import sheet_response
from learners.counting import number_of
from learners.models import SubscriptionCode, SubscriptionCodeBatch, User
from learners.people import code_batches, codes
from learners.spreadsheets import writing

UNUSED, ALL = "unused", "all"
USED = Q(used_at__isnull=False)
LEFT = Q(used_at=None, withdrawn_at=None)
WITHDRAWN = Q(withdrawn_at__isnull=False)
MADE_WITH = ("organisation", "name", "days", "number", "ends_on")


class BatchForm(forms.ModelForm):
    """A batch that is made, or its name and last day."""

    def clean_ends_on(self) -> date:
        """Refuse a new last day that is over already."""
        chosen: date = self.cleaned_data["ends_on"]
        institution = self.cleaned_data.get("organisation")
        if self.instance.pk:
            institution = self.instance.organisation
        if "ends_on" in self.changed_data and institution and chosen < institution.today():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return chosen


def _withdraw(rows: Sequence[SubscriptionCodeBatch], said: Mapping[str, Any], by: User) -> int:
    return sum(code_batches.withdraw_unused(batch=row, by=by) for row in rows)


WITHDRAW = Act(
    name="withdraw_codes",
    title=gettext_lazy("Withdraw unused codes"),
    lead=gettext_lazy(
        "Whoever has one of these codes cannot use it any more. What was used goes on. You cannot "
        "take this back."
    ),
    form=forms.Form,
    refuse=refused(gettext_lazy("has no unused codes"), lambda row: not row.n_left),
    follows=lambda rows: {
        row.pk: _("codes that nobody used: %(n)d") % {"n": row.n_left} for row in rows
    },
    do=_withdraw,
    done=ngettext_lazy("%(n)d code was withdrawn.", "%(n)d codes were withdrawn.", "n"),
)


@admin.register(SubscriptionCodeBatch)
class SubscriptionCodeBatchAdmin(ActsAdmin, HouseAdmin):
    """Codes come by themselves with their batch; which institution, how many and for how long stays
    as it was made."""

    acts = (WITHDRAW,)
    form = BatchForm
    change_form_template = "admin/learners/code_batch.html"
    list_display = ("name", "organisation", "days", "number", "used", "left", "ends_on")
    list_filter = ("organisation",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name, or a code")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.codes_view)
        name = "learners_subscriptioncodebatch_codes"
        return [path("<int:pk>/codes/", view, name=name), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("organisation", "made_by")
        return rows.annotate(
            n_used=number_of(SubscriptionCode, "batch", USED),
            n_left=number_of(SubscriptionCode, "batch", LEFT),
            n_withdrawn=number_of(SubscriptionCode, "batch", WITHDRAWN),
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return MADE_WITH
        return (*MADE_WITH, "used", "left", "withdrawn", "made_by", "made_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        made = ("organisation", "days", "number")
        return (*made, "used", "left", "withdrawn", "made_by", "made_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find the batch of a code too, in whatever way it is typed."""
        if code := codes.read(search_term):
            return queryset.filter(codes__code=code), False
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        said = {name: form.cleaned_data[name] for name in MADE_WITH}
        made = code_batches.make(by=request.user, **said)  # type: ignore[arg-type]
        obj.pk, obj.made_by, obj.made_at = made.pk, made.made_by, made.made_at

    def codes_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the codes as a file, to whoever may change the batch; who took it is recorded."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        batch = get_object_or_404(SubscriptionCodeBatch, pk=pk)
        if request.method != "POST":
            address = reverse("admin:learners_subscriptioncodebatch_change", args=[pk])
            return HttpResponseRedirect(address)
        which = ALL if request.POST.get("which") == ALL else UNUSED
        audit.record(
            action="learners.codes_downloaded",
            on=batch,
            by=request.user,  # type: ignore[arg-type]
            changes={"which": [None, which]},
        )
        return _sent(batch, which)

    @admin.display(description=gettext_lazy("used"))
    def used(self, batch: Any) -> int:
        return batch.n_used

    @admin.display(description=gettext_lazy("unused"))
    def left(self, batch: Any) -> int:
        return batch.n_left

    @admin.display(description=gettext_lazy("withdrawn"))
    def withdrawn(self, batch: Any) -> int:
        return batch.n_withdrawn


def _sent(batch: SubscriptionCodeBatch, which: str) -> HttpResponseBase:
    rows = batch.codes.unused() if which == UNUSED else batch.codes.all()
    headings = [_("code"), _("days"), _("usable until"), _("status"), _("used on"), _("used by")]
    lines = _lines(batch, rows.select_related("used_by"))
    what = _("codes")
    return sheet_response(
        f"{what}-{batch.pk}",
        "csv",
        xlsx=lambda: writing.workbook(headings, lines),
        csv=lambda: writing.lines_of_csv(headings, lines),
    )


def _lines(
    batch: SubscriptionCodeBatch, rows: QuerySet[SubscriptionCode]
) -> Iterator[list[object]]:
    """Yield a line for each code, as it is handed out; days are those of the institution."""
    institution = batch.organisation
    for row in rows.iterator(chunk_size=1_000):
        used_on = institution.day_of(row.used_at) if row.used_at else ""
        who = row.used_by.name if row.used_by else ""
        yield [codes.shown(row.code), batch.days, batch.ends_on, _status(row), used_on, who]


def _status(row: SubscriptionCode) -> str:
    if row.used_at:
        return _("used")
    return _("withdrawn") if row.withdrawn_at else _("unused")
