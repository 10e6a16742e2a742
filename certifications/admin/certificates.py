"""Certificates in the administration: to find, to read, and to act on through the house's rules."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from certifications import codes
from certifications.admin.certificate_acts import ACTS
from certifications.models import Certificate, CertificateState
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import QuickAdmin, link_to
from learners.admin.parts.words import yes_no
from learners.models import User

# What these are called in the audit log and in lists of messages.
SAID = (
    gettext_noop("badge left out"),
    gettext_noop("certificate issued"),
    gettext_noop("certificate released"),
    gettext_noop("certificate revoked"),
    gettext_noop("certificate suspended"),
    gettext_noop("logo left out"),
    gettext_noop("printed without picture"),
    gettext_noop("render again"),
    gettext_noop("suspension lifted"),
)


class StateFilter(admin.SimpleListFilter):
    """Today's state, worked out from dates."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return list(CertificateState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.in_state(self.value()) if self.value() else queryset  # type: ignore[attr-defined]


class PDFFilter(admin.SimpleListFilter):
    """Whether the PDF was made."""

    title = "PDF"
    parameter_name = "pdf"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("missing", _("is being made")), ("failed", _("could not be made yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        missing = queryset.filter(rendered_at=None, revoked_at=None)
        chosen = {"missing": missing, "failed": missing.filter(render_attempts__gt=1)}
        return chosen.get(self.value() or "", queryset)


@admin.register(Certificate)
class CertificateAdmin(ActsAdmin, QuickAdmin):
    """Nothing is edited: what may happen to a certificate is an act, with a reason."""

    acts = ACTS
    is_edited = False
    list_display = (
        "number",
        "learner_name",
        "title",
        "achieved_on",
        "valid_until",
        "shown_state",
        "has_pdf",
    )
    list_filter = (StateFilter, PDFFilter, "kind", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("number",)
    search_help_text = _("Number, code, name or e-mail address.")
    readonly_fields = (
        "number",
        "shown_code",
        "shown_state",
        "links",
        "kind",
        "learner_name",
        "title",
        "details",
        "language",
        "achieved_on",
        "valid_until",
        "person",
        "study",
        "organisation",
        "created_at",
        "released_at",
        "suspended_at",
        "revoked_at",
        "revoked_by",
        "revoked_because",
        "superseded_by",
        "rendered_at",
        "render_attempts",
        "render_due_at",
        "file_sha256",
    )
    fieldsets = (
        (None, {"fields": ("number", "shown_code", "shown_state", "links")}),
        (
            _("As it was issued"),
            {
                "fields": (
                    "kind",
                    "learner_name",
                    "title",
                    "details",
                    "language",
                    "achieved_on",
                    "valid_until",
                )
            },
        ),
        (_("Where it comes from"), {"fields": ("person", "study", "organisation")}),
        (
            _("What happened to it"),
            {
                "fields": (
                    "created_at",
                    "released_at",
                    "suspended_at",
                    "revoked_at",
                    "revoked_by",
                    "revoked_because",
                    "superseded_by",
                )
            },
        ),
        ("PDF", {"fields": ("rendered_at", "render_attempts", "render_due_at", "file_sha256")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by what an index knows; a million certificates are not read through."""
        text = search_term.strip()
        if not text:
            return queryset, False
        found = Q(number__startswith=text.upper()) | Q(learner__in=User.objects.matching(text))
        if code := codes.read(text):
            found |= Q(code=code)
        return queryset.filter(found), False

    @admin.display(description=_("code"))
    def shown_code(self, certificate: Certificate) -> str:
        return certificate.shown_code

    @admin.display(description=_("state"))
    def shown_state(self, certificate: Certificate) -> str:
        return str(certificate.state.label)

    @admin.display(description="PDF")
    def has_pdf(self, certificate: Certificate) -> str:
        return yes_no(certificate.rendered_at)

    @admin.display(description=_("learner"))
    def person(self, certificate: Certificate) -> SafeString | str:
        return link_to(certificate.learner)

    @admin.display(description=_("earned with"))
    def study(self, certificate: Certificate) -> SafeString | str:
        cycle = certificate.cycle
        return link_to(cycle.assignment if cycle else certificate.enrolment)

    @admin.display(description=_("pages"))
    def links(self, certificate: Certificate) -> SafeString | str:
        page = format_html('<a href="{}">{}</a>', certificate.get_absolute_url(), _("Public page"))
        if not certificate.rendered_at:
            return page
        pdf = reverse("certifications:certificate_download", args=[certificate.shown_code])
        return format_html('{} · <a href="{}">{}</a>', page, pdf, _("Download"))
