"""Who stands in for a coach, as head office names them and takes that back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from learners.admin.parts.acting import Act, ActsAdmin
from learners.admin.parts.base import HouseAdmin
from learners.admin.parts.choosing import choose
from learners.enrolling import standing_in
from learners.enrolling.standing_in import StandInRefused
from learners.models import Organisation, StandIn, User


class NameStandInForm(forms.Form):
    """Who stands in for whom, where, and from when until when."""

    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("institution"))
    coach = choose(StandIn, "coach", _("coach"), required=True)
    stand_in = choose(StandIn, "stand_in", _("who stands in"), required=True)
    starts_on = forms.DateField(label=_("first day"), widget=AdminDateWidget)
    ends_on = forms.DateField(
        label=_("last day"), widget=AdminDateWidget, help_text=_("This day counts too.")
    )


def _take_back(rows: Sequence[StandIn], said: Mapping[str, Any], by: User) -> int:
    for row in rows:
        standing_in.end_stand_in(stand_in=row, by=by)
    return len(rows)


def _over(rows: Sequence[StandIn]) -> dict[int, str]:
    now = timezone.now()
    over = [row for row in rows if row.ended_at or row.ends_at <= now]
    return {row.pk: str(_("is over already")) for row in over}


TAKE_BACK = Act(
    name="take_back",
    title=_("Take back"),
    lead=_("From now on they no longer see whom the other coaches. They are told."),
    form=forms.Form,
    refuse=_over,
    do=_take_back,
    done=ngettext_lazy("%(n)d stand-in was taken back.", "%(n)d stand-ins were taken back.", "n"),
    related=("coach", "stand_in", "organisation"),
)


@admin.register(StandIn)
class StandInAdmin(ActsAdmin, HouseAdmin):
    """Named and taken back by the functions that coaches use; nothing of a row is edited."""

    acts = (TAKE_BACK,)
    is_edited = False
    add_words = _("Name a stand-in")
    list_display = ("stand_in", "coach", "organisation", "first_day", "last_day", "ended_at")
    list_filter = ("organisation",)
    search_fields = ("coach__search_name", "stand_in__search_name")
    ordering = ("-ends_at", "-pk")
    fields = (
        *("coach", "stand_in", "organisation", "first_day", "last_day"),
        *("named_by", "named_at", "ended_at"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        related = ("coach", "stand_in", "organisation", "named_by")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=_("first day"), ordering="starts_at")
    def first_day(self, row: StandIn) -> Any:
        return row.starts_on

    @admin.display(description=_("last day"), ordering="ends_at")
    def last_day(self, row: StandIn) -> Any:
        return row.ends_on

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Name a stand-in; what stands in the way is said beside its field."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NameStandInForm(request.POST or None)
        if form.is_valid():
            try:
                standing_in.name_stand_in(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except StandInRefused as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                words = _("%(who)s stands in, and has been told.")
                said = {"who": form.cleaned_data["stand_in"]}
                self.message_user(request, words % said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:learners_standin_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Name a stand-in"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/learners/name_stand_in.html", context)
