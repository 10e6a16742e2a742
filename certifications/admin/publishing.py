"""Publishing a version: first everybody whom it touches with their days, then the act."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certifications.assigning.giving import AssigningRefused
from certifications.cycles import renewing
from certifications.defining import dry_run, publication
from certifications.models import Certification, CertificationVersion, Touches
from learners.admin.parts.base import CappedPaginator

PEOPLE = 50  # on a page


class PublishForm(forms.Form):
    """Whom a new version is for, beside who begins from now on."""

    touches = forms.ChoiceField(label=gettext_lazy("Whom it is for"), choices=Touches.choices)

    @property
    def is_agreed(self) -> bool:
        """Whether this is published, and not only looked at, as it was shown before."""
        chosen = self.cleaned_data["touches"]
        return "look" not in self.data and self.data.get("shown", chosen) == chosen


def is_next(version: CertificationVersion | None) -> SafeString | str:
    """Say that publishing a draft comes next, with the way there; '' where there is none."""
    if version is None or version.published_at:
        return ""
    page = reverse("admin:certifications_certificationversion_publish", args=[version.pk])
    words = _("Publish version %(n)d …") % {"n": version.number}
    until = _("Nobody can be assigned it before it is published.")
    if version.number > 1:
        until = _("It is not published yet: until then the version before it counts.")
    return format_html('{} <a href="{}">{}</a>', until, page, words)


def refused_words(refusal: AssigningRefused, certification: Certification) -> SafeString | str:
    """Say why a certification cannot be assigned, with the way to publishing where that lacks."""
    draft = None if certification.published_at else publication.draft_of(certification)
    return format_html("{} {}", str(refusal), is_next(draft)) if draft else str(refusal)


def publish_view(admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Return the page on which a version is published: looked at first, then agreed to."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        version = get_object_or_404(admin.get_queryset(request), pk=pk)
        if not admin.has_change_permission(request, version):
            raise PermissionDenied
        page = reverse("admin:certifications_certificationversion_change", args=[pk])
        if version.published_at:
            return HttpResponseRedirect(page)
        renewing.begin_of([version.certification])
        form = PublishForm(request.POST or request.GET)
        touches = form.cleaned_data["touches"] if form.is_valid() else Touches.NEXT
        missing = publication.whats_missing(version)
        if request.method == "POST" and form.is_valid() and not missing:
            if not form.is_agreed:
                return _look_first(admin, request, touches)
            publication.publish(version=version, by=request.user, touches=touches)  # type: ignore[arg-type]
            admin.message_user(request, _published_words(version), messages.SUCCESS)
            return HttpResponseRedirect(page)
        context = _context(admin, request, version, touches, missing)
        return TemplateResponse(request, "admin/certifications/publish.html", context)

    return view


def _look_first(admin: ModelAdmin, request: HttpRequest, touches: str) -> HttpResponse:
    """Show what this choice would do; whoever meant to publish another is told why."""
    if "look" not in request.POST:
        words = _("You chose something else than was shown: nothing is published yet, look first.")
        admin.message_user(request, words, messages.WARNING)
    return HttpResponseRedirect(f"{request.path}?{urlencode({'touches': touches})}")


def _published_words(version: CertificationVersion) -> SafeString | str:
    """Say that it is done, and after the first version how it comes to people."""
    if version.number > 1:
        return _("The version was published.")
    chosen = f"?certification={version.certification_id}"
    return format_html(
        '{} <a href="{}">{}</a> · <a href="{}">{}</a>',
        _("The version was published, and the certification can be assigned."),
        reverse("admin:certifications_certificationassignment_add") + chosen,
        _("Assign to people"),
        reverse("admin:certifications_assigningjob_add") + chosen,
        _("Assign to a group, a file, or by a rule"),
    )


def _context(
    admin: ModelAdmin,
    request: HttpRequest,
    version: CertificationVersion,
    touches: str,
    missing: str,
) -> dict[str, Any]:
    """Return a page of people with what the version would mean for each of them."""
    everybody = CappedPaginator(dry_run.people(version.certification), PEOPLE)
    page = everybody.get_page(request.GET.get("page"))
    rows = [] if missing else list(page)
    by: Any = request.user
    found = dry_run.changes(version=version, touches=touches, rows=rows, by=by) if rows else []
    return {
        **admin.admin_site.each_context(request),
        "title": _("Publish version %(n)d") % {"n": version.number},
        "opts": admin.opts,
        "version": version,
        "missing": missing,
        "touches": touches,
        "touched": publication.touched_by(version),
        "page": page,
        "changes": found,
    }
