"""The exam of a programme, in versions: what it is, its parts, and the ways to look at it and to
publish it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from exams.admin import exam_publishing, looking
from exams.admin.exam_acts import NEW_VERSION, THROW_AWAY
from exams.admin.exam_forms import SAID as EDITED
from exams.admin.exam_forms import ExamForm
from exams.admin.filters import ProgrammeFilter
from exams.admin.leading import link_to_plan
from exams.defining import exams
from exams.models import Attempt, Exam, ExamKind
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, address_of, link_to
from learners.admin.parts.filters import happened
from learners.counting import number_of
from learners.models import Programme

SAID = (  # what it is called in the audit log
    gettext_noop("exam begun"),
    gettext_noop("exam published"),
    gettext_noop("exam thrown away"),
)
SHORT = {
    ExamKind.CERTIFIED: _("certified"),
    ExamKind.OWN: _("own"),
    ExamKind.OUTSIDE: _("elsewhere"),
}
ALONE = {"show_save_and_add_another": False}  # a programme has one
NOT_SAVED = {"show_save": False, "show_save_and_continue": False}


@admin.register(Exam)
class ExamAdmin(ActsAdmin, HouseAdmin):
    """Frozen once it is published; a new version begins as a copy of it."""

    form = ExamForm
    acts = (NEW_VERSION, THROW_AWAY)
    change_form_template = "admin/exams/exam_form.html"
    add_words = _("Begin with a programme")
    list_display = ("title", "programme", "version", "short_kind", "released")
    list_filter = (
        *(happened("published_at", _("published")), "kind", ProgrammeFilter),
        "programme__organisation",
    )
    search_fields = ("title_nl", "title_en", "programme__title_nl", "programme__code")
    ordering = ("programme__title_nl", "programme", "-number")
    autocomplete_fields = ("programme",)
    readonly_fields = ("programme_link", "versions", "released", "plan")

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site.admin_view, "exams_exam"
        look, page = site(looking.exam_view(self)), site(looking.page_view(self))
        publish = site(exam_publishing.publish_view(self))
        return [
            path("of/<int:pk>/", site(self.of_programme_view), name=f"{name}_of"),
            path("<int:pk>/publish/", publish, name=f"{name}_publish"),
            path("<int:pk>/look/", look, name=f"{name}_look"),
            path("<int:pk>/look/<int:part_pk>/<int:number>/", page, name=f"{name}_read"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("programme__organisation")
        return rows.annotate(n_released=number_of(Attempt, "exam"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> tuple:
        where = ("programme_link", "versions", "released", "plan") if obj else ("programme",)
        return (
            (None, {"fields": (*where, "title_nl", "title_en", "kind", "scale")}),
            (_("Announcement"), {"fields": ("announcement_nl", "announcement_en")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *EDITED) if obj and obj.is_frozen else fields

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Nothing of a frozen version is saved."""
        exam = self.get_object(request, object_id)
        context = ALONE | (NOT_SAVED if exam and exam.is_frozen else {})
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show below the exam its parts, and what is missing of it."""
        if exam := context.get("original"):
            context |= exam_publishing.shown(exam)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Begin an exam as every version begins, and write into it what was typed."""
        if not change:
            begun = exams.begin(programme=obj.programme, by=request.user)  # type: ignore[arg-type]
            obj.pk, obj.number, obj.created_at = begun.pk, begun.number, begun.created_at
            obj._state.adding = False
        super().save_model(request, obj, form, True)

    def response_add(
        self, request: HttpRequest, obj: Exam, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with its parts."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(address_of(obj))

    def of_programme_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the newest version of the exam of a programme, or to making the first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        programme = get_object_or_404(Programme, pk=pk)
        if newest := programme.exams.first():
            return HttpResponseRedirect(address_of(newest))
        address = reverse("admin:exams_exam_add")
        return HttpResponseRedirect(f"{address}?programme={programme.pk}")

    @admin.display(description=_("title"), ordering="title_nl")
    def title(self, exam: Exam) -> str:
        return exam.title

    @admin.display(description=_("programme"))
    def programme_link(self, exam: Exam) -> SafeString | str:
        return link_to(exam.programme)

    @admin.display(description=_("kind"), ordering="kind")
    def short_kind(self, exam: Exam) -> str:
        return str(SHORT[ExamKind(exam.kind)])

    @admin.display(description=_("version"))
    def version(self, exam: Exam) -> str:
        return f"{exam.number} · {_stage(exam)}"

    @admin.display(description=_("versions"))
    def versions(self, exam: Exam) -> SafeString:
        """Lead to the other versions."""
        rows = Exam.objects.filter(programme=exam.programme_id)
        return format_html_join(
            " · ", "{} ({})", ((_named(row, exam), _stage(row)) for row in rows)
        )

    @admin.display(description=_("released to"), ordering="n_released")
    def released(self, exam: Exam) -> int:
        """How many people have this version."""
        return exam.n_released  # type: ignore[attr-defined]

    @admin.display(description=_("all of the programme"))
    def plan(self, exam: Exam) -> SafeString | str:
        return link_to_plan(exam.programme_id)


def _stage(exam: Exam) -> str:
    """Say whether a version can be released."""
    return gettext("published") if exam.is_frozen else gettext("being made")


def _named(version: Exam, shown: Exam) -> SafeString | str:
    words = gettext("version %(n)d") % {"n": version.number}
    if version == shown:
        return words
    return format_html('<a href="{}">{}</a>', address_of(version), words)
