"""Themes of a programme, with the assignments and the courses that stand in them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.admin import needing
from exams.admin.acts import REMOVE
from exams.admin.filters import ProgrammeFilter
from exams.admin.leading import back_to_plan, link_to_plan
from exams.admin.plan_form import refuse_without_exam
from exams.models import Assignment, Theme, ThemeCourse
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, address_of, link_to_list
from learners.admin.parts.inlines import EditedInline
from learners.admin.parts.removing import RemovalFormSet
from learners.admin.parts.words import yes_no
from learners.counting import number_of
from learners.keys import key_in
from learners.models import Programme, ProgrammeCourse


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Theme
        fields = ("programme", "title_nl", "title_en", "summary_nl", "summary_en", "position")

    def clean_programme(self) -> Programme:
        programme: Programme = self.cleaned_data["programme"]
        refuse_without_exam(programme)
        return programme


class AssignmentFormSet(RemovalFormSet):
    """Whom it touches that some become needed, or are no longer, is agreed to."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        changed = [form for form in self.forms if "is_needed" in form.changed_data]
        changes = {form.instance: form.cleaned_data["is_needed"] for form in changed}
        needing.ask(changes, self.data)


class AssignmentInline(EditedInline):
    """The order of assignments; they are added on a page of their own."""

    model = Assignment
    formset = AssignmentFormSet
    fields = ("position", "shown", "is_needed")
    readonly_fields = ("shown",)
    can_delete = False
    ordering = ("position", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("versions")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("title"))
    def shown(self, assignment: Assignment) -> SafeString:
        version = next(iter(assignment.versions.all()), None)
        title = (version.title if version else "") or assignment.code
        archived = gettext("archived")
        words = f"{title} ({archived})" if assignment.archived_at else title
        return format_html('<a href="{}">{}</a>', address_of(assignment), words)


class CourseFormSet(RemovalFormSet):
    """Courses of the programme, each in one theme."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "programme_course" in form.fields:
            form.fields["programme_course"].choices = self._choices

    @property
    def _choices(self) -> list[tuple[Any, str]]:
        if not hasattr(self, "_found"):
            rows = ProgrammeCourse.objects.filter(programme=self.instance.programme_id)
            free = rows.filter(in_theme=None) | rows.filter(in_theme__theme=self.instance.pk)
            found = free.select_related("course").order_by("position", "pk")
            self._found = [("", "---------"), *((row.pk, str(row.course)) for row in found)]
        return self._found

    def clean(self) -> None:
        super().clean()
        chosen = {key for key, _words in self._choices}
        for form in self.forms:
            row = getattr(form, "cleaned_data", {}).get("programme_course")
            if row and row.pk not in chosen:
                form.add_error(
                    "programme_course",
                    gettext("This course is not in the programme, or in another theme."),
                )

    def follows(self, row: ThemeCourse) -> str:
        return gettext("it stands among the other courses of the programme again.")


class CourseInline(EditedInline):
    model = ThemeCourse
    formset = CourseFormSet
    fields = ("position", "programme_course", "needed")
    readonly_fields = ("needed",)
    known = ("programme_course__course",)
    extra = 1
    verbose_name = _("course")
    verbose_name_plural = _("courses among the assignments")

    @admin.display(description=_("needed to complete the programme"))
    def needed(self, row: ThemeCourse) -> str:
        """What the page of the programme says of it."""
        return yes_no(row.programme_course.is_needed) if row.programme_course_id else "–"


@admin.register(Theme)
class ThemeAdmin(ActsAdmin, HouseAdmin):
    form = ThemeForm
    acts = (REMOVE,)
    inlines = (AssignmentInline, CourseInline)
    change_form_template = "admin/exams/theme_form.html"
    list_display = ("name", "position", "programme", "n_of_assignments")
    list_display_links = ("name",)
    list_editable = ("position",)
    list_select_related = ("programme",)
    list_filter = (ProgrammeFilter, "programme__organisation")
    search_fields = ("title_nl", "title_en", "programme__title_nl", "programme__code")
    ordering = ("programme__title_nl", "programme", "position", "pk")
    autocomplete_fields = ("programme",)
    readonly_fields = ("plan",)
    fieldsets = (
        (None, {"fields": ("programme", "plan", "title_nl", "title_en", "position")}),
        (_("Summary"), {"fields": ("summary_nl", "summary_en")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = number_of(Assignment, "theme")
        return super().get_queryset(request).annotate(n_assignments=counted)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> tuple:
        """What stands in a theme comes once it is there."""
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        """A theme does not move to another programme: its assignments would not follow."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "programme") if obj else fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Put a new theme after those that its programme has."""
        initial = super().get_changeform_initial_data(request)
        programme = key_in(str(initial.get("programme", "")))
        if programme is not None:
            last = Theme.objects.filter(programme=programme).order_by("position").last()
            initial["position"] = str(last.position + 1 if last else 1)
        return initial

    def response_add(
        self, request: HttpRequest, obj: Theme, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go back to the programme, where assignments are added to it."""
        response = super().response_add(request, obj, post_url_continue)
        return back_to_plan(request, obj.programme_id) or response

    @admin.display(description=_("title"), ordering="title_nl")
    def name(self, theme: Theme) -> str:
        return theme.title

    @admin.display(description=_("all of the programme"))
    def plan(self, theme: Theme) -> SafeString | str:
        return link_to_plan(theme.programme_id)

    @admin.display(description=_("assignments"), ordering="n_assignments")
    def n_of_assignments(self, theme: Theme) -> SafeString:
        number = theme.n_assignments  # type: ignore[attr-defined]
        return link_to_list(number, Assignment, theme__id__exact=theme.pk)
