"""Courses with their knowledge centre."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.admin.lessons import links_to_lessons
from learners.admin.parts import putting_aside
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, link_to_list
from learners.admin.parts.choosing import course_words
from learners.admin.parts.inlines import EditedInline
from learners.admin.parts.removing import RemovalFormSet
from learners.counting import number_of
from learners.forms import MaterialForm
from learners.models import Course, Enrolment, Lesson, Material, Run

TITLES = ("title_nl", "title_en", "summary_nl", "summary_en")


class MaterialFormSet(RemovalFormSet):
    def follows(self, row: Material) -> str:
        return gettext("learners no longer find it in the knowledge centre.")


class MaterialInline(EditedInline):
    model = Material
    formset = MaterialFormSet
    form = MaterialForm
    known = ("file",)
    fields = ("position", "title", "shown_file", "upload", "link")
    readonly_fields = ("shown_file",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.by = request.user  # type: ignore[attr-defined]
        return formset

    @admin.display(description=_("in use"))
    def shown_file(self, material: Material) -> str:
        return material.file.name if material.file else "–"


class CourseForm(forms.ModelForm):
    class Meta:
        model = Course
        fields = (
            *("organisation", "code", "kind", *TITLES),
            *("published_at", "open_for_enrolment", "new_version_of"),
            *("study_points", "points_on", "maximum_study_points"),
            *("term_days", "term_begins", "withdrawal_limit_days"),
            *("gives_certificate", "certificate_months"),
        )

    def clean(self) -> dict[str, Any]:
        """A new version stands in for a course of the same institution, and not in a circle."""
        cleaned = super().clean() or {}
        older, seen = cleaned.get("new_version_of"), {self.instance.pk}
        if older and older.organisation_id != getattr(cleaned.get("organisation"), "pk", None):
            self.add_error("new_version_of", _("This is a course of another institution."))
        while older is not None:
            if older.pk in seen:
                self.add_error("new_version_of", _("These versions would follow in a circle."))
                break
            seen.add(older.pk)
            older = older.new_version_of
        return cleaned


@admin.register(Course)
class CourseAdmin(ActsAdmin, HouseAdmin):
    choice_words = staticmethod(course_words)
    form = CourseForm
    acts = (putting_aside.ARCHIVE, putting_aside.BRING_BACK, putting_aside.NEW_VERSION)
    inlines = (MaterialInline,)
    list_display = ("title", "code", "organisation", "kind", "runs", "enrolments", "state")
    list_select_related = ("organisation",)
    list_filter = (putting_aside.ShelfFilter, "organisation", "kind")
    search_fields = ("title_nl", "title_en", "code")
    autocomplete_fields = ("new_version_of",)
    readonly_fields = ("archived_at", "lessons", "runs", "enrolments")
    fieldsets = (
        (
            None,
            {"fields": ("organisation", "code", "kind", *TITLES, "lessons", "runs", "enrolments")},
        ),
        (
            _("On offer"),
            {"fields": ("published_at", "open_for_enrolment", "archived_at", "new_version_of")},
        ),
        (
            _("Study points"),
            {"fields": ("study_points", "points_on", "maximum_study_points")},
        ),
        (
            _("Term and withdrawal"),
            {"fields": ("term_days", "term_begins", "withdrawal_limit_days")},
        ),
        (_("Certificate"), {"fields": ("gives_certificate", "certificate_months")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = {
            "n_runs": number_of(Run, "course"),
            "n_lessons": number_of(Lesson, "course", Q(archived_at=None)),
            "n_enrolments": number_of(Enrolment, "course"),
        }
        return super().get_queryset(request).annotate(**counted)

    def get_readonly_fields(self, request: HttpRequest, obj: Course | None = None) -> tuple:
        """A course does not move to another institution: its people would not follow."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "organisation") if obj else tuple(fields)

    @admin.display(description=_("title"), ordering="title_nl")
    def title(self, course: Course) -> str:
        return course.title

    @admin.display(description=_("lessons"))
    def lessons(self, course: Course) -> SafeString | str:
        """Lead to the lessons, and to a new one."""
        return links_to_lessons(course, course.n_lessons) if course.pk else "–"  # type: ignore[attr-defined]

    @admin.display(description=_("runs"), ordering="n_runs")
    def runs(self, course: Course) -> str:
        return link_to_list(course.n_runs, Run, course__id__exact=course.pk)  # type: ignore[attr-defined]

    @admin.display(description=_("enrolments"), ordering="n_enrolments")
    def enrolments(self, course: Course) -> str:
        return link_to_list(course.n_enrolments, Enrolment, course=course.pk)  # type: ignore[attr-defined]

    @admin.display(description=_("on offer"))
    def state(self, course: Course) -> str:
        return putting_aside.shelf_of(course)
