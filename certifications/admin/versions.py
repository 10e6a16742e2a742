"""What a certification asks in each version, and what that means in days."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certifications.admin import publishing
from certifications.admin.certification_acts import PUBLISH
from certifications.defining import explaining
from certifications.models import Anchor, CertificationVersion, Requirement
from certifications.models.version import WHOLE_YEARS
from learners.admin.parts.acting import Act, ActsAdmin
from learners.admin.parts.base import HouseAdmin, link_to
from learners.admin.parts.inlines import EditedInline, KnownRowForm


def stage_of(version: CertificationVersion) -> str:
    """Say whether a version is published or being made."""
    return str(_("published") if version.published_at else _("being made"))


class RequirementForm(KnownRowForm):
    """A line of what is asked; one without an order gets the next number."""

    class Meta:
        help_texts = {
            "position": _("Empty puts it last."),
            "is_mandatory": _("Only matters where fewer than all have to be done."),
            "accepts_days_old": _("0: only what is earned from the beginning of the round on."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            if not self.instance.pk:
                self.initial["position"] = None


class RequirementFormSet(BaseInlineFormSet):
    """What is asked is of the institution whose certification it is, and stands in an order."""

    def clean(self) -> None:
        super().clean()
        self._number()
        organisation = self.instance.certification.organisation_id
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            for name in ("course", "programme"):
                if said.get(name) and said[name].organisation_id != organisation:
                    form.add_error(name, _("This is something of another institution."))

    def _number(self) -> None:
        """Put what has no order behind the others, as it was typed."""
        said = [f for f in self.forms if getattr(f, "cleaned_data", None) and f.has_changed()]
        taken = [f.cleaned_data.get("position") or 0 for f in self.initial_forms if f.is_valid()]
        last = max([*taken, *(form.cleaned_data.get("position") or 0 for form in said)], default=0)
        for form in said:
            if not form.cleaned_data.get("position"):
                last += 1
                form.cleaned_data["position"] = form.instance.position = last


class RequirementInline(EditedInline):
    model = Requirement
    form = RequirementForm
    formset = RequirementFormSet
    known = ("course", "programme")
    extra = 1
    fields = ("position", "course", "programme", "is_mandatory", "path", "accepts_days_old")
    autocomplete_fields = ("course", "programme")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_frozen = obj is not None and obj.is_frozen
        return super().has_change_permission(request, obj) and not is_frozen

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_frozen = obj is not None and obj.is_frozen
        return super().has_add_permission(request, obj) and not is_frozen

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft may lose a line; nobody is in it yet."""
        return self.has_change_permission(request, obj)


class VersionForm(forms.ModelForm):
    class Meta:
        model = CertificationVersion
        fields = (
            *("validity", "period_months", "window_days", "grace_days"),
            *("anchor", "fixed_month", "fixed_day", "due_days", "minimum"),
        )

    def clean(self) -> dict[str, Any]:
        """The time in which one renews lies within the validity."""
        said = super().clean() or {}
        months, days = said.get("period_months"), said.get("window_days") or 0
        if months and days > months * 30:
            self.add_error("window_days", _("Renewing cannot begin before the validity does."))
        if months and said.get("anchor") == Anchor.FIXED and months not in WHOLE_YEARS:
            words = _("A fixed day of the year goes with whole years: 12, 24.")
            self.add_error("period_months", words)
        if said.get("anchor") != Anchor.FIXED:
            said["fixed_month"] = said["fixed_day"] = None
        return said


@admin.register(CertificationVersion)
class CertificationVersionAdmin(ActsAdmin, HouseAdmin):
    """What a certification asks. Made from the certification; frozen once it is published."""

    form = VersionForm
    acts = (PUBLISH,)
    inlines = (RequirementInline,)
    change_form_template = "admin/certifications/version_form.html"
    list_display = ("certification", "number", "validity", "period_months", "stage")
    list_select_related = ("certification",)
    list_filter = (("published_at", admin.EmptyFieldListFilter), "validity")
    search_fields = ("certification__title_nl", "certification__code")
    readonly_fields = ("certification_link", "stage")
    fieldsets = (
        (None, {"fields": ("certification_link", "stage")}),
        (_("How long it is valid"), {"fields": ("validity", "period_months")}),
        (_("Renewing"), {"fields": ("window_days", "grace_days")}),
        (
            _("Counting a renewal"),
            {
                "fields": ("anchor", ("fixed_day", "fixed_month")),
                "description": _("Day and month only count with a fixed day of the year."),
            },
        ),
        (
            _("What has to be done"),
            {
                "fields": ("due_days", "minimum"),
                "description": _(
                    "With no number all of the requirements below have to be done, ticked as "
                    "mandatory or not. With a smaller number what is mandatory must be among them, "
                    "and the learner chooses the rest. A requirement that accepts results up to 0 "
                    "days old takes only what is earned from the beginning of the round on; with "
                    "365 also what was earned in the year before that."
                ),
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        name = "certifications_certificationversion_example"
        view = self.admin_site.admin_view(self.example_view)
        publish = self.admin_site.admin_view(publishing.publish_view(self))
        return [
            path("example/", view, name=name),
            path("<int:pk>/publish/", publish, name="certifications_certificationversion_publish"),
            *super().get_urls(),
        ]

    def acts_on(self, request: HttpRequest, object_id: str) -> list[Act]:
        """A version is published from a page that shows whom it touches."""
        return []

    def response_change(self, request: HttpRequest, obj: CertificationVersion) -> HttpResponse:
        """Say that publishing comes next."""
        response = super().response_change(request, obj)
        if said := publishing.is_next(obj):
            self.message_user(request, said, messages.WARNING)
        return response

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins on the page of its certification."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *VersionForm.Meta.fields) if obj and obj.is_frozen else fields

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> tuple:
        """Evidence is all that an external certification asks."""
        return () if obj and obj.certification.is_external else (RequirementInline,)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Show the settings with what they mean in days."""
        version = self.get_object(request, object_id)
        context: dict[str, Any] = {"examples": _examples(version) if version else []}
        frozen = {"show_save": False, "show_save_and_continue": False}
        context |= frozen if version and version.is_frozen else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def example_view(self, request: HttpRequest) -> HttpResponse:
        """What the settings that are being typed mean, for the form that asks as they change."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = VersionForm(request.GET)
        form.is_valid()
        context = {"errors": form.errors} if form.errors else {"examples": _examples(form.instance)}
        return TemplateResponse(request, "admin/certifications/_examples.html", context)

    @admin.display(description=_("certification"))
    def certification_link(self, version: CertificationVersion) -> SafeString | str:
        return link_to(version.certification)

    @admin.display(description=_("stage"))
    def stage(self, version: CertificationVersion) -> str:
        return stage_of(version)


def _examples(version: CertificationVersion) -> list[explaining.Example]:
    return explaining.examples(version, timezone.localdate())
