"""Rules that assign: which there are, to how many each gave something, and switching them off."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from certifications.assigning import rules
from certifications.models import AssigningRule, CertificationAssignment
from certifications.models.groups import GROUP_RELATED
from learners.admin.parts.acting import Act, ActsAdmin
from learners.admin.parts.base import QuickAdmin, link_to, link_to_list
from learners.counting import number_of
from learners.models import User


def _switch_off(rows: Sequence[AssigningRule], said: Mapping[str, Any], by: User) -> int:
    return rules.switch_off(rules=rows, by=by)


SWITCH_OFF = Act(
    name="switch_off",
    title=_("Switch off"),
    lead=_("Nobody gets it by this rule any more. Who has it keeps it."),
    form=forms.Form,
    refuse=lambda rows: {
        row.pk: str(_("switched off already")) for row in rows if row.switched_off_at
    },
    do=_switch_off,
    done=ngettext_lazy("%(n)d rule was switched off.", "%(n)d rules were switched off.", "n"),
    related=("certification", *GROUP_RELATED),
)


class OnFilter(admin.SimpleListFilter):
    title = _("applies")
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (("yes", _("yes")), ("no", _("no")))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.on()
        return queryset.exclude(switched_off_at=None) if self.value() == "no" else queryset


@admin.register(AssigningRule)
class AssigningRuleAdmin(ActsAdmin, QuickAdmin):
    acts = (SWITCH_OFF,)
    is_edited = False
    add_words = _("Make a rule")
    list_display = ("certification", "whom", "mode", "people", "state")
    list_select_related = ("certification", "by", *GROUP_RELATED)
    list_filter = (OnFilter, "certification__organisation")
    search_fields = ("certification__title_nl", "certification__code")
    fields = (
        *("what", "whom", "mode", "due_days", "withdraws", "people"),
        *("state", "by", "created_at", "switched_on_at", "switched_off_at", "switched_off_by"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        counted = number_of(CertificationAssignment, "rule")
        return super().get_queryset(request).annotate(n_people=counted)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        mine = "certification__id__exact"
        return lookup == mine or super().lookup_allowed(lookup, value, request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """A rule begins as assigning to a group that keeps applying, with its preview."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        address = reverse("admin:certifications_assigningjob_add")
        return HttpResponseRedirect(f"{address}?keeps=on")

    @admin.display(description=_("certification"))
    def what(self, rule: AssigningRule) -> SafeString | str:
        return link_to(rule.certification)

    @admin.display(description=_("whom"))
    def whom(self, rule: AssigningRule) -> str:
        return rule.group_words

    @admin.display(description=_("people"), ordering="n_people")
    def people(self, rule: AssigningRule) -> SafeString:
        number = rule.n_people  # type: ignore[attr-defined]
        return link_to_list(number, CertificationAssignment, rule__id__exact=rule.pk)

    @admin.display(description=_("applies"))
    def state(self, rule: AssigningRule) -> str:
        if rule.switched_off_at:
            return str(_("switched off"))
        return str(_("applies") if rule.is_on else _("waits until it was done"))
