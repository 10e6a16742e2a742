"""What stands in a row: a course, a learner, days and a result, or what is wrong with them."""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from learners.models import (
    FindingKind,
    ImportColumn,
    ImportFinding,
    StudyStatus,
)
from learners.models.importing import severity_of
from learners.names import normalised_email
from learners.spreadsheets.columns import RESULTS, is_result, result_named
from learners.spreadsheets.reading import Row

C = ImportColumn
K = FindingKind

LONGEST_EMAIL, LONGEST_NAME, LONGEST_NUMBER = 254, 150, 30
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
DUTCH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
SUGGESTIONS = 200  # different unknown codes for which we look for a likely one: it takes time


@dataclass(frozen=True)
class LearnerKey:
    """How the file names a learner: by e-mail address, or by the institution's number."""

    email: str = ""
    number: str = ""

    def __str__(self) -> str:
        return self.email or self.number

    def __bool__(self) -> bool:
        return bool(self.email or self.number)


@dataclass
class Line:
    """A row as we understand it; `result` is None for 'withdrawn', whose day says which."""

    number: int
    learner: LearnerKey
    name: str
    registered_on: date | None
    withdrawn_on: date | None
    result: StudyStatus | None
    says_result: bool
    is_sound: bool = True


@dataclass
class Findings:
    """What was found so far, of one batch."""

    rows: list[ImportFinding] = field(default_factory=list)

    def add(
        self,
        kind: FindingKind,
        line: int,
        column: ImportColumn | None = None,
        value: object = "",
        hint: object = "",
        suggestion: str = "",
    ) -> None:
        self.rows.append(
            ImportFinding(
                severity=severity_of(kind),
                line=line,
                column=column or "",
                kind=kind,
                value=str(value)[:200],
                hint=str(hint)[:300],
                suggestion=suggestion[:100],
            )
        )


class Suggester:
    """Offers a likely code for one that nobody knows."""

    def __init__(self) -> None:
        self.offered: dict[tuple[str, int], str] = {}

    def like(self, text: str, codes: Collection[str]) -> str:
        """Return the code that resembles this text most; empty where none does."""
        key = (text, id(codes))
        if key not in self.offered:
            if len(self.offered) >= SUGGESTIONS:
                return ""
            by_fold = {code.casefold(): code for code in codes}
            close = difflib.get_close_matches(text.casefold(), by_fold, n=1, cutoff=0.6)
            self.offered[key] = by_fold[close[0]] if close else ""
        return self.offered[key]


def parse_day(value: str) -> date | None:
    """Return the day that this text means: 2026-12-31, 31-12-2026, 31/12/2026; None for others."""
    iso, dutch = ISO.fullmatch(value), DUTCH.fullmatch(value)
    parts = iso.groups() if iso else tuple(reversed(dutch.groups())) if dutch else None
    if parts is None:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def understand(row: Row, *, today: date, findings: Findings) -> Line:
    """Return what a row says, but for its course and run; where that is not clear it is not sound,
    and the findings say all that is wrong with it."""
    before = len(findings.rows)
    line = Line(
        number=row.line,
        learner=learner_of(row, findings),
        name=name_of(row, findings),
        registered_on=_day(row, C.REGISTERED_ON, today, findings),
        withdrawn_on=_day(row, C.WITHDRAWN_ON, today, findings),
        result=_result(row, findings),
        says_result=C.RESULT in row.cells,
    )
    line.is_sound = len(findings.rows) == before
    if line.is_sound:
        _note_days(line, findings)
    return line


def learner_of(row: Row, findings: Findings) -> LearnerKey:
    """Return whom a row names; nobody where that is wrong."""
    text = str(row.cells.get(C.LEARNER, ""))
    if not text:
        findings.add(K.LEARNER_MISSING, row.line, C.LEARNER)
    elif "@" not in text:
        if len(text) > LONGEST_NUMBER:
            findings.add(K.NUMBER_TOO_LONG, row.line, C.LEARNER, text)
            return LearnerKey()
        return LearnerKey(number=text)
    email = normalised_email(text)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            findings.add(K.EMAIL_WRONG, row.line, C.LEARNER, text)
            return LearnerKey()
        if len(email) > LONGEST_EMAIL:
            findings.add(K.EMAIL_WRONG, row.line, C.LEARNER, text)
            return LearnerKey()
    return LearnerKey(email=email)


def name_of(row: Row, findings: Findings) -> str:
    """Return the name that a row gives, if it gives one."""
    name = str(row.cells.get(C.NAME, ""))
    if len(name) > LONGEST_NAME:
        findings.add(K.NAME_TOO_LONG, row.line, C.NAME)
    return name


def _day(row: Row, column: ImportColumn, today: date, findings: Findings) -> date | None:
    value = row.cells.get(column)
    if value is None:
        return None
    day = value if isinstance(value, date) else parse_day(value)
    if day is None:
        findings.add(K.DATE_WRONG, row.line, column, value)
    elif day > today:
        findings.add(K.DATE_IN_FUTURE, row.line, column, f"{day:%Y-%m-%d}")
    return day


def _result(row: Row, findings: Findings) -> StudyStatus | None:
    """Return the result; without one, a day of withdrawal means 'withdrawn'."""
    text = str(row.cells.get(C.RESULT, ""))
    if not text:
        return None if C.WITHDRAWN_ON in row.cells else StudyStatus.ENROLLED
    if is_result(text):
        return result_named(text)
    close = difflib.get_close_matches(text.casefold(), RESULTS, n=1, cutoff=0.6)
    suggestion = close[0] if close else ""
    findings.add(K.RESULT_UNKNOWN, row.line, C.RESULT, text, suggestion=suggestion)
    return StudyStatus.ENROLLED


def _note_days(line: Line, findings: Findings) -> None:
    withdraws = line.result in (None, StudyStatus.WITHDRAWN_VALID, StudyStatus.WITHDRAWN_INVALID)
    day = line.withdrawn_on
    if day is None:
        return
    if not withdraws:
        assert line.result is not None
        findings.add(
            K.RESULT_WINS, line.number, C.WITHDRAWN_ON, day, StudyStatus(line.result).label
        )
    elif line.registered_on and day < line.registered_on:
        findings.add(K.WITHDRAWN_BEFORE_REGISTERED, line.number, C.WITHDRAWN_ON, day)
