"""The administration's front page, in the order of what people do."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# What stands under which heading; what is named nowhere stands under its app, at the end.
SECTIONS = (
    (
        _("Enrolling and looking after people"),
        (
            "learners.Enrolment",
            "attendance.Participation",
            "attendance.Register",
            "learners.ImportJob",
            "learners.ExemptionImport",
            "learners.User",
        ),
    ),
    (
        _("What can be learned"),
        ("learners.Course", "learners.Lesson", "learners.Run", "learners.Programme"),
    ),
    (
        _("Certifications and certificates"),
        (
            "certifications.Certification",
            "certifications.CertificationAssignment",
            "certifications.AssignmentJob",
            "certifications.AssignmentRule",
            "certifications.Standing",
            "certifications.CertificationVersion",
            "certifications.Certificate",
        ),
    ),
    (_("Institutions and rights"), ("learners.Organisation", "auth.Group")),
    (
        _("What happened"),
        (
            "learners.AuditEntry",
            "attendance.RegisterSaving",
            "attendance.Attendance",
            "attendance.AttendanceChange",
            "learners.Notification",
            "learners.StudyPointAccount",
            "learners.StoredFile",
        ),
    ),
)


RECENT = 10


class Choices(AutocompleteJsonView):
    """What can be chosen as one types, in the words that its list has for that."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        said = super().serialize_result(obj, to_field_name)
        words = getattr(self.model_admin, "choice_words", None)
        return {**said, "text": words(obj)} if words else said


class Administration(admin.AdminSite):
    """Django's administration, with our headings."""

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return Choices.as_view(admin_site=self)(request)

    site_header = "Mijlpaal"
    index_title = _("Administration")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """Show beside the headings what this person did last."""
        from learners.admin.words import spoken
        from learners.models import AuditEntry  # no model can be had while the apps are loading

        mine = AuditEntry.objects.filter(by=request.user.pk)[:RECENT]
        recent = [(entry, capfirst(spoken(entry.action))) for entry in mine]
        return super().index(request, {"recent": recent, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the headings with what is under each, for who may see it."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        by_name = {
            f"{app['app_label']}.{model['object_name']}": model
            for app in apps
            for model in app["models"]
        }
        for model in by_name.values():
            model["add_words"] = add_words(self._registry[model["model"]])
        sections = [
            {
                "name": title,
                "app_label": f"section-{number}",
                "app_url": f"{reverse('admin:index')}#section-{number}",
                "has_module_perms": True,
                "models": [by_name[name] for name in names if name in by_name],
            }
            for number, (title, names) in enumerate(SECTIONS, 1)
        ]
        named = {name for _title, names in SECTIONS for name in names}
        for app in apps:
            app["models"] = [
                model
                for model in app["models"]
                if f"{app['app_label']}.{model['object_name']}" not in named
            ]
        return [section for section in [*sections, *apps] if section["models"]]


def add_words(modeladmin: admin.ModelAdmin) -> str:
    """Return what the button that makes a new row says; "Add", unless the list has its own word."""
    return str(getattr(modeladmin, "add_words", _("Add")))


class AdministrationConfig(AdminConfig):
    default_site = "lms.administration.Administration"
