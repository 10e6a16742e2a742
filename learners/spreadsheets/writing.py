"""Files for a spreadsheet: CSV that streams away, or a workbook.

What people typed is written as text: no cell can become a formula.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

import xlsxwriter

# The wide ones are what some spreadsheets in the Far East read as the others.
STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")


class Echo:
    """Hands back what a writer writes, so that a file streams away as it is made."""

    def write(self, text: str) -> str:
        return text


MARK = "'"  # before what would be a formula


def safe(value: object) -> str:
    """Return the text so that a spreadsheet reads it as text; `as_written` takes that back."""
    text = str(value)
    return f"{MARK}{text}" if _is_formula(text.lstrip(MARK)) else text


def as_written(text: str) -> str:
    """Return what `safe` made of a text as it was before."""
    is_marked = text.startswith(MARK) and _is_formula(text.lstrip(MARK))
    return text[len(MARK) :] if is_marked else text


def _is_formula(text: str) -> bool:
    return text.startswith(STARTS_FORMULA) or text.lstrip().startswith(STARTS_FORMULA)


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
