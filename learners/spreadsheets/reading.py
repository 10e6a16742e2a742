"""Rows from a file that somebody made: CSV in whatever way a spreadsheet saves it, or XLSX.

Both are read as they stream by, so that a file of any length takes the same memory.
"""

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from learners.spreadsheets.columns import ENROLMENTS, Columns
from learners.spreadsheets.writing import as_written

Value = str | date
Cells = dict[TextChoices, Value]

DELIMITERS = ";,\t|"
CHUNK = 1 << 16
LARGEST_UNPACKED = 1 << 30  # bytes: a workbook that claims more is a bomb
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class FileRefused(Exception):
    """The file cannot be read; the message says why and what to do, in the user's language."""


@dataclass(frozen=True)
class Row:
    """One line of the file: its number as a spreadsheet or an editor shows it, and its cells."""

    line: int
    cells: Cells


@dataclass(frozen=True)
class Table:
    """What a file holds: how many lines there are, about; its rows; headings that mean nothing; and
    the columns that it has."""

    lines: int
    rows: Iterator[Row]
    unused: Sequence[str]
    found: Sequence[TextChoices] = ()


def read(content: IO[bytes], known: Columns = ENROLMENTS) -> Table:
    """Open a CSV or XLSX file by what is in it, whatever its name says; `known` are its columns.

    Raises `FileRefused` for what is neither, or has no heading that we know.
    """
    content.seek(0)
    beginning = content.read(8)
    content.seek(0)
    if not beginning:
        raise FileRefused(_("This file is empty."))
    if beginning.startswith(OLD_EXCEL):
        raise FileRefused(
            _("This is an old or a protected Excel file: save it as .xlsx, without a password.")
        )
    if beginning.startswith(ZIP):
        return _read_xlsx(content, known)
    return _read_csv(content, known)


def _table(numbered: Iterator[tuple[int, Sequence[object]]], lines: int, known: Columns) -> Table:
    """Take the first line with something in it as the headings, the rest as rows."""
    for _line, values in numbered:
        if headings := [_text(value) for value in values]:
            break
    else:
        raise FileRefused(_("This file is empty."))
    columns = [known.named(heading) if heading else None for heading in headings]
    _refuse_headings(headings, columns, known)
    unused = [h for h, c in zip(headings, columns, strict=True) if h and c is None]
    read_cell = _written if known.are_texts else _value
    return Table(lines, _rows(numbered, columns, read_cell), unused, [c for c in columns if c])


def _refuse_headings(
    headings: Sequence[str], columns: Sequence[TextChoices | None], known: Columns
) -> None:
    missing = [str(column.label) for column in known.required if column not in columns]
    if missing:
        shown = ", ".join(heading[:30] for heading in headings[:10] if heading)
        raise FileRefused(
            _("The first line has no column “%(missing)s”. It has: %(found)s.")
            % {"missing": "”, “".join(missing), "found": shown or "–"}
        )
    named = [column for column in columns if column]
    if twice := next((column for column in named if named.count(column) > 1), None):
        raise FileRefused(_("The column “%(name)s” is there twice.") % {"name": twice.label})


def _rows(
    numbered: Iterable[tuple[int, Sequence[object]]],
    columns: Sequence[TextChoices | None],
    read_cell: Callable[[object], Value],
) -> Iterator[Row]:
    for line, values in numbered:
        cells = {
            column: value
            for column, raw in zip(columns, values, strict=False)
            if column and (value := read_cell(raw))
        }
        if cells:
            yield Row(line, cells)


def _value(raw: object) -> Value:
    if isinstance(raw, datetime):
        return raw.date()
    return raw if isinstance(raw, date) else _text(raw)


def _written(raw: object) -> Value:
    """Return a text with its lines; anything else as what its cell shows."""
    if not isinstance(raw, str):
        return _value(raw)
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(raw: object) -> str:
    """Return what a cell shows: 11391.0 is the number 11391, and what looks empty is."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return " ".join(str(raw).split())


def _read_csv(content: IO[bytes], known: Columns) -> Table:
    encoding, lines = _encoding(content)
    content.seek(0)
    text = io.TextIOWrapper(content, encoding=encoding, newline="")
    beginning = text.readline(CHUNK)
    above = 0
    if beginning.lower().startswith("sep="):  # a line for Excel
        above, beginning = 1, text.readline(CHUNK)
    text.seek(0)
    for _line in range(above):
        text.readline()
    rows = _csv_lines(text, _delimiter(beginning, known), above, by_row=known.are_texts)
    if known.are_texts:
        rows = ((line, [as_written(str(value)) for value in values]) for line, values in rows)
    return _table(rows, lines - 1 - above, known)


def _csv_lines(
    text: io.TextIOWrapper, delimiter: str, above: int, *, by_row: bool
) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield rows with something in them, each with its line as an editor numbers it, or by its row
    in a spreadsheet, where cells of many lines stand."""
    reader = csv.reader(text, delimiter=delimiter)
    line = above + 1
    try:
        for values in reader:
            if any(values):
                yield line, values
            line = line + 1 if by_row else above + reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            _("Line %(line)d cannot be read: a quotation mark may be missing.") % {"line": line}
        ) from error
    finally:
        if not text.closed:  # as it is where nobody read to the end
            text.detach()


def _delimiter(beginning: str, known: Columns) -> str:
    """Return what separates the headings: that by which we recognise the most of them."""

    def recognised(delimiter: str) -> int:
        headings = next(csv.reader([beginning], delimiter=delimiter), [])
        return sum(known.named(heading) is not None for heading in headings)

    return max(DELIMITERS, key=recognised)


def _encoding(content: IO[bytes]) -> tuple[str, int]:
    """Return how the text was written, and of how many lines; a second look, in a chunk's memory.

    What is not UTF-8 is taken for the Windows code page of Western Europe, which old versions of
    Excel write. Raises `FileRefused` for what is not text at all.
    """
    beginning = content.read(4)
    named = next((name for bom, name in BOMS if beginning.startswith(bom)), None)
    for encoding in [named] if named else ["utf-8", "cp1252"]:
        content.seek(0)
        try:
            return encoding, _count_lines(content, encoding)
        except UnicodeError:
            continue
    raise FileRefused(_("This is neither a CSV nor an XLSX file."))


def _count_lines(content: IO[bytes], encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    last = ""
    while chunk := content.read(CHUNK):
        text = decoder.decode(chunk)
        if "\0" in text:
            raise FileRefused(_("This is neither a CSV nor an XLSX file."))
        lines += text.count("\n")
        last = text or last
    decoder.decode(b"", final=True)
    return lines - last.endswith("\n")


def _read_xlsx(content: IO[bytes], known: Columns) -> Table:
    try:
        with zipfile.ZipFile(content) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise FileRefused(_("This workbook is too large."))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        lines = sheet.max_row or 1
        sheet.reset_dimensions()
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part made it stumble over
        raise FileRefused(_("This is neither a CSV nor an XLSX file.")) from error
    return _table(_xlsx_lines(sheet), lines - 1, known)


def _xlsx_lines(sheet: object) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]
            if any(value is not None for value in values):
                yield line, values
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused(_("The first sheet of this workbook cannot be read.")) from error
