"""Certifications and their versions: what they ask, and what that means in days."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from certifications import defining, explaining
from certifications.admin.certification_acts import BRING_BACK, NEW_VERSION, PUBLISH, RETIRE
from certifications.models import (
    Certification,
    CertificationAssignment,
    CertificationVersion,
    Requirement,
)
from learners import file_kinds, uploads
from learners.admin.acting import ActsAdmin
from learners.admin.base import HouseAdmin, link_to, link_to_list
from learners.admin.inlines import EditedInline
from learners.counting import number_of
from learners.forms import UploadField
from learners.models import User

# What these are called in the audit log and in lists of messages.
SAID = (
    gettext_noop("assigned"),
    gettext_noop("assignment accepted"),
    gettext_noop("assignment changed"),
    gettext_noop("assignment declined"),
    gettext_noop("assignment withdrawn"),
    gettext_noop("certification assigned"),
    gettext_noop("certification brought back"),
    gettext_noop("certification retired"),
    gettext_noop("cycle revoked"),
    gettext_noop("cycle started"),
    gettext_noop("exempted"),
    gettext_noop("proof accepted"),
    gettext_noop("proof handed in"),
    gettext_noop("proof refused"),
    gettext_noop("proof waits"),
    gettext_noop("version begun"),
    gettext_noop("version published"),
)
TITLES = ("title_nl", "title_en", "summary_nl", "summary_en")
MAX_BADGE = 2 * uploads.MEGABYTE


class ShelfFilter(admin.SimpleListFilter):
    title = _("on offer")
    parameter_name = "shelf"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (("on", _("published")), ("draft", _("not published")), ("retired", _("retired")))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "on":
                return queryset.published()  # type: ignore[attr-defined]
            case "draft":
                return queryset.filter(published_at=None)
            case "retired":
                return queryset.filter(retired_at__isnull=False)
        return queryset


class CertificationForm(forms.ModelForm):
    """What a certification is; `by` owns the picture that is uploaded."""

    by: User | None = None
    upload = UploadField(
        label=_("picture of the badge"),
        required=False,
        kinds=(file_kinds.PNG, file_kinds.JPEG, file_kinds.WEBP),
        max_size=MAX_BADGE,
        help_text=_("Square; without one it is drawn from the title and the colour."),
    )

    class Meta:
        model = Certification
        fields = (
            *("organisation", "code", "kind", *TITLES, "issuer", "open_to_learners"),
            *("upload", "badge_colour", "approvers"),
        )

    def save(self, commit: bool = True) -> Certification:
        """Store and claim the picture, and let it be the badge."""
        if upload := self.cleaned_data.get("upload"):
            kinds = (file_kinds.PNG, file_kinds.JPEG, file_kinds.WEBP)
            stored = uploads.store(upload=upload, owner=self.by, kinds=kinds, max_size=MAX_BADGE)
            self.instance.badge = uploads.claim(stored=stored)
        return super().save(commit)


@admin.register(Certification)
class CertificationAdmin(ActsAdmin, HouseAdmin):
    form = CertificationForm
    acts = (NEW_VERSION, RETIRE, BRING_BACK)
    add_words = _("Make a certification")
    list_display = ("title", "code", "organisation", "kind", "people", "state")
    list_select_related = ("organisation",)
    list_filter = (ShelfFilter, "organisation", "kind")
    search_fields = ("title_nl", "title_en", "code")
    autocomplete_fields = ("approvers",)
    readonly_fields = ("shown_badge", "versions", "people", "published_at", "retired_at")
    fieldsets = (
        (None, {"fields": ("organisation", "code", "kind", *TITLES, "versions", "people")}),
        (_("Who gives it, and to whom"), {"fields": ("issuer", "open_to_learners", "approvers")}),
        (_("Badge"), {"fields": ("shown_badge", "upload", "badge_colour")}),
        (_("On offer"), {"fields": ("published_at", "retired_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = number_of(CertificationAssignment, "certification")
        return super().get_queryset(request).annotate(n_people=counted)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Certification | None = None) -> tuple:
        """What it is stays what it is: its people would not follow."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "organisation", "kind") if obj else fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            defining.begin(certification=obj, by=request.user)  # type: ignore[arg-type]

    def response_add(
        self, request: HttpRequest, obj: Certification, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with what it asks."""
        draft = defining.draft_of(obj)
        super().response_add(request, obj, post_url_continue)
        name = "admin:certifications_certificationversion_change"
        return HttpResponseRedirect(reverse(name, args=[draft.pk if draft else 0]))

    @admin.display(description=_("title"), ordering="title_nl")
    def title(self, certification: Certification) -> str:
        return certification.title

    @admin.display(description=_("people"), ordering="n_people")
    def people(self, certification: Certification) -> SafeString | str:
        number = getattr(certification, "n_people", 0)
        mine = {"certification__id__exact": certification.pk}
        return link_to_list(number, CertificationAssignment, **mine)

    @admin.display(description=_("on offer"))
    def state(self, certification: Certification) -> str:
        if certification.retired_at:
            return str(_("retired"))
        return str(_("published") if certification.published_at else _("not published"))

    @admin.display(description=_("badge"))
    def shown_badge(self, certification: Certification) -> SafeString | str:
        if not certification.pk:
            return "–"
        picture = '<img src="{}" alt="" width="120" height="120">'
        return format_html(picture, certification.badge_url)

    @admin.display(description=_("what it asks"))
    def versions(self, certification: Certification) -> SafeString | str:
        if not certification.pk:
            return str(_("You say so on the next page."))
        rows = ((link_to(row), _stage(row)) for row in certification.versions.all())
        return format_html_join(" · ", "{} ({})", rows)


def _stage(version: CertificationVersion) -> str:
    return str(_("published") if version.published_at else _("being made"))


class RequirementFormSet(BaseInlineFormSet):
    """What is asked is of the institution whose certification it is."""

    def clean(self) -> None:
        super().clean()
        organisation = self.instance.certification.organisation_id
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            for name in ("course", "programme"):
                if said.get(name) and said[name].organisation_id != organisation:
                    form.add_error(name, _("This is something of another institution."))


class RequirementInline(EditedInline):
    model = Requirement
    formset = RequirementFormSet
    known = ("course", "programme")
    extra = 1
    fields = ("position", "course", "programme", "is_mandatory", "accepts_days_old")
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
        (_("Counting a renewal"), {"fields": ("anchor", ("fixed_day", "fixed_month"))}),
        (_("What has to be done"), {"fields": ("due_days", "minimum")}),
    )

    def get_urls(self) -> list[URLPattern]:
        name = "certifications_certificationversion_example"
        view = self.admin_site.admin_view(self.example_view)
        return [path("example/", view, name=name), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins on the page of its certification."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *VersionForm.Meta.fields) if obj and obj.is_frozen else fields

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> tuple:
        """A proof is all that an external certification asks."""
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
        return _stage(version)


def _examples(version: CertificationVersion) -> list[explaining.Example]:
    return explaining.examples(version, timezone.localdate())
