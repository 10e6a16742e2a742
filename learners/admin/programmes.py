"""Programmes with their courses."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.admin.catalogue import TITLES
from learners.admin.parts import putting_aside
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, link_to_list
from learners.admin.parts.inlines import EditedInline
from learners.admin.parts.removing import RemovalFormSet
from learners.counting import number_of
from learners.hooks import asking
from learners.models import CompletedBy, Enrolment, Programme, ProgrammeCourse

NEEDS_A_COURSE = _("Its courses complete this programme. Tick at least one of them as needed.")
CHANGES_WHAT_IS_NEEDED = _(
    "People follow this programme, so this stays. Make a new programme, and archive this one."
)


class ProgrammeCourseFormSet(RemovalFormSet):
    """The courses of a programme are of its own institution. Once somebody follows it they stay,
    and so does what is needed to complete it."""

    @cached_property
    def is_followed(self) -> bool:
        """Whether anybody ever enrolled in the programme."""
        return Enrolment.objects.filter(programme=self.instance.pk).exists()

    def refuses(self, row: ProgrammeCourse) -> str:
        if not self.is_followed:
            return ""
        return gettext(
            "%(course)s stays: people follow this programme. Make a new programme without it, and "
            "archive this one."
        ) % {"course": row.course}

    def follows(self, row: ProgrammeCourse) -> str:
        return gettext("who enrols from now on does not follow it in this programme.")

    def clean(self) -> None:
        super().clean()
        chosen = [form for form in self.forms if getattr(form, "cleaned_data", {}).get("course")]
        for form in chosen:
            if form.cleaned_data["course"].organisation_id != self.instance.organisation_id:
                form.add_error("course", _("This is a course of another institution."))
            if form.instance.pk and "is_needed" in form.changed_data and self.is_followed:
                form.add_error("is_needed", CHANGES_WHAT_IS_NEEDED)
        staying = [form for form in chosen if form not in self.deleted_forms]
        by_courses = self.instance.completed_by == CompletedBy.COURSES
        if by_courses and staying and not any(f.cleaned_data["is_needed"] for f in staying):
            raise ValidationError(NEEDS_A_COURSE)


class ProgrammeCourseInline(EditedInline):
    model = ProgrammeCourse
    formset = ProgrammeCourseFormSet
    known = ("course",)
    fields = ("position", "course", "is_needed")
    autocomplete_fields = ("course",)


class ProgrammeForm(forms.ModelForm):
    class Meta:
        model = Programme
        fields = (
            *("organisation", "code", *TITLES, "published_at"),
            *("completed_by", "learners_choose_run", "term_days"),
        )

    def clean_completed_by(self) -> str:
        """What completes a programme stays, as long as an app needs it to."""
        chosen: str = self.cleaned_data["completed_by"]
        changes = self.instance.pk and "completed_by" in self.changed_data
        if changes and (why := asking.why_completed_by_the_same(self.instance)):
            raise ValidationError(why)
        return chosen


@admin.register(Programme)
class ProgrammeAdmin(ActsAdmin, HouseAdmin):
    form = ProgrammeForm
    acts = (putting_aside.ARCHIVE_PROGRAMME, putting_aside.BRING_BACK)
    inlines = (ProgrammeCourseInline,)
    list_display = ("title", "code", "organisation", "courses_in_it", "enrolments", "state")
    list_select_related = ("organisation",)
    list_filter = (putting_aside.ShelfFilter, "organisation")
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
        return putting_aside.shelf_of(programme)
