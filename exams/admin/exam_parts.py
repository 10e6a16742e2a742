"""A part of an exam on one page: what it asks, its instruction, the files that are expected and the
criteria by which it is judged."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from exams.admin.exam_acts import REMOVE_PART
from exams.admin.exam_forms import CriterionFormSet, ExamPartForm, InPartFormSet
from exams.defining import completeness
from exams.models import Criterion, Exam, ExamPart, ExpectedFile, InstructionPage
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, address_of, link_to
from learners.admin.parts.inlines import EditedInline
from learners.keys import key_in

SAID = (  # what it is called in the audit log
    gettext_noop("exampart added"),
    gettext_noop("exampart changed"),
    gettext_noop("exampart removed"),
)
NOT_SAVED = {
    "show_save": False,
    "show_save_and_continue": False,
    "show_save_and_add_another": False,
}


class InPart(EditedInline):
    """Rows of a part, which are read once it was published."""

    formset = InPartFormSet
    ordering = ("position", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)


class PageInline(InPart):
    """Texts are written one below the other."""

    model = InstructionPage
    template = "admin/edit_inline/stacked.html"
    fields = ("position", ("title_nl", "title_en"), "text_nl", "text_en")
    verbose_name_plural = _("instruction, page by page")


class FileInline(InPart):
    model = ExpectedFile
    fields = ("position", "title_nl", "title_en", "sort", "is_required")


class CriterionInline(InPart):
    model = Criterion
    formset = CriterionFormSet
    fields = (
        *("position", "title_nl", "title_en", "points", "is_knock_out"),
        *("explanation_nl", "explanation_en"),
    )


@admin.register(ExamPart)
class ExamPartAdmin(ActsAdmin, HouseAdmin):
    form = ExamPartForm
    acts = (REMOVE_PART,)
    inlines = (PageInline, FileInline, CriterionInline)
    change_form_template = "admin/exams/exam_part_form.html"
    list_display = ("title", "exam", "version", "programme", "position", "kind", "weight")
    list_filter = ("kind", "exam__programme__organisation")
    search_fields = ("title_nl", "title_en", "exam__title_nl", "exam__programme__title_nl")
    ordering = ("exam__programme__title_nl", "exam", "position", "pk")
    autocomplete_fields = ("exam",)
    readonly_fields = ("exam_link", "points_in_all")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("exam__programme__organisation")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> tuple:
        where = "exam_link" if obj else "exam"
        asked = ("kind", "minutes", "most_files", "most_megabytes")
        judged = ("cut_score", "points_in_all") if obj else "cut_score"
        passed = ("good_score", "weight", "must_be_passed")
        return (
            (None, {"fields": (where, "position", "title_nl", "title_en")}),
            (_("Kind, time and files"), {"fields": asked}),
            (_("How it counts"), {"fields": (judged, *passed)}),
        )

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> tuple:
        """What stands in a part comes once it is there."""
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        """A part of what was published is looked at."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if _is_open(obj) else (*fields, *ExamPartForm.Meta.fields)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Put a new part after those that its exam has."""
        initial = super().get_changeform_initial_data(request)
        exam = key_in(str(initial.get("exam", "")))
        last = ExamPart.objects.filter(exam=exam).order_by("position").last() if exam else None
        return initial | {"position": str(last.position + 1 if last else 1)}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Nothing of a frozen part is saved."""
        part = self.get_object(request, object_id)
        context = {} if _is_open(part) else NOT_SAVED
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say what is missing of it."""
        part: ExamPart | None = context.get("original")
        if part and not part.exam.is_frozen:
            known = completeness.parts_of(part.exam).get(pk=part.pk)
            context["lacks"] = completeness.of_part(known, part.exam)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: ExamPart, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with what stands in it."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(address_of(obj))

    @admin.display(description=_("title"), ordering="title_nl")
    def title(self, part: ExamPart) -> str:
        return completeness.name_of(part)

    @admin.display(description=_("version"), ordering="exam__number")
    def version(self, part: ExamPart) -> int:
        return part.exam.number

    @admin.display(description=_("programme"))
    def programme(self, part: ExamPart) -> str:
        return part.exam.programme.title

    @admin.display(description=_("exam"))
    def exam_link(self, part: ExamPart) -> SafeString | str:
        return link_to(part.exam)

    @admin.display(description=_("points of all criteria"))
    def points_in_all(self, part: ExamPart) -> int:
        return part.points()


def _is_open(row: ExamPart | Exam | None) -> bool:
    """Whether a part can still be changed."""
    exam = row.exam if isinstance(row, ExamPart) else row
    return exam is None or not exam.is_frozen
