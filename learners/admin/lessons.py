"""The lessons of a course: written, ordered, looked at as learners see them, and archived."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from learners.admin.parts.acting import Act, ActsAdmin, RemarkForm
from learners.admin.parts.base import HouseAdmin, link_to_list
from learners.admin.parts.filters import CourseFilter
from learners.catalogue import putting_aside
from learners.content.lesson_form import LessonForm
from learners.counting import number_of
from learners.keys import key_in
from learners.models import Course, Lesson, LessonProgress, User

FINISHED = Q(completed_at__isnull=False)


def _archive(rows: Sequence[Lesson], said: Mapping[str, Any], by: User) -> int:
    return putting_aside.archive(offers=rows, by=by, reason=said["reason"])


def _bring_back(rows: Sequence[Lesson], said: Mapping[str, Any], by: User) -> int:
    return putting_aside.bring_back(offers=rows, by=by, reason=said["reason"])


def _finished(rows: Sequence[Lesson]) -> dict[int, str]:
    """Say of each lesson how many people finished it."""
    counted = (
        LessonProgress.objects.filter(FINISHED, lesson__in=rows)
        .order_by()
        .values_list("lesson")
        .annotate(n=Count("pk"))
    )
    return {
        pk: ngettext("%(n)d person finished it", "%(n)d people finished it", n) % {"n": n}
        for pk, n in counted
    }


ARCHIVE = Act(
    name="archive",
    title=_("Archive"),
    lead=_(
        "Learners no longer see it, and it no longer counts for their progress. What they finished "
        "stays in their history; a course that was completed stays completed."
    ),
    form=RemarkForm,
    refuse=lambda rows: {r.pk: str(_("archived already")) for r in rows if r.archived_at},
    follows=_finished,
    do=_archive,
    done=ngettext_lazy("%(n)d lesson was archived.", "%(n)d lessons were archived.", "n"),
)
BRING_BACK = Act(
    name="bring_back",
    title=_("Bring back"),
    lead=_("Learners see it again, with what they finished of it."),
    form=RemarkForm,
    refuse=lambda rows: {r.pk: str(_("not archived")) for r in rows if not r.archived_at},
    do=_bring_back,
    done=ngettext_lazy("%(n)d lesson was brought back.", "%(n)d lessons were brought back.", "n"),
)


def links_to_lessons(course: Course, number: int) -> SafeString:
    """Lead from a course to the lessons that it has, and to a new one."""
    said = ngettext("%(n)d lesson", "%(n)d lessons", number) % {"n": number}
    listed = link_to_list(said, Lesson, course=course.pk, archived="no")
    add = f"{reverse('admin:learners_lesson_add')}?course={course.pk}"
    return format_html('{} · <a href="{}">{}</a>', listed, add, _("Add a lesson"))


class ShownFilter(admin.SimpleListFilter):
    title = _("archived")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (("no", _("no")), ("yes", _("yes")))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(archived_at__isnull=self.value() == "no")


@admin.register(Lesson)
class LessonAdmin(ActsAdmin, HouseAdmin):
    form = LessonForm
    acts = (ARCHIVE, BRING_BACK)
    list_display = ("name", "position", "course", "kind", "finished", "preview", "state")
    list_display_links = ("name",)
    list_editable = ("position",)
    list_select_related = ("course",)
    list_filter = (CourseFilter, "kind", ShownFilter)
    search_fields = ("title_nl", "title_en", "course__code")
    autocomplete_fields = ("course",)
    readonly_fields = ("file_in_use", "captions_in_use", "preview", "archived_at")
    ordering = ("course__title_nl", "course", "position", "pk")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("course", "position", "kind", "title_nl", "title_en", "minutes"),
                    *("preview", "archived_at"),
                )
            },
        ),
        (_("Text"), {"fields": ("body_nl", "body_en")}),
        (
            _("Picture, video, PDF or file"),
            {"fields": ("upload", "file_in_use", "alt_nl", "alt_en")},
        ),
        (
            _("Captions of a video"),
            {
                "fields": (
                    *("captions_in_use", "upload_captions_nl", "drop_captions_nl"),
                    *("upload_captions_en", "drop_captions_en"),
                )
            },
        ),
        (_("Link"), {"fields": ("link",)}),
    )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Let who uploads a file own it."""
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        known = ("course", "file", "captions_nl", "captions_en")
        rows = super().get_queryset(request).select_related(*known)
        return rows.annotate(n_finished=number_of(LessonProgress, "lesson", FINISHED))

    def get_readonly_fields(self, request: HttpRequest, obj: Lesson | None = None) -> tuple:
        """A lesson does not move to another course: who finished it follows this one."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "course") if obj else tuple(fields)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Put a new lesson after those that its course has."""
        initial = super().get_changeform_initial_data(request)
        course = key_in(str(initial.get("course", "")))
        if course is not None:
            last = Lesson.objects.filter(course=course).order_by("position").last()
            initial["position"] = str(last.position + 1 if last else 1)
        return initial

    @admin.display(description=_("title"), ordering="title_nl")
    def name(self, lesson: Lesson) -> str:
        return lesson.title

    @admin.display(description=_("finished by"), ordering="n_finished")
    def finished(self, lesson: Lesson) -> int:
        return lesson.n_finished  # type: ignore[attr-defined]

    @admin.display(description=_("as learners see it"))
    def preview(self, lesson: Lesson) -> SafeString | str:
        if not lesson.pk:
            return "–"
        return format_html('<a href="{}">{}</a>', lesson.get_absolute_url(), _("Look"))

    @admin.display(description=_("in use"))
    def file_in_use(self, lesson: Lesson) -> str:
        return lesson.file.name if lesson.file else "–"

    @admin.display(description=_("in use"))
    def captions_in_use(self, lesson: Lesson) -> str:
        named = (f"{stored.name} ({language})" for language, stored in lesson.captions)
        return ", ".join(named) or "–"

    @admin.display(description=_("shown"))
    def state(self, lesson: Lesson) -> str:
        return capfirst(str(_("archived") if lesson.archived_at else _("shown")))
