"""A programme's assignments as one sheet: its columns in Dutch and English, and writing it, so that
what goes out can come in again."""

from collections.abc import Iterator, Mapping
from typing import IO

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.defining.outline import Defined, Outline
from exams.models import AnswerKind, AssignmentVersion, ThemeCourse
from learners.spreadsheets.columns import columns
from learners.spreadsheets.writing import lines_of_csv, workbook

MOST_ROWS = 500
LONGEST = 30_000  # characters of a text: a cell of a workbook holds no more


class SheetColumn(TextChoices):
    """The columns of a sheet with assignments, each once."""

    THEME_NL = "theme_nl", _("theme (nl)")
    THEME_EN = "theme_en", _("theme (en)")
    KIND = "kind", _("kind")
    CODE = "code", _("code")
    TITLE_NL = "title_nl", _("title (nl)")
    TITLE_EN = "title_en", _("title (en)")
    TASK_NL = "task_nl", _("task (nl)")
    TASK_EN = "task_en", _("task (en)")
    EXPECTED_NL = "expected_nl", _("expected (nl)")
    EXPECTED_EN = "expected_en", _("expected (en)")
    XP = "xp", "XP"
    ANSWER = "answer", _("answered with")
    IS_REVIEWED = "is_reviewed", _("reviewed")
    IS_NEEDED = "is_needed", _("needed")


C = SheetColumn
TEXTS = (C.TITLE_NL, C.TITLE_EN, C.TASK_NL, C.TASK_EN, C.EXPECTED_NL, C.EXPECTED_EN)
IN_DUTCH = "{0}|{0} nl|{0} (nl)|{0} dutch|{0} (dutch)|{0} nederlands|{0} (nederlands)"
IN_ENGLISH = "{0} en|{0} (en)|{0} english|{0} (english)|{0} engels|{0} (engels)"


def _in(pattern: str, *words: str) -> str:
    return "|".join(pattern.format(word) for word in words)


_HEADINGS: Mapping[TextChoices, str] = {
    C.THEME_NL: _in(IN_DUTCH, "theme", "thema"),
    C.THEME_EN: _in(IN_ENGLISH, "theme", "thema"),
    C.KIND: "kind|type|soort",
    C.CODE: "code|assignment code|opdrachtcode",
    C.TITLE_NL: _in(IN_DUTCH, "title", "titel"),
    C.TITLE_EN: _in(IN_ENGLISH, "title", "titel"),
    C.TASK_NL: _in(IN_DUTCH, "task", "taak"),
    C.TASK_EN: _in(IN_ENGLISH, "task", "taak"),
    C.EXPECTED_NL: _in(IN_DUTCH, "expected", "what is expected", "verwacht", "wat je verwacht"),
    C.EXPECTED_EN: _in(IN_ENGLISH, "expected", "what is expected", "verwacht", "wat je verwacht"),
    C.XP: "xp|points|punten",
    C.ANSWER: "answered with|answer|is answered with|antwoord met|antwoord|te beantwoorden met",
    C.IS_REVIEWED: "reviewed|the coach reviews it|nagekeken|nakijken|wordt nagekeken",
    C.IS_NEEDED: "needed|required|nodig|vereist|verplicht",
}
REQUIRED = (C.THEME_NL, C.CODE, C.TITLE_NL, C.TASK_NL, C.XP)
COLUMNS = columns(_HEADINGS, required=REQUIRED, are_texts=True)

ASSIGNMENT, COURSE = _("assignment"), _("course")
ANSWERS = {
    AnswerKind.TEXT: _("text"),
    AnswerKind.FILES: _("files"),
    AnswerKind.BOTH: _("both"),
}
YES, NO = _("yes"), _("no")

Cells = list[object]


def as_xlsx(outline: Outline) -> IO[bytes]:
    """Return the assignments of a programme as a workbook."""
    return workbook(headings(), _lines(outline))


def as_csv(outline: Outline) -> Iterator[str]:
    """Return the same as lines of CSV."""
    return lines_of_csv(headings(), _lines(outline))


def headings() -> list[str]:
    """Return the headings in the language of who asks."""
    return [str(column.label) for column in C]


def plain(text: str) -> str:
    """Return a text as a sheet holds it: however its lines were ended, and nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def one_line(text: str) -> str:
    """Return a title or a code as a sheet holds it."""
    return " ".join(text.split())


def held(version: AssignmentVersion, column: TextChoices) -> object:
    """Return what a version says in this column, as a sheet holds it."""
    value = getattr(version, column.value)
    if column in (C.TITLE_NL, C.TITLE_EN):
        return one_line(value)
    return plain(value) if isinstance(value, str) else value


def _lines(outline: Outline) -> Iterator[Cells]:
    """Yield what is asked of who enrols now, in order; what was put aside stays out of it."""
    for each in outline.themes:
        theme: Cells = [one_line(each.theme.title_nl), one_line(each.theme.title_en)]
        for one in each.in_order:
            if isinstance(one, ThemeCourse):
                yield [*theme, *_of_course(one)]
            elif one.said and not one.assignment.archived_at:
                yield [*theme, *_of_assignment(one, one.said)]


def _of_course(row: ThemeCourse) -> Cells:
    course = row.programme_course.course
    names = [str(COURSE), course.code, course.title_nl, course.title_en]
    nothing = [""] * (len(C) - 3 - len(names))
    return [*names, *nothing, _yes_no(row.programme_course.is_needed)]


def _of_assignment(one: Defined, version: AssignmentVersion) -> Cells:
    texts = [held(version, column) for column in TEXTS]
    answer = str(ANSWERS[AnswerKind(version.answer)])
    flags = [_yes_no(version.is_reviewed), _yes_no(one.assignment.is_needed)]
    return [str(ASSIGNMENT), one.assignment.code, *texts, version.xp, answer, *flags]


def _yes_no(value: bool) -> str:
    return str(YES if value else NO)


def example() -> list[Cells]:
    """Return lines that show how a sheet is filled in."""
    first = ["Je groep leren kennen", "Getting to know your group", str(ASSIGNMENT)]
    watch_nl = "Kijk een uur mee met een groep.\n\n- Wat **zie** je?\n- Wat valt je op?"
    watch_en = "Watch a group for an hour.\n\n- What do you **see**?\n- What strikes you?"
    plan_nl = "Maak een plan voor één middag, met wie wat doet."
    plan_en = "Make a plan for one afternoon, and say who does what."
    both, files = str(ANSWERS[AnswerKind.BOTH]), str(ANSWERS[AnswerKind.FILES])
    yes, no = str(YES), str(NO)
    watch = ["KIJK-1", "Kijken naar een groep", "Watching a group", watch_nl, watch_en]
    see = ["Drie dingen die je zag.", "Three things that you saw."]
    plan = ["PLAN-1", "Een plan voor een middag", "A plan for an afternoon", plan_nl, plan_en]
    return [
        [*first, *watch, *see, 10, both, yes, yes],
        [*first, *plan, "", "", 20, files, yes, no],
    ]


def example_xlsx() -> IO[bytes]:
    """Return a workbook to fill in."""
    return workbook(headings(), example())


def example_csv() -> Iterator[str]:
    """Return the same as lines of CSV."""
    return lines_of_csv(headings(), example())


def guide() -> list[tuple[str, str]]:
    """Return what each column is for, in words for who fills in a sheet."""
    said = {
        C.THEME_NL: gettext("Under which theme it stands. Needed on every row."),
        C.THEME_EN: gettext("The same in English."),
        C.KIND: gettext("Assignment or course. Empty means assignment."),
        C.CODE: gettext("By which it is found again, once in a programme; of a course its code."),
        C.TITLE_NL: gettext("Needed for an assignment. That of a course is not read."),
        C.TITLE_EN: gettext("Empty shows the Dutch one."),
        C.TASK_NL: gettext("What is to be made, in Markdown. Needed for an assignment."),
        C.TASK_EN: gettext("Empty shows the Dutch one."),
        C.EXPECTED_NL: gettext("What a good answer has."),
        C.EXPECTED_EN: gettext("Empty shows the Dutch one."),
        C.XP: gettext("A number from 0 to 10,000. Needed for an assignment."),
        C.ANSWER: gettext("Text, files or both. Empty means both."),
        C.IS_REVIEWED: gettext("Whether the coach reviews it: yes or no. Empty means yes."),
        C.IS_NEEDED: gettext(
            "Whether the programme needs it: yes or no. Empty means yes. Of a course the page of "
            "the programme says so."
        ),
    }
    return [(str(column.label), said[column]) for column in C]
