"""The findings of an import, and an example to fill in, as files for a spreadsheet.

What people typed is written as text: no cell can become a formula.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from learners.models import ImportColumn, ImportFinding, ImportJob, Severity

# The wide ones are what some spreadsheets in the Far East read as the others.
STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")
EXAMPLE = (
    ("EHBO-1", "GENT-2027-1", "noor.janssens@example.org", "Noor Janssens", "2027-01-15", "", ""),
    ("EHBO-1", "GENT-2027-1", "20270042", "Youssef El Amrani", "2027-01-16", "2027-02-01", ""),
)


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
    """Yield the findings as lines of CSV that Excel opens with its accents."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(_headings())
    for row in _rows(job):
        yield writer.writerow([safe(value) for value in row])


def findings_xlsx(job: ImportJob) -> IO[bytes]:
    """Return a workbook with the findings."""
    return _workbook(_headings(), _rows(job))


def example_xlsx() -> IO[bytes]:
    """Return a workbook with the headings that an import reads, and two lines to show how."""
    headings = [str(column.label) for column in ImportColumn]
    return _workbook(headings, EXAMPLE)


def example_csv() -> Iterator[str]:
    """Yield the same as lines of CSV that Excel opens with its accents."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([str(column.label) for column in ImportColumn])
    for row in EXAMPLE:
        yield writer.writerow(row)


def _workbook(headings: list[str], rows: Iterable[Iterable[object]]) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 6, 22)
    sheet.write_row(0, 0, headings, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
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


def column_guide() -> list[tuple[str, str]]:
    """Return what each column is for, in words for who fills in a file."""
    return [
        (_("course"), _("The code of a course of the institution. Needed.")),
        (_("run"), _("The code of one of its runs. Empty for e-learning.")),
        (_("learner"), _("E-mail address, or the number that the institution gave. Needed.")),
        (_("name"), _("Needed for people whom we do not know yet.")),
        (_("registered on"), _("A day, such as 31-12-2026 or 2026-12-31. Empty where unknown.")),
        (_("withdrawn on"), _("The day somebody let know; 15 days before the start is in time.")),
        (
            _("result"),
            _(
                "Completed, not passed, absent or withdrawn, in English or Dutch. Empty means that "
                "the person is enrolled."
            ),
        ),
    ]
