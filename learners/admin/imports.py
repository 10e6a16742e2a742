"""Imports of enrolments and of exemptions: a file, its preview, and how far it is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learners import tasks
from learners.admin import import_page
from learners.admin.parts.long_work import LongWorkAdmin, Own
from learners.admin.parts.sheets import sheet_response
from learners.importing import exporting, jobs, summary
from learners.keys import key_in
from learners.models import (
    ExemptionImport,
    ImportJob,
    ImportKind,
    Organisation,
    User,
)
from learners.uploading.fields import UploadField

MOST_EXAMPLES = 10


class ImportForm(forms.Form):
    """Which file, of which institution; `by` owns it."""

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

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by


class ExemptionsForm(ImportForm):
    """Which base list or exemption file, of which institution; no certificate follows from one."""

    with_certificates = None  # type: ignore[assignment]


class ImportAdmin(LongWorkAdmin):
    """What the lists of imports share; `kind` says what their files hold."""

    kind: ImportKind
    task = tasks.run_import
    key_of = staticmethod(jobs.key_of)
    related = ("file", "organisation", "by")
    progress_template = "admin/learners/_import_progress.html"
    form_class: type[ImportForm] = ImportForm
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

    def own_pages(self) -> Sequence[Own]:
        findings = ("<int:pk>/findings.<str:ending>", self.findings_view, "findings")
        return (*super().own_pages(), findings)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Take in a file, and have it checked by the worker."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.form_class(request.POST or None, request.FILES or None, by=request.user)  # type: ignore[arg-type]
        form.fields["organisation"].initial = _only_organisation()
        if form.is_valid():
            job = self._begin(request, form.cleaned_data)
            return self.show(job.pk)
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
        job = self.get_job(request, key_in(object_id) or 0)
        context = {
            **self.admin_site.each_context(request),
            **import_page.findings_of(request, job),
            **import_page.lines_of(request, job),
            **self.progress_of(job),
            "title": _("Import of %(name)s") % {"name": job.file.name},
            "opts": self.opts,
            "counted": summary.counted(job),
            "results": summary.results(job),
            "promise": summary.promise(job),
            "to_tell": summary.messages(job),
            "more_follows": summary.more_follows(job),
            "wait_for_others": summary.wait_for_others(job),
            "may_apply": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/learners/import_detail.html", context)

    def agree(self, request: HttpRequest, job: ImportJob) -> bool:
        tells = "tell_them" in request.POST
        return jobs.consent(job=job, by=request.user, tells=tells)  # type: ignore[arg-type]

    def look_again(self, request: HttpRequest, job: ImportJob) -> bool:
        return jobs.check_again(job=job, by=request.user)  # type: ignore[arg-type]

    def findings_view(self, request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
        """All findings, for a spreadsheet."""
        job = self.get_job(request, pk)
        what = _("findings")
        name = f"{job.file.name.rpartition('.')[0] or job.file.name}-{what}"
        return sheet_response(
            name,
            ending,
            xlsx=lambda: exporting.findings_xlsx(job),
            csv=lambda: exporting.findings_csv(job),
        )

    def example_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """A file to fill in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = key_in(request.GET.get("organisation", "")) or 0
        organisation = Organisation.objects.filter(pk=asked).first() or _only_organisation()
        return sheet_response(
            str(ImportKind(self.kind).label),
            ending,
            xlsx=lambda: exporting.example_xlsx(self.kind, organisation),
            csv=lambda: exporting.example_csv(self.kind, organisation),
        )

    def _begin(self, request: HttpRequest, said: dict[str, Any]) -> ImportJob:
        job = jobs.begin(
            organisation=said["organisation"],
            file=said["file"],
            by=request.user,  # type: ignore[arg-type]
            with_certificates=said.get("with_certificates", True),
            kind=self.kind,
        )
        self.enqueue(job.pk)
        return job

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


def _only_organisation() -> Organisation | None:
    rows = list(Organisation.objects.all()[:2])
    return rows[0] if len(rows) == 1 else None
