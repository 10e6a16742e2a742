"""Courses with their knowledge centre, and programmes with their courses."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from learners import shelving
from learners.admin.acting import Act, ActsAdmin, RemarkForm
from learners.admin.base import HouseAdmin, link_to_list
from learners.admin.inlines import EditedInline
from learners.admin.lessons import links_to_lessons
from learners.admin.removing import RemovalFormSet
from learners.counting import number_of
from learners.forms import MaterialForm
from learners.models import (
    Course,
    Enrolment,
    Lesson,
    Material,
    Programme,
    ProgrammeCourse,
    Run,
    User,
)

TITLES = ("title_nl", "title_en", "summary_nl", "summary_en")


class ArchiveForm(RemarkForm):
    with_enrolments = forms.BooleanField(
        label=_("Show the enrolments that are final as archived too"), required=False
    )


class VersionForm(forms.Form):
    code = forms.CharField(label=_("Code of the new version"), max_length=40)


def _archive(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    return shelving.archive(offers=rows, by=by, **said)


def _bring_back(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    return shelving.bring_back(offers=rows, by=by, reason=said["reason"])


def _new_version(rows: Sequence[Course], said: Mapping[str, Any], by: User) -> int:
    shelving.new_version(course=rows[0], code=said["code"], by=by)
    return 1


ARCHIVE = Act(
    name="archive",
    title=_("Archive"),
    lead=_("Nobody can enrol any more. Who is enrolled goes on; what was earned stays earned."),
    form=ArchiveForm,
    refuse=lambda rows: {r.pk: str(_("archived already")) for r in rows if r.archived_at},
    do=_archive,
    done=ngettext_lazy("%(n)d was archived.", "%(n)d were archived.", "n"),
)
BRING_BACK = Act(
    name="bring_back",
    title=_("Bring back"),
    lead=_("It can be chosen again."),
    form=RemarkForm,
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
    refusals=(shelving.VersionRefused,),
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
    form = CourseForm
    acts = (ARCHIVE, BRING_BACK, NEW_VERSION)
    inlines = (MaterialInline,)
    list_display = ("title", "code", "organisation", "kind", "runs", "enrolments", "state")
    list_select_related = ("organisation",)
    list_filter = (ShelfFilter, "organisation", "kind")
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
    def state(self, offer: Course | Programme) -> str:
        return shelf_of(offer)


class ProgrammeCourseFormSet(RemovalFormSet):
    """The courses of a programme are of its own institution, and stay once somebody follows it."""

    def refuses(self, row: ProgrammeCourse) -> str:
        following = Enrolment.objects.filter(programme=row.programme_id)
        if not following.exists():
            return ""
        return gettext(
            "%(course)s stays: people follow this programme. Make a new programme without it, and "
            "archive this one."
        ) % {"course": row.course}

    def follows(self, row: ProgrammeCourse) -> str:
        return gettext("who enrols from now on does not follow it in this programme.")

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            course = form.cleaned_data.get("course") if hasattr(form, "cleaned_data") else None
            if course and course.organisation_id != self.instance.organisation_id:
                form.add_error("course", _("This is a course of another institution."))


class ProgrammeCourseInline(EditedInline):
    model = ProgrammeCourse
    formset = ProgrammeCourseFormSet
    known = ("course",)
    fields = ("position", "course")
    autocomplete_fields = ("course",)


@admin.register(Programme)
class ProgrammeAdmin(ActsAdmin, HouseAdmin):
    acts = (ARCHIVE, BRING_BACK)
    inlines = (ProgrammeCourseInline,)
    list_display = ("title", "code", "organisation", "courses_in_it", "enrolments", "state")
    list_select_related = ("organisation",)
    list_filter = (ShelfFilter, "organisation")
    search_fields = ("title_nl", "title_en", "code")
    readonly_fields = ("archived_at", "enrolments")
    fieldsets = (
        (None, {"fields": ("organisation", "code", *TITLES, "enrolments")}),
        (_("On offer"), {"fields": ("published_at", "archived_at")}),
        (_("How it goes"), {"fields": ("completed_by", "learners_choose_run", "term_days")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = {
            "n_courses": number_of(ProgrammeCourse, "programme"),
            "n_enrolments": number_of(Enrolment, "programme"),
        }
        return super().get_queryset(request).annotate(**counted)

    def get_readonly_fields(self, request: HttpRequest, obj: Programme | None = None) -> tuple:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "organisation") if obj else tuple(fields)

    @admin.display(description=_("title"), ordering="title_nl")
    def title(self, programme: Programme) -> str:
        return programme.title

    @admin.display(description=_("courses"), ordering="n_courses")
    def courses_in_it(self, programme: Programme) -> int:
        return programme.n_courses  # type: ignore[attr-defined]

    @admin.display(description=_("enrolments"), ordering="n_enrolments")
    def enrolments(self, programme: Programme) -> str:
        return link_to_list(programme.n_enrolments, Enrolment, programme__id__exact=programme.pk)  # type: ignore[attr-defined]

    @admin.display(description=_("on offer"))
    def state(self, programme: Programme) -> str:
        return shelf_of(programme)


def shelf_of(offer: Course | Programme) -> str:
    """Say whether it is on offer."""
    if offer.archived_at:
        return str(_("archived"))
    return str(_("on offer") if offer.published_at else _("not published"))
