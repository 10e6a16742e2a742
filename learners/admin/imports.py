"""Imports of enrolments and of exemptions: a file, its preview, and how far it is."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from learners import tasks, uploads
from learners.admin import import_page
from learners.admin.base import QuickAdmin, ReadOnly
from learners.admin.sheets import csv_response, xlsx_response
from learners.forms import UploadField
from learners.importing import exporting, jobs, summary
from learners.keys import key_in
from learners.models import (
    ExemptionImport,
    ImportJob,
    ImportKind,
    Organisation,
)

MOST_EXAMPLES = 10


class ImportForm(forms.Form):
    """Which file, of which institution."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.all(), label=gettext_lazy("institution")
    )
    file = UploadField(label=gettext_lazy("file"), kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    with_certificates = forms.BooleanField(
        label=gettext_lazy("make certificates"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Untick this where the people in the file have their certificates already."
        ),
    )


class ExemptionsForm(ImportForm):
    """Which base list or exemption file, of which institution; no certificate follows from one."""

    with_certificates = None  # type: ignore[assignment]


class ImportAdmin(ReadOnly, QuickAdmin):
    """What the lists of imports share; `kind` says what their files hold."""

    kind: ImportKind
    form_class: type[forms.Form] = ImportForm
    begin_title: Any
    begin_words: Any
    list_display = (
        "file_name",
        "organisation",
        "state",
        "number_of_lines",
        "errors",
        "by",
        "created_at",
    )
    list_select_related = ("file", "organisation", "by")
    list_filter = ("state", "organisation")
    search_fields = ("file__name",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may enrol people may do it from a file."""
        own = f"learners.add_{self.opts.model_name}"
        return request.user.has_perms((own, "learners.add_enrolment", "learners.add_user"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(kind=self.kind)

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("example.<str:ending>", self.example_view, "example"),
            ("<int:pk>/apply/", require_POST(self.apply_view), "apply"),
            ("<int:pk>/check/", require_POST(self.check_view), "check"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
            ("<int:pk>/findings.<str:ending>", self.findings_view, "findings"),
        )
        site, model = self.admin_site.admin_view, self.opts.model_name
        return [
            *(path(to, site(view), name=f"learners_{model}_{name}") for to, view, name in own),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Take in a file, and have it checked by the worker."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.form_class(request.POST or None, request.FILES or None)
        form.fields["organisation"].initial = _only_organisation()
        if form.is_valid():
            job = self._begin(request, form.cleaned_data)
            return self._show(job.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": self.begin_title,
            "lead": self.begin_words,
            "opts": self.opts,
            "form": form,
            "kind": self.kind,
            "columns": exporting.column_guide(self.kind),
            "examples": Organisation.objects.all()[:MOST_EXAMPLES],
        }
        return TemplateResponse(request, "admin/learners/import_begin.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Show what was found in a file, or how far it is."""
        job = self._get(request, key_in(object_id) or 0)
        context = {
            **self.admin_site.each_context(request),
            **import_page.findings_of(request, job),
            **import_page.lines_of(request, job),
            **import_page.progress_of(job),
            "title": _("Import of %(name)s") % {"name": job.file.name},
            "opts": self.opts,
            "counted": summary.counted(job),
            "results": summary.results(job),
            "promise": summary.promise(job),
            "to_tell": job.count("to_tell"),
            "wait_for_others": summary.wait_for_others(job),
            "may_apply": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/learners/import_detail.html", context)

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Agree to what the preview showed."""
        job = self._get(request, pk, to_change=True)
        tells = "tell_them" in request.POST
        if jobs.consent(job=job, by=request.user, tells=tells):  # type: ignore[arg-type]
            _enqueue(pk)
        return self._show(pk)

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check the same file again, after courses, runs or people changed."""
        job = self._get(request, pk, to_change=True)
        if jobs.check_again(job=job, by=request.user):  # type: ignore[arg-type]
            _enqueue(pk)
        return self._show(pk)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bar alone, for a page that asks again; once it is over the whole page is shown."""
        job = self._get(request, pk)
        context = {**import_page.progress_of(job), "opts": self.opts}
        response = TemplateResponse(request, "admin/learners/_import_progress.html", context)
        if not job.is_at_work:
            response.headers["HX-Refresh"] = "true"
        return response

    def findings_view(self, request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
        """All findings, for a spreadsheet."""
        job = self._get(request, pk)
        what = _("findings")
        name = f"{job.file.name.rpartition('.')[0] or job.file.name}-{what}"
        if ending == "xlsx":
            return xlsx_response(name, exporting.findings_xlsx(job))
        if ending == "csv":
            return csv_response(name, exporting.findings_csv(job))
        raise Http404

    def example_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """A file to fill in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = key_in(request.GET.get("organisation", "")) or 0
        organisation = Organisation.objects.filter(pk=asked).first() or _only_organisation()
        name = str(ImportKind(self.kind).label)
        if ending == "xlsx":
            return xlsx_response(name, exporting.example_xlsx(self.kind, organisation))
        if ending == "csv":
            return csv_response(name, exporting.example_csv(self.kind, organisation))
        raise Http404

    def _begin(self, request: HttpRequest, said: dict[str, Any]) -> ImportJob:
        stored = uploads.store(
            upload=said["file"],
            owner=request.user,  # type: ignore[arg-type]
            kinds=jobs.KINDS,
            max_size=jobs.MAX_SIZE,
        )
        job = jobs.begin(
            organisation=said["organisation"],
            file=stored,
            by=request.user,  # type: ignore[arg-type]
            with_certificates=said.get("with_certificates", True),
            kind=self.kind,
        )
        _enqueue(job.pk)
        return job

    def _get(self, request: HttpRequest, pk: int, *, to_change: bool = False) -> ImportJob:
        allowed = self.has_add_permission if to_change else self.has_view_permission
        if not allowed(request):
            raise PermissionDenied
        related = ImportJob.objects.select_related("file", "organisation", "by")
        return get_object_or_404(related, pk=pk, kind=self.kind)

    def _show(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(
            reverse(f"admin:learners_{self.opts.model_name}_change", args=[pk])
        )

    @admin.display(description=gettext_lazy("file"), ordering="file__name")
    def file_name(self, job: ImportJob) -> str:
        return job.file.name

    @admin.display(description=gettext_lazy("lines"))
    def number_of_lines(self, job: ImportJob) -> int:
        return job.count("lines")

    @admin.display(description=gettext_lazy("errors"))
    def errors(self, job: ImportJob) -> int:
        return job.count("error")


@admin.register(ImportJob)
class ImportJobAdmin(ImportAdmin):
    kind = ImportKind.ENROLMENTS
    add_words = gettext_lazy("Import enrolments")
    begin_title = gettext_lazy("Import enrolments from a file")
    begin_words = gettext_lazy(
        "Choose a CSV or XLSX file. You see first what would happen, line by line; nothing changes "
        "before you agree. Then all of it is applied, or nothing."
    )


@admin.register(ExemptionImport)
class ExemptionImportAdmin(ImportAdmin):
    kind = ImportKind.EXEMPTIONS
    form_class = ExemptionsForm
    add_words = gettext_lazy("Import exemptions")
    begin_title = gettext_lazy("Exempt people by a base list or an exemption file")
    begin_words = gettext_lazy(
        "Choose a CSV or XLSX file that says who is exempt of which course, and on which ground. "
        "You see first what would happen, line by line; nothing changes before you agree. Then all "
        "of it is applied, or nothing; the same file twice changes nothing."
    )


def _enqueue(pk: int) -> None:
    """Hand the job to the worker; where no message gets through, the sweep finds it."""
    transaction.on_commit(lambda: tasks.run_import.delay(pk), robust=True)


def _only_organisation() -> Organisation | None:
    rows = list(Organisation.objects.all()[:2])
    return rows[0] if len(rows) == 1 else None
