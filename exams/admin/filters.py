"""Filters of the lists of themes and assignments."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from learners.admin.parts.filters import RowFilter
from learners.models import Programme

MOST_PROGRAMMES = 100


class ProgrammeFilter(RowFilter):
    """What belongs to one programme; too many to choose from are searched for."""

    title = _("programme")
    parameter_name = "programme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Programme.objects.exclude(exam_plan=None).order_by("title_nl", "pk")
        found = list(rows[: MOST_PROGRAMMES + 1])
        if len(found) > MOST_PROGRAMMES:
            found = [row for row in found if str(row.pk) == self.value()]
        return [(str(row.pk), row.title) for row in found]

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or bool(self.value())

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        return rows.filter(programme=key)


class OfAssignmentFilter(ProgrammeFilter):
    """The same of versions of assignments."""

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        return rows.filter(assignment__programme=key)


class StageFilter(admin.SimpleListFilter):
    """What somebody can be asked, what is being made, and what was put aside."""

    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (
            ("on", _("published")),
            ("made", _("being made")),
            ("archived", _("archived")),
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "on":
                return queryset.published().filter(archived_at=None)  # type: ignore[attr-defined]
            case "made":
                return queryset.filter(Q(versions__published_at=None), archived_at=None)
            case "archived":
                return queryset.filter(archived_at__isnull=False)
        return queryset
