"""Imports of enrolments: a file, its preview, and how far it is."""

from collections.abc import Iterator
from typing import IO, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from learners import progress, tasks, uploads
from learners.admin.base import QuickAdmin, ReadOnly
from learners.forms import UploadField
from learners.importing import exporting, jobs, summary
from learners.keys import key_in
from learners.models import ImportJob, Organisation, Severity

SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnly, QuickAdmin):
    add_words = gettext_lazy("Import enrolments")
    list_display = ("file_name", "organisation", "state", "lines", "errors", "by", "created_at")
    list_select_related = ("file", "organisation", "by")
    list_filter = ("state", "organisation")
    search_fields = ("file__name",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may enrol people may do it from a file."""
        return request.user.has_perms(
            ("learners.add_importjob", "learners.add_enrolment", "learners.add_user")
        )

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("example.<str:ending>", self.example_view, "example"),
            ("<int:pk>/apply/", require_POST(self.apply_view), "apply"),
            ("<int:pk>/check/", require_POST(self.check_view), "check"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
            ("<int:pk>/findings.<str:ending>", self.findings_view, "findings"),
        )
        site = self.admin_site.admin_view
        return [
            *(path(to, site(view), name=f"learners_importjob_{name}") for to, view, name in own),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Take in a file, and have it checked by the worker."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        form.fields["organisation"].initial = _only_organisation()
        if form.is_valid():
            job = self._begin(request, form.cleaned_data)
            return self._show(job.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import enrolments from a file"),
            "opts": self.opts,
            "form": form,
            "columns": exporting.column_guide(),
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
            **self._findings(request, job),
            **_progress_of(job),
            "title": _("Import of %(name)s") % {"name": job.file.name},
            "opts": self.opts,
            "counted": summary.counted(job),
            "results": summary.results(job),
            "promise": summary.promise(job),
            "wait_for_others": summary.wait_for_others(job),
            "may_apply": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/learners/import_detail.html", context)

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Agree to what the preview showed."""
        job = self._get(request, pk, to_change=True)
        if jobs.consent(job=job, by=request.user):  # type: ignore[arg-type]
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
        context = {**_progress_of(job)}
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
            return _xlsx(name, exporting.findings_xlsx(job))
        if ending == "csv":
            return _csv(name, exporting.findings_csv(job))
        raise Http404

    def example_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """A file to fill in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if ending == "xlsx":
            return _xlsx(_("enrolments"), exporting.example_xlsx())
        if ending == "csv":
            return _csv(_("enrolments"), exporting.example_csv())
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
            with_certificates=said["with_certificates"],
        )
        _enqueue(job.pk)
        return job

    def _get(self, request: HttpRequest, pk: int, *, to_change: bool = False) -> ImportJob:
        allowed = self.has_add_permission if to_change else self.has_view_permission
        if not allowed(request):
            raise PermissionDenied
        related = ImportJob.objects.select_related("file", "organisation", "by")
        return get_object_or_404(related, pk=pk)

    def _show(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:learners_importjob_change", args=[pk]))

    def _findings(self, request: HttpRequest, job: ImportJob) -> dict[str, Any]:
        """Return the findings to show: errors where there are any, else what was chosen."""
        asked = request.GET.get("show", "")
        first = Severity.ERROR if job.count("error") else Severity.NOTICE
        shown = Severity(asked) if asked in Severity.values else first
        return {
            "job": job,
            "severities": [(s, s.label, job.count(s)) for s in Severity if job.count(s)],
            "shown": shown,
            "findings": job.findings.filter(severity=shown)[:SHOWN],
            "not_shown": max(0, job.count(shown) - SHOWN),
        }

    @admin.display(description=gettext_lazy("file"), ordering="file__name")
    def file_name(self, job: ImportJob) -> str:
        return job.file.name

    @admin.display(description=gettext_lazy("lines"))
    def lines(self, job: ImportJob) -> int:
        return job.count("lines")

    @admin.display(description=gettext_lazy("errors"))
    def errors(self, job: ImportJob) -> int:
        return job.count("error")


def _xlsx(name: str, file: IO[bytes]) -> HttpResponseBase:
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _csv(name: str, lines: Iterator[str]) -> HttpResponseBase:
    sent = StreamingHttpResponse(lines, content_type="text/csv")
    sent.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    return sent


def _enqueue(pk: int) -> None:
    """Hand the job to the worker; where no message gets through, the sweep finds it."""
    transaction.on_commit(lambda: tasks.run_import.delay(pk), robust=True)


def _only_organisation() -> Organisation | None:
    rows = list(Organisation.objects.all()[:2])
    return rows[0] if len(rows) == 1 else None


def _progress_of(job: ImportJob) -> dict[str, Any]:
    seen = progress.read(jobs.key_of(job.pk)) if job.is_at_work else None
    left = seen.seconds_left if seen else None
    minutes = -(-left // 60) if left is not None else None
    return {"job": job, "progress": seen, "seconds_left": left, "minutes_left": minutes}
