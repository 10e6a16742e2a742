"""Certifications: what they are, who gives them, and whom they are for."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from certifications.admin import publishing
from certifications.admin.certification_acts import BRING_BACK, NEW_VERSION, RETIRE
from certifications.admin.certification_form import TITLES, CertificationForm
from certifications.admin.versions import stage_of
from certifications.defining import explaining, publication
from certifications.models import AssigningRule, Certification, CertificationAssignment
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, link_to, link_to_list
from learners.admin.parts.words import with_state
from learners.counting import number_of

# What these are called in the audit log and in lists of messages.
SAID = (
    gettext_noop("assigned"),
    gettext_noop("assigning agreed"),
    gettext_noop("assigning begun"),
    gettext_noop("assigning done"),
    gettext_noop("assignment accepted"),
    gettext_noop("assignment changed"),
    gettext_noop("assignment declined"),
    gettext_noop("assignment resumed"),
    gettext_noop("assignment withdrawn"),
    gettext_noop("certification assigned"),
    gettext_noop("certification brought back"),
    gettext_noop("certification exempted"),
    gettext_noop("certification retired"),
    gettext_noop("certification taken"),
    gettext_noop("cycle begun"),
    gettext_noop("cycle revoked"),
    gettext_noop("cycle started"),
    gettext_noop("cycle undone"),
    gettext_noop("exempted"),
    gettext_noop("proof accepted"),
    gettext_noop("proof handed in"),
    gettext_noop("proof refused"),
    gettext_noop("proof revoked"),
    gettext_noop("proof waits"),
    gettext_noop("rule made"),
    gettext_noop("rule switched off"),
    gettext_noop("reminders"),
    gettext_noop("version begun"),
    gettext_noop("version published"),
)


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


@admin.register(Certification)
class CertificationAdmin(ActsAdmin, HouseAdmin):
    form = CertificationForm
    acts = (NEW_VERSION, RETIRE, BRING_BACK)
    change_form_template = "admin/certifications/certification_form.html"
    add_words = _("Make a certification")
    list_display = ("title", "code", "organisation", "kind", "people", "state")
    list_select_related = ("organisation",)
    list_filter = (ShelfFilter, "organisation", "kind")
    search_fields = ("title_nl", "title_en", "code")
    autocomplete_fields = ("approvers",)
    readonly_fields = ("shown_badge", "versions", "people", "rules", "published_at", "retired_at")
    fieldsets = (
        (
            None,
            {"fields": ("organisation", "code", "kind", *TITLES, "versions", "people", "rules")},
        ),
        (_("Who gives it, and to whom"), {"fields": ("issuer", "open_to_learners", "approvers")}),
        (_("Reminding"), {"fields": ("remind_due_days", "remind_days", "reminds_coach")}),
        (_("Badge"), {"fields": ("shown_badge", "upload", "badge_colour")}),
        (_("On offer"), {"fields": ("published_at", "retired_at")}),
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Explain on which days people are reminded."""
        shown = context["original"] if context.get("original") else Certification()
        version = shown.versions.first() if shown.pk else None
        context["examples"] = explaining.reminders(shown, version, timezone.localdate())
        return super().render_change_form(request, context, *args, **kwargs)

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
            publication.begin(certification=obj, by=request.user)  # type: ignore[arg-type]

    def response_add(
        self, request: HttpRequest, obj: Certification, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with what it asks."""
        draft = publication.draft_of(obj)
        super().response_add(request, obj, post_url_continue)
        said = _("Add the requirements and save. Then publish it with the button above the form.")
        self.message_user(request, said, messages.WARNING)
        name = "admin:certifications_certificationversion_change"
        return HttpResponseRedirect(reverse(name, args=[draft.pk if draft else 0]))

    def response_change(self, request: HttpRequest, obj: Certification) -> HttpResponse:
        """Say that publishing comes next."""
        response = super().response_change(request, obj)
        if said := publishing.is_next(publication.draft_of(obj)):
            self.message_user(request, said, messages.WARNING)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Put the publishing of the version that is being made beside the title."""
        certification = self.get_object(request, object_id)
        draft = publication.draft_of(certification) if certification else None
        context = {"draft": draft, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("title"), ordering="title_nl")
    def title(self, certification: Certification) -> str:
        return certification.title

    @admin.display(description=_("people"), ordering="n_people")
    def people(self, certification: Certification) -> SafeString | str:
        number = getattr(certification, "n_people", 0)
        mine = {"certification__id__exact": certification.pk}
        return link_to_list(number, CertificationAssignment, **mine)

    @admin.display(description=_("rules that assign it"))
    def rules(self, certification: Certification) -> SafeString | str:
        if not certification.pk:
            return "–"
        mine = {"certification__id__exact": certification.pk}
        number = AssigningRule.objects.on().filter(certification=certification).count()
        return link_to_list(number, AssigningRule, **mine) if number else "–"

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
        return with_state(format_html(picture, certification.badge_url), certification.badge)

    @admin.display(description=_("requirements"))
    def versions(self, certification: Certification) -> SafeString | str:
        if not certification.pk:
            return str(_("You say so on the next page."))
        rows = ((link_to(row), stage_of(row)) for row in certification.versions.all())
        return format_html_join(" · ", "{} ({})", rows)
