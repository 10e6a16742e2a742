"""Assigning to many: what would happen, person by person, and how far it is."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certifications import tasks
from certifications.admin import publishing
from certifications.admin.bulk_form import BulkForm
from certifications.assigning import jobs, sheets
from certifications.assigning.giving import AssigningRefused
from certifications.models import AssigningJob, Outcome
from certifications.models.groups import GROUP_RELATED
from learners.admin.parts.long_work import LongWorkAdmin
from learners.admin.parts.sheets import sheet_response
from learners.keys import key_in
from learners.models import ImportState

SHOWN = 50
COUNTED = {
    Outcome.BEGINS: gettext_lazy("newly assigned"),
    Outcome.MOVES: gettext_lazy("another date or way"),
    Outcome.NOTHING: gettext_lazy("nothing happens"),
    Outcome.ERROR: gettext_lazy("errors in the file"),
}


@admin.register(AssigningJob)
class AssigningJobAdmin(LongWorkAdmin):
    task = tasks.run_assigning
    key_of = staticmethod(jobs.key_of)
    related = ("certification__organisation", "file", "by", "rule", *GROUP_RELATED)
    progress_template = "admin/certifications/assigning/_assigning_progress.html"
    add_words = gettext_lazy("Assign to many")
    list_display = ("what", "shown_whom", "state", "people", "begins", "by", "created_at")
    list_display_links = ("what",)
    list_select_related = ("certification", "file", "by", *GROUP_RELATED)
    list_filter = ("state", "certification__organisation")
    search_fields = ("certification__title_nl", "certification__code", "file__name")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may assign to one may assign to many."""
        return request.user.has_perms(
            ("certifications.add_assigningjob", "certifications.add_certificationassignment")
        )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        linked = ("certification__id__exact", "rule__id__exact")
        return lookup in linked or super().lookup_allowed(lookup, value, request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Say whom and how, and have the worker look at what it would do."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BulkForm(
            request.POST or None,
            request.FILES or None,
            initial=request.GET.dict(),
            by=request.user,  # type: ignore[arg-type]
        )
        if form.is_valid():
            try:
                return self._begin(request, form)
            except AssigningRefused as refusal:
                said = publishing.refused_words(refusal, form.cleaned_data["certification"])
                form.add_error("certification", said)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assign to many"),
            "opts": self.opts,
            "form": form,
            "columns": sheets.column_guide(),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/certifications/assigning/assign_many.html", context)

    def _begin(self, request: HttpRequest, form: BulkForm) -> HttpResponse:
        by: Any = request.user
        with transaction.atomic():
            job = jobs.begin(
                certification=form.cleaned_data["certification"],
                whom=form.group,
                terms=form.terms,
                by=by,
            )
        self.enqueue(job.pk)
        return self.show(job.pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Show every person with what would happen or happened, or how far it is."""
        job = self.get_job(request, key_in(object_id) or 0)
        context = {
            **self.admin_site.each_context(request),
            **_lines(request, job),
            **self.progress_of(job),
            "title": _("Assign “%(title)s”") % {"title": job.certification.title},
            "opts": self.opts,
            "may_apply": self.has_add_permission(request),
        }
        return TemplateResponse(
            request, "admin/certifications/assigning/assigning_detail.html", context
        )

    def agree(self, request: HttpRequest, job: AssigningJob) -> bool:
        return jobs.consent(job=job, by=request.user)  # type: ignore[arg-type]

    def look_again(self, request: HttpRequest, job: AssigningJob) -> bool:
        return jobs.look_again(job=job, by=request.user)  # type: ignore[arg-type]

    def example_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """A file to fill in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return sheet_response(_("people"), ending, xlsx=sheets.example_xlsx, csv=sheets.example_csv)

    @admin.display(description=gettext_lazy("certification"), ordering="certification")
    def what(self, job: AssigningJob) -> str:
        return job.certification.title

    @admin.display(description=gettext_lazy("whom"))
    def shown_whom(self, job: AssigningJob) -> str:
        return job.whom

    @admin.display(description=gettext_lazy("people"))
    def people(self, job: AssigningJob) -> int:
        return job.count("people")

    @admin.display(description=gettext_lazy("newly assigned"))
    def begins(self, job: AssigningJob) -> int:
        return job.count(Outcome.BEGINS)


def _lines(request: HttpRequest, job: AssigningJob) -> dict[str, Any]:
    """Return a page of the people with one outcome: errors where there are any, else who gets
    it."""
    there = [(one, COUNTED[one], job.count(one)) for one in Outcome if job.count(one)]
    first = Outcome.ERROR if job.count(Outcome.ERROR) else there[0][0] if there else None
    asked = request.GET.get("show", "")
    shown = Outcome(asked) if asked in Outcome.values else first
    text = request.GET.get("q", "").strip()[:100]
    rows = job.lines.filter(outcome=shown).select_related("learner").order_by("pk")
    rows = rows.matching(text) if text else rows
    pages = Paginator(rows, SHOWN)
    if shown and not text:
        pages.count = job.count(shown)  # as it was counted in the end: they may be very many
    page = pages.get_page(request.GET.get("p"))
    return {
        "job": job,
        "outcomes": there,
        "shown": shown,
        "q": text,
        "page": page if shown and not job.is_at_work else None,
        "number": job.count(Outcome.BEGINS) + job.count(Outcome.MOVES),
        "can_apply": job.state == ImportState.READY and (job.keeps or _acts(job)),
    }


def _acts(job: AssigningJob) -> bool:
    return bool(job.count(Outcome.BEGINS) or job.count(Outcome.MOVES))
