"""'Who was certified on 14 March?': how everybody stood on a day, with gaps, and as XLSX."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Value
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from certifications.cycles.validity import ONE_DAY
from certifications.models import Cycle, CycleState, Standing
from certifications.pages import on_a_day
from learners.admin.parts.base import MOST_COUNTED, CappedPaginator, QuickAdmin, ReadOnly, link_to
from learners.models import User
from learners.spreadsheets import writing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDING = (CycleState.RENEWABLE, CycleState.IN_GRACE)
VALID = "valid"  # the states that answer who was certified, together
BY_END = ("valid_until", "pk")


def day_of(request: HttpRequest) -> date:
    """Return the day that is asked for, or today."""
    try:
        asked = parse_date(request.GET.get("on", ""))
    except ValueError:
        asked = None
    return asked or timezone.localdate()


def _stated(request: HttpRequest, rows: Any) -> QuerySet:
    """Give cycles their state on the day: those that were looked for by a state are in it."""
    asked = request.GET.get("state")
    if asked in CycleState.values:
        return rows.annotate(state=Value(asked))
    return on_a_day.stated(day_of(request), rows)


class KeysFirst(CappedPaginator):
    """Finds the keys of all that is counted in one query, in their order, and the rows of a page
    by theirs."""

    rows: Any  # all there are, with their state

    @cached_property
    def _keys(self) -> list[int]:
        beginning: Any = self.object_list
        return list(beginning.values_list("pk", flat=True)[: MOST_COUNTED + 1])

    @property
    def _counted(self) -> int:
        return len(self._keys)

    def page(self, number: int | str) -> Page:
        """Ask nothing of the rows again but how they stood."""
        number = self.validate_number(number)
        begin = (number - 1) * self.per_page
        keys = self._keys[begin : begin + self.per_page]
        found = {row.pk: row for row in self.rows.filter(pk__in=keys).order_by()}
        return Page([found[key] for key in keys if key in found], number, self)


class StandingList(ChangeList):
    """Shows a single page as it does one of many: with how its rows stood."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list


class DayFilter(admin.SimpleListFilter):
    """The day, typed or chosen from the browser's calendar."""

    title = _("day")
    parameter_name = "on"
    template = "admin/certifications/day_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.day = day_of(request)
        return [("", "")]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:  # type: ignore[override]
        """Offer a form that keeps the other filters."""
        kept = [(k, v) for k, v in changelist.params.items() if k != self.parameter_name]
        others = changelist.filter_params.items()
        kept += [(k, v) for k, values in others if k != self.parameter_name for v in values]
        yield {"day": self.day, "kept": list(dict.fromkeys(kept))}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The filter of states keeps what the day asks for."""
        return queryset


class StateFilter(admin.SimpleListFilter):
    title = _("state on that day")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list:
        whole = (VALID, _("certified, to be renewed or not"))
        return [whole, *((state.value, state.label) for state in on_a_day.OFFERED)]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        """Keep of each assignment the cycle that decides, in the state that is asked for."""
        day, state = day_of(request), self.value()
        if state == VALID:
            return on_a_day.valid_on(day, queryset)
        if state in CycleState.values:
            return on_a_day.in_state(state, day, queryset)
        return on_a_day.deciding(day, queryset)


@admin.register(Standing)
class StandingAdmin(ReadOnly, QuickAdmin):
    """One line for each person and certification, as it stood on the day that is asked for."""

    list_display = (*("person", "certification", "shown_state", "from_day", "until_day", "gap"),)
    list_display_links = None
    counts_results = True  # its name is a question, of which nobody has three
    list_max_show_all = 0  # how a row stood is worked out page by page
    list_select_related = ("assignment__learner", "assignment__certification")
    list_filter = (
        *(DayFilter, StateFilter, "assignment__certification"),
        "assignment__certification__organisation",
    )
    search_fields = ("assignment__learner__search_name",)
    search_help_text = _("Name or e-mail address of the learner")
    change_list_template = "admin/certifications/standing_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="certifications_standing_export"), *super().get_urls()]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Put first what ends first, or ended last, where that is asked for; else what began
        last."""
        state = request.GET.get("state")
        if state == CycleState.EXPIRED:
            return ("-valid_until", "-pk")
        return BY_END if state in ENDING else ("-pk",)

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any
    ) -> Paginator:
        """Give the page what it needs to say how its rows stood."""
        made = KeysFirst(queryset, per_page, *args, **kwargs)
        made.rows = _stated(request, Cycle.objects.select_related(*self.list_select_related))
        return made

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StandingList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by the learner, as people are found everywhere."""
        term = search_term.strip()
        if not term:
            return queryset, False
        learners = User.objects.matching(term).order_by().values("pk")
        return queryset.filter(assignment__learner__in=learners), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        day = day_of(request)
        context = {"day": day, "asked": request.GET.urlencode()}
        context["is_to_come"] = day > timezone.localdate()
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> FileResponse:
        """The same list, as far as it was filtered, as a workbook."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        day = day_of(request)
        found = self.get_changelist_instance(request).get_queryset(request)
        file = writing.workbook(_headings(day), _lines(_stated(request, found), day))
        name = "-".join((str(_("certified")), f"{day.isoformat()}.xlsx"))
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)

    @admin.display(description=_("learner"))
    def person(self, cycle: Cycle) -> str:
        return link_to(cycle.assignment.learner)

    @admin.display(description=_("certification"))
    def certification(self, cycle: Cycle) -> str:
        return link_to(cycle.assignment.certification)

    @admin.display(description=_("state"))
    def shown_state(self, cycle: Cycle) -> str:
        return str(CycleState(cycle.state).label)  # type: ignore[attr-defined]

    @admin.display(description=_("valid from"))
    def from_day(self, cycle: Cycle) -> date | None:
        return cycle.valid_from

    @admin.display(description=_("valid until"))
    def until_day(self, cycle: Cycle) -> date | None:
        return cycle.valid_until

    @admin.display(description=_("gap before it"))
    def gap(self, cycle: Cycle) -> str:
        days = gap_of(cycle)
        return "–" if days is None else f"{days[0]:%d-%m-%Y} … {days[1]:%d-%m-%Y}"


def gap_of(cycle: Cycle) -> tuple[date, date] | None:
    """Return the first and the last day without validity before a cycle."""
    if not cycle.gap_days or cycle.previous_until is None or cycle.valid_from is None:
        return None
    return cycle.previous_until + ONE_DAY, cycle.valid_from - timedelta(days=1)


def _headings(day: date) -> list[str]:
    return [
        str(_("learner")),
        str(_("e-mail address")),
        str(_("certification")),
        str(_("code")),
        str(_("state on %(day)s") % {"day": day.isoformat()}),
        str(_("certified that day")),
        str(_("completed on")),
        str(_("valid from")),
        str(_("valid until")),
        str(_("gap from")),
        str(_("gap until")),
        str(_("gap, in days")),
        str(_("round")),
        str(_("version")),
    ]


def _lines(rows: QuerySet, day: date) -> Iterator[list[object]]:
    related = ("assignment__learner", "assignment__certification", "version")
    for row in rows.select_related(*related).iterator(2_000):
        learner, certification = row.assignment.learner, row.assignment.certification
        gap = gap_of(row) or ("", "")
        is_certified = row.state in (CycleState.CERTIFIED, CycleState.RENEWABLE)
        yield [
            learner.name,
            learner.email or "",
            certification.title,
            certification.code,
            str(CycleState(row.state).label),
            str(_("yes") if is_certified else _("no")),
            row.completed_on or "",
            row.valid_from or "",
            row.valid_until or "",
            *gap,
            row.gap_days,
            row.number,
            row.version.number,
        ]
