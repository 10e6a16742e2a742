"""The findings of an import, and an example to fill in, as files for a spreadsheet.

What people typed is written as text: no cell can become a formula.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

import xlsxwriter
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from learners.importing import examples
from learners.importing.kinds import KINDS
from learners.models import (
    ImportColumn,
    ImportFinding,
    ImportJob,
    ImportKind,
    Organisation,
    Severity,
)

C = ImportColumn

# The wide ones are what some spreadsheets in the Far East read as the others.
STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")


class Echo:
    """Hands back what a writer writes, so that a file streams away as it is made."""

    def write(self, text: str) -> str:
        return text


def safe(value: object) -> str:
    """Return the text so that a spreadsheet reads it as text."""
    text = str(value)
    is_formula = text.startswith(STARTS_FORMULA) or text.lstrip().startswith(STARTS_FORMULA)
    return f"'{text}" if is_formula else text


def findings_csv(job: ImportJob) -> Iterator[str]:
    """Return the findings as lines of CSV."""
    return lines_of_csv(_headings(), _rows(job))


def findings_xlsx(job: ImportJob) -> IO[bytes]:
    """Return a workbook with the findings."""
    return workbook(_headings(), _rows(job))


def example_xlsx(kind: ImportKind, organisation: Organisation | None) -> IO[bytes]:
    """Return a workbook with the headings that an import reads, and lines that show how."""
    return workbook(_headings_of(kind), examples.lines(kind, organisation))


def example_csv(kind: ImportKind, organisation: Organisation | None) -> Iterator[str]:
    """Return the same as lines of CSV."""
    return lines_of_csv(_headings_of(kind), examples.lines(kind, organisation))


def _headings_of(kind: ImportKind) -> list[str]:
    return [str(column.label) for column in KINDS[kind].columns.known]


def lines_of_csv(headings: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield lines of CSV that Excel opens with its accents."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([safe(value) for value in row])


def workbook(headings: list[str], rows: Iterable[Iterable[object]]) -> IO[bytes]:
    """Return a workbook with a heading and rows: numbers as numbers, days as days, all else as text
    that cannot become a formula."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.set_column(0, max(6, len(headings) - 1), 22)
    sheet.write_row(0, 0, headings, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write_string(number, column, str(value))
    book.close()
    file.seek(0)
    return file


def _headings() -> list[str]:
    return [_("line"), _("column"), _("what"), _("finding")]


def _rows(job: ImportJob) -> Iterator[tuple[int, str, str, str]]:
    for finding in ImportFinding.objects.filter(job=job).iterator(2_000):
        column = str(ImportColumn(finding.column).label) if finding.column else ""
        yield finding.line, column, str(Severity(finding.severity).label), finding.message


def column_guide(kind: ImportKind) -> list[tuple[str, str]]:
    """Return what each column is for, in words for who fills in a file."""
    said: dict[TextChoices, str] = {
        C.COURSE: _("The code of a course of the institution. Needed."),
        C.RUN: _("The code of one of its runs. Empty for e-learning."),
        C.LEARNER: _("E-mail address, or the number that the institution gave. Needed."),
        C.NAME: _("Needed for people whom we do not know yet."),
        C.REGISTERED_ON: _("A day, such as 31-12-2026 or 2026-12-31. Empty where unknown."),
        C.WITHDRAWN_ON: _("The day somebody let know; 15 days before the start is in time."),
        C.RESULT: _(
            "Completed, not passed, absent or withdrawn, in English or Dutch. Empty means that "
            "the person is enrolled."
        ),
        C.GROUND: _("Why: the base list or the file that it follows from. The learner sees it."),
    }
    return [(str(column.label), said[column]) for column in KINDS[kind].columns.known]
