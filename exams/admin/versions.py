"""What an assignment asks in each version: written with the learner's view beside it, then
frozen."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from exams.admin import publishing
from exams.admin.filters import OfAssignmentFilter
from exams.admin.leading import link_to_plan
from exams.defining.sheets import LONGEST, plain
from exams.models import AssignmentVersion
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, link_to
from learners.admin.parts.filters import happened

TEXTS = ("task_nl", "task_en", "expected_nl", "expected_en")


class VersionForm(forms.ModelForm):
    """What an assignment asks; a version that was published meanwhile takes nothing more."""

    class Meta:
        model = AssignmentVersion
        fields = (
            *("title_nl", "task_nl", "expected_nl"),
            *("title_en", "task_en", "expected_en"),
            *("xp", "answer", "is_reviewed"),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in TEXTS:
            said[name] = plain(said.get(name) or "")
            if len(said[name]) > LONGEST:
                words = _("This is longer than %(n)d characters.")
                self.add_error(name, words % {"n": LONGEST})
        rows = AssignmentVersion.objects.select_for_update(of=("self",)).filter(pk=self.instance.pk)
        if self.instance.pk and rows.exclude(published_at=None).exists():
            raise ValidationError(
                _("This version was published meanwhile. Copy what you typed, and make a new one.")
            )
        return said


@admin.register(AssignmentVersion)
class AssignmentVersionAdmin(ActsAdmin, HouseAdmin):
    """Made from the assignment; frozen once it is published."""

    form = VersionForm
    change_form_template = "admin/exams/version_form.html"
    list_display = ("title", "assignment", "number", "xp", "answer", "is_reviewed", "stage")
    list_select_related = ("assignment",)
    list_filter = (happened("published_at", _("published")), OfAssignmentFilter)
    search_fields = ("title_nl", "title_en", "assignment__code")
    readonly_fields = ("assignment_link", "stage", "plan")
    fieldsets = (
        (None, {"fields": ("assignment_link", "stage", "plan")}),
        (_("In Dutch"), {"fields": ("title_nl", "task_nl", "expected_nl")}),
        (
            _("In English"),
            {
                "fields": ("title_en", "task_en", "expected_en"),
                "description": _("What is empty is shown in Dutch."),
            },
        ),
        (_("What it gives, and how it is answered"), {"fields": ("xp", "answer", "is_reviewed")}),
    )

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site.admin_view, "exams_assignmentversion"
        publish = site(publishing.publish_view(self))
        return [
            path("look/", site(self.look_view), name=f"{name}_look"),
            path("<int:pk>/publish/", publish, name=f"{name}_publish"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins on the page of its assignment."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *VersionForm.Meta.fields) if obj and obj.is_frozen else fields

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Nothing of a frozen version is saved."""
        version = self.get_object(request, object_id)
        frozen = {"show_save": False, "show_save_and_continue": False}
        context = frozen if version and version.is_frozen else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def response_change(self, request: HttpRequest, obj: AssignmentVersion) -> HttpResponse:
        """Say that publishing comes next."""
        response = super().response_change(request, obj)
        if said := publishing.is_next(obj):
            self.message_user(request, said, messages.WARNING)
        return response

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """What is being typed, as a learner sees it, for the form that asks as it changes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = VersionForm(request.POST)
        form.is_valid()
        context = {"version": form.instance}
        return TemplateResponse(request, "admin/exams/_as_learner.html", context)

    @admin.display(description=_("assignment"))
    def assignment_link(self, version: AssignmentVersion) -> SafeString | str:
        return link_to(version.assignment)

    @admin.display(description=_("stage"))
    def stage(self, version: AssignmentVersion) -> str:
        return publishing.stage_of(version)

    @admin.display(description=_("all of the programme"))
    def plan(self, version: AssignmentVersion) -> SafeString | str:
        return link_to_plan(version.assignment.programme_id)
