"""The findings of an import, and an example to fill in, as files for a spreadsheet."""

from collections.abc import Iterator
from typing import IO

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
from learners.spreadsheets.writing import lines_of_csv, workbook

C = ImportColumn


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


def _headings() -> list[str]:
    return [_("line"), _("column"), _("what"), _("finding")]


def _rows(job: ImportJob) -> Iterator[tuple[int, str, str, str]]:
    for finding in ImportFinding.objects.filter(job=job).iterator(2_000):
        column = str(ImportColumn(finding.column).label) if finding.column else ""
        yield finding.line, column, str(Severity(finding.severity).label), finding.message


def column_guide(kind: ImportKind) -> list[tuple[str, str]]:
    """Return what each column is for, in words for who fills in a file."""
    said: dict[TextChoices, str] = {
        C.COURSE: _("The code of a course of the institution, or of a programme. Needed.")
        if kind == ImportKind.ENROLMENTS
        else _("The code of a course of the institution. Needed."),
        C.RUN: _("The code of one of its runs. Empty for e-learning."),
        C.LEARNER: _("E-mail address, or the number that the institution gave. Needed."),
        C.NAME: _("Needed for people whom we do not know yet."),
        C.REGISTERED_ON: _("A day, such as 31-12-2026 or 2026-12-31. Empty where unknown."),
        C.WITHDRAWN_ON: _("The day somebody let know; 15 days before the start is in time."),
        C.RESULT: _(
            "Completed, not passed, absent or withdrawn, in English or Dutch. Empty means that "
            "the person is enrolled."
        ),
        C.COACH: _(
            "E-mail addresses of who coaches the learner in a programme, separated by "
            "semicolons. Empty for courses."
        ),
        C.GROUND: _("Why: the base list or the file that it follows from. The learner sees it."),
    }
    return [(str(column.label), said[column]) for column in KINDS[kind].columns.known]
