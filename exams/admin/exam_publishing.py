"""Publishing a version of an exam: all that is missing, or what will hold, and then the act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from exams.defining import completeness, exams
from exams.defining.publishing import DefinitionRefused
from exams.models import Attempt, Exam, ExamPart
from exams.pages.exam_reading import duration
from learners.admin.parts.base import address_of
from learners.models import GradeScale


@dataclass(frozen=True)
class PartRow:
    """A part as the pages of an exam list it, with its share of the grade in percent."""

    part: ExamPart
    share: int

    @property
    def name(self) -> str:
        return completeness.name_of(self.part)

    @property
    def takes(self) -> str:
        return duration(self.part.minutes)

    @property
    def points(self) -> int:
        return completeness.points_of(self.part)

    @property
    def n_pages(self) -> int:
        return len(self.part.pages.all())

    @property
    def n_files(self) -> int:
        return len(self.part.expected_files.all())


def shown(exam: Exam) -> dict[str, Any]:
    """Return the parts of an exam, and what is missing of it, in four queries."""
    parts = list(completeness.parts_of(exam))
    whole = sum(part.weight for part in parts)
    return {
        "rows": [PartRow(part, round(100 * part.weight / whole)) for part in parts],
        "missing": [] if exam.is_frozen else completeness.whats_missing(exam, parts),
    }


def publish_view(admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """Return the page on which a version is published."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        exam = get_object_or_404(admin.get_queryset(request), pk=pk)
        if not admin.has_change_permission(request, exam):
            raise PermissionDenied
        if exam.is_frozen:
            return HttpResponseRedirect(address_of(exam))
        if request.method == "POST" and _done(request, exam):
            admin.message_user(request, _("The exam was published."), messages.SUCCESS)
            return HttpResponseRedirect(address_of(exam))
        context = _context(admin, request, exam)
        return TemplateResponse(request, "admin/exams/exam_publish.html", context)

    return view


def _done(request: HttpRequest, exam: Exam) -> bool:
    """Publish it, unless something is missing, which the page then says."""
    try:
        exams.publish(exam=exam, by=request.user)  # type: ignore[arg-type]
    except DefinitionRefused:
        return False
    return True


def _context(admin: ModelAdmin, request: HttpRequest, exam: Exam) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "title": _("Publish version %(n)d of the exam") % {"n": exam.number},
        "opts": admin.opts,
        "exam": exam,
        **shown(exam),
        "scale": GradeScale(exam.grade_scale).label,
        "released": Attempt.objects.filter(exam__programme=exam.programme_id).count(),
    }
