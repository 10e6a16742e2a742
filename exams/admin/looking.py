"""An exam as learners read it, looked at before it is published: the same pages, in either
language, of which nothing is kept."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from exams.models import Exam, ExamPart
from exams.pages import exam_reading
from exams.pages.exam_reading import ExamPage, Links

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def exam_view(admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Return the page of an exam, as a learner opens it."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        language, page = _looked_at(admin, request, pk)
        with override(language):
            return render(request, "exams/exam/exam_detail.html", {"page": page})

    return view


def page_view(admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Return a page of the instruction of a part, as a learner reads it."""

    @require_safe
    def view(request: HttpRequest, pk: int, part_pk: int, number: int) -> HttpResponse:
        language, page = _looked_at(admin, request, pk)
        try:
            reading = exam_reading.of_part(page, part_pk, number)
        except LookupError:
            raise Http404 from None
        with override(language):
            context = {"page": page, "reading": reading}
            return render(request, "exams/exam/instruction_detail.html", context)

    return view


def _looked_at(admin: ModelAdmin, request: HttpRequest, pk: int) -> tuple[str, ExamPage]:
    """Return the language that was asked for, and the page."""
    exam = get_object_or_404(Exam, pk=pk)
    if not admin.has_view_permission(request, exam):
        raise PermissionDenied
    asked = request.GET.get("language", "")
    language = asked if asked in LANGUAGES else get_language() or settings.LANGUAGE_CODE
    return language, ExamPage(exam, exam_reading.parts_of(exam), _links(exam, language))


def _links(exam: Exam, language: str) -> Links:
    def page(part: ExamPart, number: int) -> str:
        address = reverse("admin:exams_exam_read", args=[exam.pk, part.pk, number])
        return f"{address}?language={language}"

    detail = reverse("admin:exams_exam_look", args=[exam.pk])
    return Links(f"{detail}?language={language}", page, is_preview=True)
