"""The assignments of a programme on one page: its plan, its themes with all that stands in them,
and the way in and out as a sheet."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from exams.admin import sheet_pages
from exams.admin.plan_form import PlanForm
from exams.assignments import planning
from exams.defining import outline
from exams.models import Assignment, ExamPlan, Theme
from learners.admin.parts.base import HouseAdmin, link_to, link_to_list
from learners.counting import number_of
from learners.models import Programme

SAID = (  # what it is called in the audit log
    gettext_noop("assignments from file"),
    gettext_noop("plan changed"),
    gettext_noop("version begun"),
    gettext_noop("version published"),
)
CHANGED = ("needed_xp", "xp_from", "sample_size")


@admin.register(ExamPlan)
class ExamPlanAdmin(HouseAdmin):
    form = PlanForm
    change_form_template = "admin/exams/plan_form.html"
    add_words = _("Begin with a programme")
    list_display = ("title", "organisation", "themes", "assignments", "needed_xp", "xp_from")
    list_select_related = ("programme__organisation",)
    list_filter = ("programme__organisation", "xp_from")
    search_fields = (
        *("programme__title_nl", "programme__title_en", "programme__code"),
        "programme__assignments__code",
    )
    search_help_text = _("Title or code of a programme, or code of an assignment")
    autocomplete_fields = ("programme",)
    readonly_fields = ("programme_link", "total_xp")

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        name = "exams_examplan"
        return [
            path("of/<int:pk>/", site(self.of_programme_view), name=f"{name}_of"),
            path("example.<str:ending>", site(self.example_view), name=f"{name}_example"),
            path("<int:pk>/file/", site(self.file_view), name=f"{name}_file"),
            path("<int:pk>/as-file.<str:ending>", site(self.export_view), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        asked = Q(archived_at=None)
        return (
            super()
            .get_queryset(request)
            .annotate(
                n_themes=number_of(Theme, "programme", of="programme"),
                n_assignments=number_of(Assignment, "programme", asked, of="programme"),
            )
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        """A plan stays that of its programme."""
        if obj is None:
            return ("programme", "xp_from")
        return ("programme_link", "total_xp", *CHANGED)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        said = form.cleaned_data
        values = {name: said.get(name, getattr(obj, name)) for name in CHANGED}
        planning.change_plan(plan=obj, by=request.user, **values)  # type: ignore[arg-type]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show below the plan all that the programme asks."""
        if plan := context.get("original"):
            context["outline"] = outline.of(plan.programme)
        return super().render_change_form(request, context, *args, **kwargs)

    def of_programme_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the plan of a programme, or to making it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        programme = get_object_or_404(Programme, pk=pk)
        plan = ExamPlan.objects.filter(programme=programme).first()
        if plan:
            return HttpResponseRedirect(reverse("admin:exams_examplan_change", args=[plan.pk]))
        address = reverse("admin:exams_examplan_add")
        return HttpResponseRedirect(f"{address}?programme={programme.pk}")

    def response_add(
        self, request: HttpRequest, obj: ExamPlan, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with its themes."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:exams_examplan_change", args=[obj.pk]))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return sheet_pages.file_page(self, request, pk)

    def export_view(self, request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
        return sheet_pages.export(self, request, pk, ending)

    def example_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        return sheet_pages.example(self, request, ending)

    @admin.display(description=_("programme"), ordering="programme__title_nl")
    def title(self, plan: ExamPlan) -> str:
        return plan.programme.title

    @admin.display(description=_("institution"), ordering="programme__organisation__name")
    def organisation(self, plan: ExamPlan) -> str:
        return str(plan.programme.organisation)

    @admin.display(description=_("programme"))
    def programme_link(self, plan: ExamPlan) -> SafeString | str:
        return link_to(plan.programme)

    @admin.display(description=_("XP in all"))
    def total_xp(self, plan: ExamPlan) -> int:
        """What the published assignments give in all."""
        return outline.of(plan.programme).total_xp

    @admin.display(description=_("themes"), ordering="n_themes")
    def themes(self, plan: ExamPlan) -> SafeString:
        number = plan.n_themes  # type: ignore[attr-defined]
        return link_to_list(number, Theme, programme=plan.programme_id)

    @admin.display(description=_("assignments"), ordering="n_assignments")
    def assignments(self, plan: ExamPlan) -> SafeString:
        number = plan.n_assignments  # type: ignore[attr-defined]
        return link_to_list(number, Assignment, programme=plan.programme_id)
