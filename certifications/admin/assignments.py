"""What was assigned: the list, the page of one with its cycles, and assigning with a dry run."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from certifications.admin import ending, publishing
from certifications.admin.assign_form import LOOK_AGAIN, AssignForm, is_as_shown, seal_of
from certifications.admin.assignment_acts import ACTS
from certifications.assigning import giving
from certifications.cycles import states
from certifications.models import CertificationAssignment, Cycle, CycleState
from certifications.pages import shown_cycles
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import QuickAdmin, ReadOnlyInline, link_to
from learners.models import User
from learners.spreadsheets import writing

ASSIGNED = "assignment__certification"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StateFilter(admin.SimpleListFilter):
    """Today's state of the newest cycle, worked out from dates."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return list(CycleState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        found = Cycle.objects.newest().in_state(self.value() or "")
        return queryset.filter(pk__in=found.values("assignment"))


class CycleInline(ReadOnlyInline):
    model = Cycle
    verbose_name_plural = _("Rounds")
    fields = (
        *("number", "version", "shown_state", "begins_on", "due_on", "started_on"),
        *("completed_on", "valid_until", "grace_until", "why"),
    )
    readonly_fields = fields
    facts: shown_cycles.Facts | None = None  # of all of them, as this is made anew for each page

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .select_related("version__certification", f"{ASSIGNED}__organisation")
        )

    @admin.display(description=_("state"))
    def shown_state(self, cycle: Cycle) -> str:
        return str(states.state_of(cycle).label)

    @admin.display(description=_("why"))
    def why(self, cycle: Cycle) -> SafeString:
        """The requirements, the days and the rule that led to its state, for who asks."""
        if self.facts is None:
            theirs = Cycle.objects.filter(assignment=cycle.assignment_id)
            self.facts = shown_cycles.facts_of(list(theirs.select_related(ASSIGNED)))
        reasons = shown_cycles.reasons_of(cycle, self.facts)
        lines = format_html_join("", "<li>{}</li>", ((one,) for one in reasons))
        words = _("Why?")
        return format_html("<details><summary>{}</summary><ul>{}</ul></details>", words, lines)


@admin.register(CertificationAssignment)
class CertificationAssignmentAdmin(ActsAdmin, QuickAdmin):
    acts = ACTS
    is_edited = False
    add_words = _("Assign a certification")
    inlines = (CycleInline,)
    list_display = ("learner", "certification", "mode", "shown_state", "due_on", "valid_until")
    list_display_links = ("learner",)
    list_select_related = ("learner", "certification__organisation")
    list_filter = (
        StateFilter,
        ending.EndsFilter,
        "mode",
        "certification__organisation",
        "certification",
    )
    search_fields = ("learner__search_name",)
    search_help_text = _("Name or e-mail address of the learner, or code of the certification")
    change_list_template = "admin/certifications/assigning/assignment_list.html"
    change_form_template = "admin/certifications/assigning/assignment_form.html"
    fields = (
        *("person", "what", "mode", "by", "assigned_at", "accepted_at"),
        *("ended_at", "ended_as", "ended_by", "ended_because"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("cycles")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ending.EndingList]:
        return ending.EndingList

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        name = "certifications_certificationassignment_export"
        return [path("export/", view, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """Say how many end in the days that are asked for."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if (between := ending.asked(request)) and "cl" in context:
            words = between.words(context["cl"].result_count, timezone.localdate())
            if context["cl"].paginator.is_capped:
                words = _("More than that: %(words)s") % {"words": words}
            context |= {"between": between, "ending_words": words}
        return response

    def export_view(self, request: HttpRequest) -> FileResponse:
        """The same list, as far as it was filtered, as a workbook."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        file = writing.workbook(ending.headings(), ending.lines(rows))
        name = "-".join((str(_("certifications")), f"{timezone.localdate().isoformat()}.xlsx"))
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        linked = ("certification__id__exact", "learner__id__exact")
        return lookup in linked or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by the learner, as people are found everywhere, or by the code."""
        term = search_term.strip()
        if not term:
            return queryset, False
        learners = User.objects.matching(term).order_by().values("pk")
        by_name = queryset.filter(learner__in=learners)
        return by_name | queryset.filter(certification__code__iexact=term), False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Assign: first a list of every person with their dates, then, agreed to, the act."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AssignForm(request.POST or None, initial=request.GET.dict())
        planned: list[giving.Planned] = []
        if form.is_valid():
            try:
                planned = giving.plan(**form.cleaned_data)
                if "confirmed" in request.POST and any(not p.refusal for p in planned):
                    if is_as_shown(request, form.cleaned_data, planned):
                        return self._assign(request, form.cleaned_data)
                    self.message_user(request, LOOK_AGAIN, messages.WARNING)
            except giving.AssigningRefused as refusal:
                said = publishing.refused_words(refusal, form.cleaned_data["certification"])
                form.add_error(None, said)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assign a certification"),
            "opts": self.opts,
            "form": form,
            "planned": planned,
            "shown": seal_of(form.cleaned_data, planned) if planned else "",
            "able": [p for p in planned if not p.refusal],
            "unable": [p for p in planned if p.refusal],
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/certifications/assigning/assign.html", context)

    def _assign(self, request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
        made = giving.assign(by=request.user, **said)  # type: ignore[arg-type]
        words = ngettext(
            "“%(title)s” is assigned to %(n)d person.",
            "“%(title)s” is assigned to %(n)d people.",
            len(made),
        )
        title = said["certification"].title
        self.message_user(request, words % {"n": len(made), "title": title}, messages.SUCCESS)
        listed = reverse("admin:certifications_certificationassignment_changelist")
        chosen = said["certification"].pk
        return HttpResponseRedirect(f"{listed}?certification__id__exact={chosen}")

    def _newest(self, assignment: CertificationAssignment) -> Cycle:
        cycle = assignment.cycles.all()[0]
        cycle.assignment = assignment
        return cycle

    @admin.display(description=_("state"))
    def shown_state(self, assignment: CertificationAssignment) -> str:
        cycle = self._newest(assignment)
        said = str(states.state_of(cycle).label)
        late = states.is_overdue(cycle, cycle.today)
        tardy = _("late")
        return f"{said} · {tardy}" if late else said

    @admin.display(description=_("to be completed by"))
    def due_on(self, assignment: CertificationAssignment) -> Any:
        return self._newest(assignment).due_on

    @admin.display(description=_("valid until"))
    def valid_until(self, assignment: CertificationAssignment) -> Any:
        return ending.until(self._newest(assignment))

    @admin.display(description=_("learner"))
    def person(self, assignment: CertificationAssignment) -> str:
        return link_to(assignment.learner)

    @admin.display(description=_("certification"))
    def what(self, assignment: CertificationAssignment) -> str:
        return link_to(assignment.certification)
