"""The courses and runs that a file may name, and the room that is left in them."""

from collections.abc import Collection
from typing import TypeVar

from learners.importing.cells import Findings, Suggester
from learners.models import Course, FindingKind, ImportColumn, Organisation, Programme, Run
from learners.spreadsheets.reading import Row
from learners.studying import places

C = ImportColumn
K = FindingKind
T = TypeVar("T", Course, Programme, Run)


class Catalogue:
    """What an institution offers, by code; case does not matter where the code is clear."""

    def __init__(self, organisation: Organisation) -> None:
        courses = Course.objects.filter(organisation=organisation)
        self.courses = _by_code(list(courses.select_related("organisation")))
        self.titles = _by_title(self.courses.values())
        by_course: dict[int, list[Run]] = {}
        for run in Run.objects.filter(course__organisation=organisation):
            by_course.setdefault(run.course_id, []).append(run)
        self.runs = {course: _by_code(runs) for course, runs in by_course.items()}
        programmes = Programme.objects.filter(organisation=organisation)
        self.programmes = _by_code(list(programmes.select_related("organisation")))
        self.left: dict[int, int | None] = {}
        self.suggester = Suggester()

    def find(self, row: Row, findings: Findings) -> tuple[Course | None, Run | None]:
        """Return the course and the run of a row; no course where something about them is wrong."""
        code = str(row.cells.get(C.COURSE, ""))
        if not code:
            findings.add(K.COURSE_MISSING, row.line, C.COURSE)
            return None, None
        course = _get(self.courses, code)
        if course is None:
            like = self.titles.get(code.casefold()) or self.suggester.like(code, self.courses)
            findings.add(K.COURSE_UNKNOWN, row.line, C.COURSE, code, suggestion=like)
            return None, None
        run_code = str(row.cells.get(C.RUN, ""))
        runs = self.runs.get(course.pk, {})
        run = _get(runs, run_code) if run_code else None
        if run_code and run is None:
            like = self.suggester.like(run_code, runs) if runs else ""
            findings.add(K.RUN_UNKNOWN, row.line, C.RUN, run_code, suggestion=like)
            return None, None
        return course, run

    def programme(self, row: Row) -> Programme | None:
        """Return the programme that a row is about; where a course has the same code, it is about
        that."""
        code = str(row.cells.get(C.COURSE, ""))
        if code in self.courses or not code:
            return None
        if code in self.programmes:
            return self.programmes[code]
        found = _get(self.programmes, code)
        return found if found and not _get(self.courses, code) else None

    def measure(self, runs: Collection[Run | None]) -> None:
        """See how much room there is in the runs of which that is not known yet: one query."""
        unmeasured = [run for run in runs if run and run.pk not in self.left]
        if unmeasured:
            self.left |= places.room(unmeasured)

    def take_place(self, run: Run) -> bool:
        """Take one of the places that are left; whether there was one."""
        left = self.left[run.pk]
        if left is None:
            return True
        self.left[run.pk] = max(0, left - 1)
        return left > 0


def _by_code(rows: list[T]) -> dict[str, T]:
    return {row.code: row for row in rows}


def _by_title(courses: Collection[Course]) -> dict[str, str]:
    """Return the codes by the titles that one course alone has, in either language."""
    codes: dict[str, set[str]] = {}
    for course in courses:
        for title in (course.title_nl, course.title_en):
            codes.setdefault(title.casefold(), set()).add(course.code)
    return {title: min(found) for title, found in codes.items() if title and len(found) == 1}


def _get(by_code: dict[str, T], code: str) -> T | None:
    """Find by code; else by a code that differs in case alone, where there is just one."""
    if code in by_code:
        return by_code[code]
    folded = code.casefold()
    alike = [row for known, row in by_code.items() if known.casefold() == folded]
    return alike[0] if len(alike) == 1 else None
