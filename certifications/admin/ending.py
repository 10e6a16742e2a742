"""'Who must renew next year?': assigned certifications by their last valid day, and as XLSX."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certifications.cycles import states
from certifications.models import Certification, CertificationAssignment, Cycle

OWN = FROM, UNTIL, RENEWED = "ends_from", "ends_until", "renewed"
BY_END = ("ends_on", "cycle")
ENDS = ("valid_until", "previous_until")  # of who is renewing, that of the cycle before
BATCH = 2_000


@dataclass(frozen=True)
class Between:
    """Days between which certifications end, each or both left open; `renewed` leaves out what is
    not asked again."""

    first: date | None
    last: date | None
    renewed: bool

    def __bool__(self) -> bool:
        return bool(self.first or self.last or self.renewed)

    def keep(self, rows: QuerySet) -> QuerySet:
        """Keep the assignments whose last valid day lies between, with that day as `ends_on` and
        the key of their newest cycle: in the order of an index, so that few rows are looked at."""
        later = Cycle.objects.filter(assignment=OuterRef("pk"), number__gt=OuterRef("number"))
        lasts = Q(cycles__completed_on=None) | Q(cycles__valid_until__isnull=False)
        stands = Q(cycles__revoked_at=None, cycles__exempted_at=None, cycles__number__gt=0)
        kept = rows.filter(lasts & stands).annotate(
            ends_on=Coalesce(*(f"cycles__{one}" for one in ENDS)),
            cycle=F("cycles__pk"),
            number=F("cycles__number"),
        )
        kept = kept.filter(~Exists(later), ends_on__isnull=False)
        if self.first:
            kept = kept.filter(ends_on__gte=self.first)
        if self.last:
            kept = kept.filter(ends_on__lte=self.last)
        if self.renewed:
            retired = Certification.objects.exclude(retired_at=None).order_by()
            kept = kept.filter(ended_at=None).exclude(certification__in=retired)
        return kept

    def when(self) -> str:
        """Say the days in words."""
        said = {"from": _spoken(self.first), "until": _spoken(self.last)}
        if self.first and self.last:
            return _("from %(from)s until %(until)s") % said
        if self.first:
            return _("from %(from)s on") % said
        return _("until %(until)s") % said if self.last else ""

    def words(self, number: int, today: date) -> str:
        """Say how many end in these days, or are to be renewed: in the tense of the days."""
        said = {"n": number, "when": self.when()}
        return (self._of_renewing(number, today) % said).strip().rstrip(".") + "."

    def _of_renewing(self, number: int, today: date) -> str:
        is_over = self.last is not None and self.last < today
        is_to_come = self.first is not None and self.first > today
        if self.renewed and is_over:
            return ngettext(
                "%(n)d certification had to be renewed %(when)s",
                "%(n)d certifications had to be renewed %(when)s",
                number,
            )
        if self.renewed and is_to_come:
            return ngettext(
                "%(n)d certification will have to be renewed %(when)s",
                "%(n)d certifications will have to be renewed %(when)s",
                number,
            )
        if self.renewed:
            return ngettext(
                "%(n)d certification has to be renewed %(when)s",
                "%(n)d certifications have to be renewed %(when)s",
                number,
            )
        if is_over:
            return ngettext(
                "%(n)d certification ended %(when)s", "%(n)d certifications ended %(when)s", number
            )
        if is_to_come:
            return ngettext(
                "%(n)d certification will end %(when)s",
                "%(n)d certifications will end %(when)s",
                number,
            )
        return ngettext(
            "%(n)d certification ends %(when)s", "%(n)d certifications end %(when)s", number
        )


def _spoken(day: date | None) -> str:
    return format_date(day, "j F Y") if day else ""


def asked(request: HttpRequest) -> Between:
    """Return the days that are asked for; what is no day is left out."""
    return Between(_day(request, FROM), _day(request, UNTIL), RENEWED in request.GET)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


class EndsFilter(admin.ListFilter):
    """From when until when it is valid, typed or chosen from the browser's calendar."""

    title = gettext_lazy("valid until")
    template = "admin/certifications/ends_filter.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in OWN:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.between = asked(request)

    def expected_parameters(self) -> list[str | None]:
        return [*OWN]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Offer a form that keeps the other filters, and the way to next year."""
        kept = [(k, v) for k, v in changelist.params.items() if k not in OWN]
        year = timezone.localdate().year + 1
        next_year = {FROM: f"{year}-01-01", UNTIL: f"{year}-12-31", RENEWED: "1"}
        yield {
            "between": self.between,
            "kept": kept,
            "selected": bool(self.between),
            "year": year,
            "next_year": changelist.get_query_string(next_year),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return self.between.keep(queryset) if self.between else queryset


class EndingList(ChangeList):
    """Puts first what ends first, where days are asked for."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        """Any other order is by the head of a column."""
        if asked(request) and ORDER_VAR not in self.params:
            return [*BY_END]
        return super().get_ordering(request, queryset)


def until(cycle: Cycle) -> date | None:
    """Return the last valid day of a newest cycle; of who is renewing, that of the one before."""
    return cycle.valid_until or cycle.previous_until


def headings() -> list[str]:
    """Return what stands above the columns of the workbook."""
    return [
        _("learner"),
        _("e-mail address"),
        _("certification"),
        _("code"),
        _("how"),
        _("state"),
        _("to be completed by"),
        _("valid until"),
    ]


def lines(rows: QuerySet[CertificationAssignment]) -> Iterator[Iterable[object]]:
    """Yield a line of the workbook for each assignment: two queries for each 2,000."""
    related = ("learner", "certification__organisation")
    for one in rows.select_related(*related).prefetch_related("cycles").iterator(BATCH):
        cycle = one.cycles.all()[0]
        cycle.assignment = one
        yield [
            one.learner.name,
            one.learner.email or "",
            one.certification.title,
            one.certification.code,
            one.get_mode_display(),
            str(states.state_of(cycle).label),
            cycle.due_on or "",
            until(cycle) or "",
        ]
