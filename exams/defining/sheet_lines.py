"""Reading a sheet with assignments: each row as what it asks for, with what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from exams.defining.sheets import COLUMNS, LONGEST, MOST_ROWS, TEXTS, one_line
from exams.defining.sheets import SheetColumn as C
from exams.models import MOST_XP, AnswerKind
from learners.names import folded
from learners.spreadsheets.reading import Cells, FileRefused, Row, read

Value = TypeVar("Value")
LONGEST_TITLE, LONGEST_CODE = 150, 40
ONE_LINE = (C.TITLE_NL, C.TITLE_EN)
NEEDED = (C.TITLE_NL, C.TASK_NL)
KINDS = {"": False, "assignment": False, "opdracht": False, "course": True, "opleiding": True}
YES_NO = {
    **dict.fromkeys(("yes", "ja", "true", "waar", "1", "x", "y", "j"), True),
    **dict.fromkeys(("no", "nee", "false", "onwaar", "0", "n", "-"), False),
}
ANSWERS = {
    **dict.fromkeys(("text", "tekst"), AnswerKind.TEXT),
    **dict.fromkeys(("files", "file", "bestanden", "bestand"), AnswerKind.FILES),
    **dict.fromkeys(("both", "beide", "allebei"), AnswerKind.BOTH),
    **dict.fromkeys(("text, files, or both", "tekst, bestanden of allebei"), AnswerKind.BOTH),
}


@dataclass(frozen=True)
class Finding:
    """What is to be said of a line; an error keeps the whole file out."""

    line: int
    column: str
    words: str
    is_error: bool = True


@dataclass(frozen=True)
class Line:
    """One row: a course, or an assignment with what its version says in the columns that are
    filled in."""

    line: int
    theme_nl: str
    theme_en: str | None  # None where the sheet has no such column
    is_course: bool
    code: str
    said: Mapping[TextChoices, object] = field(default_factory=dict)
    is_needed: bool | None = None

    @property
    def key(self) -> tuple[bool, str]:
        """By what it is found again."""
        return self.is_course, self.code.casefold()


@dataclass(frozen=True)
class Sheet:
    """What was read: the lines that can be read, what is said of them, and unused headings."""

    lines: Sequence[Line]
    findings: Sequence[Finding]
    unused: Sequence[str] = ()


def lines_of(content: IO[bytes]) -> Sheet:
    """Read a CSV or XLSX file. Raises `FileRefused` for what is neither, lacks a column, or has
    more rows than are taken at once."""
    table = read(content, COLUMNS)
    rows = []
    for row in table.rows:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            words = _("This file has more than %(n)d rows. Take in the programme in parts.")
            raise FileRefused(words % {"n": MOST_ROWS})
    if not rows:
        raise FileRefused(_("This file has headings and no rows."))
    findings: list[Finding] = []
    found = frozenset(table.found)
    lines = [_Reader(row, found, findings).line() for row in rows]
    _refuse_twice(lines, findings)
    return Sheet(lines, findings, table.unused)


def _refuse_twice(lines: Sequence[Line], findings: list[Finding]) -> None:
    seen: dict[tuple[bool, str], int] = {}
    for one in lines:
        first = seen.setdefault(one.key, one.line)
        if one.code and first != one.line:
            words = _("“%(code)s” is on line %(line)d already.")
            findings.append(
                Finding(one.line, str(C.CODE.label), words % {"code": one.code, "line": first})
            )


class _Reader:
    """Reads one row; what is wrong is added to the findings, all of a line at once."""

    def __init__(self, row: Row, found: frozenset, findings: list[Finding]) -> None:
        self.row, self.found, self.findings = row, found, findings
        self.cells: Cells = row.cells

    def line(self) -> Line:
        is_course = self._one_of(C.KIND, KINDS, _("Write assignment or course.")) or False
        theme = self._short(C.THEME_NL, LONGEST_TITLE)
        code = self._short(C.CODE, LONGEST_CODE)
        self._needs(C.THEME_NL)
        self._needs(C.CODE)
        theme_en = self._short(C.THEME_EN, LONGEST_TITLE) if C.THEME_EN in self.found else None
        needed = self._flag(C.IS_NEEDED)
        said = {} if is_course else self._said()
        return Line(self.row.line, theme, theme_en, is_course, code, said, needed)

    def _said(self) -> dict[TextChoices, object]:
        """Return what the columns of a version say; a text that is empty is so on purpose."""
        said: dict[TextChoices, object] = {}
        for column in NEEDED:
            self._needs(column)
        for column in TEXTS:
            if column in self.found:
                is_title = column in ONE_LINE
                said[column] = (
                    self._short(column, LONGEST_TITLE) if is_title else self._long(column)
                )
        answers = _("Write text, files or both.")
        for column, value in (
            (C.XP, self._xp()),
            (C.ANSWER, self._one_of(C.ANSWER, ANSWERS, answers)),
            (C.IS_REVIEWED, self._flag(C.IS_REVIEWED)),
        ):
            if value is not None:
                said[column] = value
        return said

    def _text(self, column: C) -> str:
        value = self.cells.get(column, "")
        return value.isoformat() if isinstance(value, date) else value

    def _short(self, column: C, longest: int) -> str:
        return self._within(column, one_line(self._text(column)), longest)

    def _long(self, column: C) -> str:
        return self._within(column, self._text(column), LONGEST)

    def _within(self, column: C, text: str, longest: int) -> str:
        if len(text) > longest:
            words = _("This is longer than %(n)d characters.")
            self._refuse(column, words % {"n": longest})
        return text

    def _needs(self, column: C) -> None:
        if not self._text(column):
            self._refuse(column, _("This is empty. Fill it in."))

    def _xp(self) -> int | None:
        text = self._text(C.XP)
        if not text:
            self._refuse(C.XP, _("This is empty. Fill it in."))
            return None
        if text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= MOST_XP:
            return int(text)
        words = _("“%(text)s” is not a number from 0 to 10,000.")
        self._refuse(C.XP, words % {"text": text[:40]})
        return None

    def _flag(self, column: C) -> bool | None:
        return self._one_of(column, YES_NO, _("Write yes or no."))

    def _one_of(self, column: C, meant: Mapping[str, Value], instead: str) -> Value | None:
        text = self._text(column)
        key = folded(text)
        if key in meant:
            return meant[key]
        if text:
            words = _("“%(text)s” is not known here. %(instead)s")
            self._refuse(column, words % {"text": text[:40], "instead": instead})
        return None

    def _refuse(self, column: C, words: str) -> None:
        self.findings.append(Finding(self.row.line, str(column.label), words))
