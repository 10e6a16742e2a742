"""Publishing a version of an assignment: whom it touches is asked and shown, then it is done."""

from collections.abc import Callable
from typing import Any

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

from exams.admin.leading import plan_page
from exams.defining import outline, publishing
from exams.models import AssignmentVersion, ExamPlan, Reaches


class PublishForm(forms.Form):
    """Whom a new version is for, beside who enrols from now on."""

    reaches = forms.ChoiceField(
        label=gettext_lazy("Whom it is for"),
        choices=Reaches.choices,
        initial=Reaches.NOT_HANDED_IN,
    )


def stage_of(version: AssignmentVersion) -> str:
    """Say whether a version is published or being made."""
    return _("published") if version.is_frozen else _("being made")


def is_next(version: AssignmentVersion | None) -> SafeString | str:
    """Say that publishing a draft comes next, with the way there; '' where there is none."""
    if version is None or version.is_frozen:
        return ""
    page = reverse("admin:exams_assignmentversion_publish", args=[version.pk])
    words = _("Publish version %(n)d …") % {"n": version.number}
    until = _("Nobody is asked it before it is published.")
    if version.number > 1:
        until = _("It is not published yet: until then the version before it counts.")
    return format_html('{} <a href="{}">{}</a>', until, page, words)


def publish_view(admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Return the page on which a version is published: whom it touches, then the act."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        version = get_object_or_404(
            admin.get_queryset(request).select_related("assignment__programme"), pk=pk
        )
        if not admin.has_change_permission(request, version):
            raise PermissionDenied
        if version.is_frozen:
            page = reverse("admin:exams_assignmentversion_change", args=[pk])
            return HttpResponseRedirect(page)
        missing = publishing.whats_missing(version)
        form = PublishForm(request.POST or None)
        if form.is_valid() and not missing:
            reaches = form.cleaned_data["reaches"]
            publishing.publish(version=version, by=request.user, reaches=reaches)  # type: ignore[arg-type]
            admin.message_user(request, _published_words(version), messages.SUCCESS)
            return HttpResponseRedirect(plan_page(version.assignment.programme_id))
        context = _context(admin, request, version, missing)
        return TemplateResponse(request, "admin/exams/publish.html", context)

    return view


def _context(
    admin: ModelAdmin, request: HttpRequest, version: AssignmentVersion, missing: str
) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "title": _("Publish version %(n)d") % {"n": version.number},
        "opts": admin.opts,
        "version": version,
        "missing": missing,
        "touched": publishing.touched_by(version),
        "reaches": request.POST.get("reaches", Reaches.NOT_HANDED_IN),
    }


def _published_words(version: AssignmentVersion) -> str:
    """Say that it is done, and how many XP there are now for how many that are needed."""
    programme = version.assignment.programme
    plan = ExamPlan.objects.filter(programme=programme).first()
    said = {"total": outline.of(programme).total_xp, "needed": plan.needed_xp if plan else 0}
    words = _(
        "The version was published. The assignments now give %(total)d XP in all; the exam asks "
        "%(needed)d."
    )
    return words % said
