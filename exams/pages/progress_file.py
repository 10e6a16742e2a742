"""The progress of people in a programme as a file for a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.http import FileResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from exams.pages.progress import Person
from learners.models import Organisation
from learners.spreadsheets import writing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def headings() -> list[str]:
    """Return the columns of the file."""
    return [
        _("name"),
        _("study status"),
        "XP",
        _("XP in all"),
        _("XP for the exam"),
        _("exam in reach"),
        _("exam"),
        _("assignments"),
        _("handed in"),
        _("approved"),
        _("sent back"),
        _("waits since"),
        _("last hand-in"),
    ]


def lines(people: Iterable[Person], organisation: Organisation) -> Iterator[list[object]]:
    """Yield a line for each person: numbers as numbers, days as those of the institution."""
    for one in people:
        stands = one.standing
        yield [
            one.enrolment.learner.name,
            one.enrolment.shown_status,
            stands.earned,
            stands.total,
            stands.needed,
            _reach(one),
            one.exam.text if one.exam else "",
            len(stands.counting),
            stands.handed_in,
            one.approved,
            one.sent_back,
            _day(one.waits_since, organisation),
            _day(one.last_at, organisation),
        ]


def as_workbook(rows: Iterable[list[object]], name: str) -> FileResponse:
    """Answer with a workbook of this name."""
    file = writing.workbook(headings(), rows)
    return FileResponse(file, as_attachment=True, filename=f"{_safe(name)}.xlsx", content_type=XLSX)


def as_csv(rows: Iterable[list[object]], name: str) -> StreamingHttpResponse:
    """Answer with lines of CSV under this name."""
    answer = StreamingHttpResponse(
        writing.lines_of_csv(headings(), rows), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_safe(name)}.csv"'
    return answer


def _safe(name: str) -> str:
    return slugify(name) or "progress"


def _reach(one: Person) -> str:
    if one.standing.plan is None:
        return ""
    return _("yes") if one.standing.is_in_reach else _("no")


def _day(moment: datetime | None, organisation: Organisation) -> date | str:
    return organisation.day_of(moment) if moment else ""
