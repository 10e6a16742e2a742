"""The pages on which the assignments of a programme come from a sheet, and go out as one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.defining import from_sheet, outline, sheets, taking_in
from exams.defining.publishing import DefinitionRefused
from exams.defining.sheet_plan import Plan
from exams.models import ExamPlan, Reaches
from learners.admin.parts.sheets import sheet_response
from learners.files import file_kinds, keeping
from learners.models import StoredFile, User
from learners.models.stored_file import FileIsInfected
from learners.spreadsheets.reading import FileRefused
from learners.uploading.fields import UploadField

KINDS = (file_kinds.XLSX, file_kinds.CSV, file_kinds.TEXT)
MAX_SIZE = 10 * keeping.MEGABYTE


class SheetForm(forms.Form):
    """A file, kept while one looks at what it would do; then whom its versions are for, and what
    was seen."""

    by: User
    file = UploadField(label=gettext_lazy("file"), kinds=KINDS, max_size=MAX_SIZE)
    reaches = forms.ChoiceField(choices=Reaches.choices, required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User) -> None:
        super().__init__(*args)
        self.by = by

    @property
    def agrees(self) -> bool:
        """Whether what was shown is to be done."""
        return "apply" in self.data


def file_page(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would do, and do it once that is agreed to."""
    plan = _plan(admin, request, pk)
    if not admin.has_change_permission(request, plan):
        raise PermissionDenied
    form = SheetForm(request.POST or None, request.FILES or None, by=request.user)  # type: ignore[arg-type]
    found = None
    if form.is_valid():
        try:
            if form.agrees and _take_in(plan, form, request):
                admin.message_user(request, _("All of it was done."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:exams_examplan_change", args=[pk]))
            found = _look(plan, form.cleaned_data["file"])
        except (FileRefused, FileIsInfected) as refusal:
            form.add_error("file", str(refusal))
    return TemplateResponse(
        request, "admin/exams/from_sheet.html", _context(admin, request, plan, form, found)
    )


def _take_in(plan: ExamPlan, form: SheetForm, request: HttpRequest) -> bool:
    said = form.cleaned_data
    try:
        with said["file"].open() as content:
            taking_in.take_in(
                programme=plan.programme,
                content=content,
                by=request.user,  # type: ignore[arg-type]
                reaches=said["reaches"] or Reaches.NOT_HANDED_IN,
                seen=said["seen"],
            )
    except DefinitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _look(plan: ExamPlan, file: StoredFile) -> Plan:
    with file.open() as content:
        return from_sheet.plan_of(programme=plan.programme, content=content)


def _context(
    admin: ModelAdmin,
    request: HttpRequest,
    plan: ExamPlan,
    form: SheetForm,
    found: Plan | None,
) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "title": _("Assignments from a file"),
        "opts": admin.opts,
        "plan": plan,
        "form": form,
        "found": found,
        "reaches": form.data.get("reaches") or Reaches.NOT_HANDED_IN,
        "columns": sheets.guide(),
        "most": sheets.MOST_ROWS,
    }


def export(admin: ModelAdmin, request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
    """Send the assignments of a programme as a file, which can come in again."""
    plan = _plan(admin, request, pk)
    found = outline.of(plan.programme)
    assignments = _("assignments")
    name = f"{plan.programme.code}-{assignments}"
    return sheet_response(
        name, ending, xlsx=lambda: sheets.as_xlsx(found), csv=lambda: sheets.as_csv(found)
    )


def example(admin: ModelAdmin, request: HttpRequest, ending: str) -> HttpResponseBase:
    """Send a file to fill in."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    return sheet_response(
        _("assignments"), ending, xlsx=sheets.example_xlsx, csv=sheets.example_csv
    )


def _plan(admin: ModelAdmin, request: HttpRequest, pk: int) -> ExamPlan:
    """Return the plan of a programme that this person may look at."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    rows = ExamPlan.objects.select_related("programme__organisation")
    return get_object_or_404(rows, pk=pk)
