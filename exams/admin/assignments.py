"""Assignments: where each stands, whether it is needed, and its versions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.admin import needing
from exams.admin.acts import ARCHIVE, BRING_BACK, NEW_VERSION
from exams.admin.filters import ProgrammeFilter, StageFilter
from exams.admin.leading import back_to_plan, link_to_plan
from exams.admin.plan_form import refuse_without_exam
from exams.admin.publishing import is_next, stage_of
from exams.defining import publishing
from exams.models import Assignment, Theme, ThemeCourse
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin
from learners.keys import key_in


class AssignmentForm(forms.ModelForm):
    class Meta:
        model = Assignment
        fields = ("theme", "code", "position", "is_needed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "theme" in self.fields:
            field: Any = self.fields["theme"]
            field.queryset = Theme.objects.filter(programme=self.instance.programme_id)
            for verb in ("add", "change", "view"):  # its own page is elsewhere
                setattr(field.widget, f"can_{verb}_related", False)

    def clean_theme(self) -> Theme:
        """Assignments are of programmes with an exam, and stay with theirs."""
        theme: Theme = self.cleaned_data["theme"]
        refuse_without_exam(theme.programme)
        return theme

    def clean_code(self) -> str:
        return " ".join(self.cleaned_data["code"].split())

    def clean(self) -> dict[str, Any]:
        """A code is there once in a programme, however it is written; and whom it touches that it
        becomes needed, or is no longer, is agreed to."""
        said = super().clean() or {}
        theme, code = said.get("theme"), said.get("code")
        others = Assignment.objects.exclude(pk=self.instance.pk)
        if theme and code and others.filter(programme=theme.programme, code__iexact=code):
            self.add_error("code", gettext("Another assignment of this programme has this code."))
        if self.instance.pk and "is_needed" in self.changed_data and not self.errors:
            needing.ask({self.instance: said["is_needed"]}, self.data)
        return said


@admin.register(Assignment)
class AssignmentAdmin(ActsAdmin, HouseAdmin):
    """What it asks is said by its versions; the first begins once it is made."""

    form = AssignmentForm
    acts = (NEW_VERSION, ARCHIVE, BRING_BACK)
    list_display = ("title", "code", "programme", "theme", "needed", "stage")
    list_select_related = ("programme", "theme")
    list_filter = (StageFilter, ProgrammeFilter, "programme__organisation")
    search_fields = ("code", "versions__title_nl", "versions__title_en", "theme__title_nl")
    ordering = ("programme__title_nl", "programme", "theme__position", "position", "pk")
    autocomplete_fields = ("theme",)
    readonly_fields = ("plan", "versions", "archived_at")
    fields = ("theme", "code", "position", "is_needed", "versions", "plan", "archived_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("versions")

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple:
        """Of what is there already, the few themes of its programme are all offered."""
        is_there = "object_id" in request.resolver_match.kwargs if request.resolver_match else False
        return () if is_there else ("theme",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "theme__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Put a new assignment after all that its theme has."""
        initial = super().get_changeform_initial_data(request)
        theme = key_in(str(initial.get("theme", "")))
        if theme is not None:
            places = [
                *Assignment.objects.filter(theme=theme).values_list("position", flat=True),
                *ThemeCourse.objects.filter(theme=theme).values_list("position", flat=True),
            ]
            initial["position"] = str(max(places, default=0) + 1)
        return initial

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            publishing.begin(assignment=obj, by=request.user)  # type: ignore[arg-type]

    def response_add(
        self, request: HttpRequest, obj: Assignment, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with what it asks."""
        super().response_add(request, obj, post_url_continue)
        draft = publishing.draft_of(obj)
        name = "admin:exams_assignmentversion_change"
        return HttpResponseRedirect(reverse(name, args=[draft.pk if draft else 0]))

    def response_change(self, request: HttpRequest, obj: Assignment) -> HttpResponse:
        """Go back to all that its programme asks."""
        response = super().response_change(request, obj)
        return back_to_plan(request, obj.programme_id) or response

    @admin.display(description=_("title"))
    def title(self, assignment: Assignment) -> str:
        version = next(iter(assignment.versions.all()), None)
        return (version.title if version else "") or assignment.code

    @admin.display(description=_("needed"), boolean=True, ordering="is_needed")
    def needed(self, assignment: Assignment) -> bool:
        return assignment.is_needed

    @admin.display(description=_("stage"))
    def stage(self, assignment: Assignment) -> str:
        if assignment.archived_at:
            return str(_("archived"))
        rows = list(assignment.versions.all())
        if rows and not rows[0].is_frozen and len(rows) > 1:
            return str(_("new version being made"))
        return stage_of(rows[0]) if rows else "–"

    @admin.display(description=_("versions"))
    def versions(self, assignment: Assignment) -> SafeString | str:
        """Lead to what it asks, in each version."""
        if not assignment.pk:
            return str(_("You say so on the next page."))
        rows = list(assignment.versions.all())
        said = format_html_join(" · ", "{} ({})", ((_linked(row), stage_of(row)) for row in rows))
        draft = next((row for row in rows if not row.is_frozen), None)
        return format_html_join(" ", "{}", ((said,), (is_next(draft),)))

    @admin.display(description=_("all of the programme"))
    def plan(self, assignment: Assignment) -> SafeString | str:
        return link_to_plan(assignment.programme_id)


def _linked(version: Any) -> SafeString | str:
    words = gettext("version %(n)d") % {"n": version.number}
    return format_html_join("", '<a href="{}">{}</a>', ((_page(version), words),))


def _page(version: Any) -> str:
    return reverse("admin:exams_assignmentversion_change", args=[version.pk])
