"""Sheets with assignments for tests, and a programme in which much stands."""

import csv
import io

from exams.defining import from_sheet, outline, sheets, taking_in
from exams.defining.sheet_plan import Plan
from exams.models import Reaches
from exams.tests.factories import ThemeFactory, a_course_in, an_assignment, an_exam_programme
from learners.models import Programme, User
from learners.tests.factories import CourseFactory

HEADINGS = "theme,code,title,task,xp"


def a_sheet(*lines: str, headings: str = HEADINGS) -> io.BytesIO:
    """Make a CSV file of these lines."""
    return io.BytesIO("\n".join([headings, *lines]).encode())


def as_file(programme: Programme, ending: str) -> io.BytesIO:
    """Write the assignments of a programme as a file."""
    found = outline.of(programme)
    if ending == "xlsx":
        return io.BytesIO(sheets.as_xlsx(found).read())
    return io.BytesIO("".join(sheets.as_csv(found)).encode())


def rows_of(programme: Programme) -> list[list[str]]:
    """Return the rows that a programme goes out as, without their headings."""
    text = "".join(sheets.as_csv(outline.of(programme))).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def planned(programme: Programme, content: io.BytesIO) -> Plan:
    """Say what a file would do."""
    return from_sheet.plan_of(programme=programme, content=content)


def taken_in(
    programme: Programme, content: io.BytesIO, by: User, reaches: str = Reaches.NOT_HANDED_IN
) -> Plan:
    """Look at what a file would do, and let it do so."""
    seen = planned(programme, content).key
    return taking_in.take_in(
        programme=programme, content=content, by=by, reaches=reaches, seen=seen
    )


def a_full_programme() -> Programme:
    """Make a programme with everything in it that is hard to write into a file."""
    programme = an_exam_programme(0)
    first = ThemeFactory(programme=programme, title_nl="Kijken; luisteren", position=1)
    second = ThemeFactory(programme=programme, title_nl="Doen", title_en="", position=7)
    an_assignment(
        first,
        title_nl='Zeg "hallo", en meer; nog iets',
        task_nl="- een\n- twee\n\n```\n\tcode\n```\n\n  ingesprongen",
        task_en="=1+1",
        expected_nl="'=SUM(A1)",
        expected_en="''@x",
    )
    a_course_in(first, CourseFactory(organisation=programme.organisation, code="0012"))
    an_assignment(
        second,
        is_needed=False,
        title_nl="Ünïcödé 👩‍👩‍👧 مرحبا بالعالم",
        task_nl="שלום\r\nregel twee\r\n",
        answer="files",
        is_reviewed=False,
        xp=0,
    )
    an_assignment(second, title_nl="+31 bellen", task_nl="-@\u202e gedraaid", answer="text")
    return programme
