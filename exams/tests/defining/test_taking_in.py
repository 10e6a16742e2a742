"""A whole programme comes from a sheet, and goes out as one."""

import io
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from exams.defining import publishing, putting_aside, sheets, taking_in
from exams.defining.publishing import DefinitionRefused
from exams.defining.sheet_lines import lines_of
from exams.defining.sheet_plan import Outcome
from exams.models import Assignment, AssignmentVersion, Reaches, Theme, ThemeCourse, Work
from exams.tests.defining.sheets import (
    HEADINGS,
    a_full_programme,
    a_sheet,
    as_file,
    planned,
    rows_of,
    taken_in,
)
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, work_on
from learners.models import AuditEntry, CompletedBy, Programme, User
from learners.spreadsheets.reading import FileRefused
from learners.tests.factories import ProgrammeFactory, an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def head_office() -> User:
    return an_administrator(email="head@example.org")


def outcomes(programme: Programme, content: io.BytesIO) -> list[str]:
    return [str(step.outcome) for step in planned(programme, content).steps]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_goes_out_changes_nothing_when_it_comes_in(
    ending: str, language: str, head_office: User
) -> None:
    programme = a_full_programme()
    before = list(AssignmentVersion.objects.order_by("pk").values())
    with override(language):
        file = as_file(programme, ending)
        plan = planned(programme, file)
        assert plan.errors == []
        assert {step.outcome for step in plan.steps} == {Outcome.SAME}
        assert not plan.changes_anything
        taken_in(programme, file, head_office)
    assert list(AssignmentVersion.objects.order_by("pk").values()) == before
    assert not AuditEntry.objects.filter(action__startswith="exams.").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_programme_is_copied_by_its_file(ending: str, head_office: User) -> None:
    programme = a_full_programme()
    rows = [row for row in rows_of(programme) if "0012" not in row]
    ThemeCourse.objects.all().delete()
    other = an_exam_programme(0)
    Theme.objects.filter(programme=other).delete()
    plan = taken_in(other, as_file(programme, ending), head_office)
    assert {step.outcome for step in plan.steps} == {Outcome.NEW}
    assert rows_of(other) == rows
    assert AssignmentVersion.objects.filter(assignment__programme=other).published().count() == 3


def test_a_changed_row_becomes_a_new_version_for_whom_it_is_for(head_office: User) -> None:
    programme = an_exam_programme(2)
    enrolment = a_follower(programme)
    a_hand_in(work_on(enrolment, 1))
    a_follower(programme)
    sheet = a_sheet(
        "Je groep leren kennen,OPD-1,Opdracht 1,Schrijf iets anders.,15",
        "Je groep leren kennen,opd-2,Opdracht 2,Schrijf **op** wat je zag.,10",
    )
    plan = planned(programme, sheet)
    assert [str(step.outcome) for step in plan.steps] == ["version", "same"]
    touched = plan.steps[0].touched
    assert (touched.not_handed_in, touched.improving, touched.keeping) == (1, 0, 1)
    assert plan.total_after == 25
    taken_in(programme, sheet, head_office, Reaches.IMPROVING)
    newest = Assignment.objects.get(code="OPD-1").versions.first()
    assert newest is not None
    assert (newest.number, newest.xp, newest.reaches) == (2, 15, "improving")
    assert newest.title_en == "Assignment 1"  # the file has no such column
    assert Assignment.objects.get(code="OPD-2").versions.count() == 1
    assert not planned(programme, sheet).changes_anything


def test_what_is_not_in_the_file_is_named_and_stays(head_office: User) -> None:
    programme = an_exam_programme(3)
    sheet = a_sheet("Je groep leren kennen,OPD-2,Opdracht 2,Schrijf **op** wat je zag.,10")
    plan = taken_in(programme, sheet, head_office)
    assert [one.assignment.code for one in plan.missing] == ["OPD-1", "OPD-3"]
    assert Assignment.objects.filter(archived_at=None).count() == 3


def test_rows_move_to_the_theme_and_the_place_that_the_file_says(head_office: User) -> None:
    programme = an_exam_programme(3)
    task = "Schrijf **op** wat je zag.,10"
    sheet = a_sheet(f"Nieuw,OPD-3,Opdracht 3,{task}", f"Nieuw,OPD-1,Opdracht 1,{task}")
    assert outcomes(programme, sheet) == ["set", "set"]
    taken_in(programme, sheet, head_office)
    themes = Theme.objects.filter(programme=programme)
    assert [theme.title_nl for theme in themes] == ["Nieuw", "Je groep leren kennen"]
    assert [one.code for one in themes[0].assignments.all()] == ["OPD-3", "OPD-1"]
    assert not planned(programme, sheet).changes_anything


def test_a_theme_that_gets_another_name_leaves_no_empty_one(head_office: User) -> None:
    programme = an_exam_programme(1)
    sheet = a_sheet("Anders,OPD-1,Opdracht 1,Schrijf **op** wat je zag.,10")
    assert [theme.title_nl for theme in planned(programme, sheet).emptied] == [
        "Je groep leren kennen"
    ]
    taken_in(programme, sheet, head_office)
    assert [theme.title_nl for theme in Theme.objects.filter(programme=programme)] == ["Anders"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",A,T,Doe iets,10", "theme (nl)"),
        ("Thema,,T,Doe iets,10", "code"),
        ("Thema,A,,Doe iets,10", "title (nl)"),
        ("Thema,A,T,,10", "task (nl)"),
        ("Thema,A,T,Doe iets,", "XP"),
        ("Thema,A,T,Doe iets,10001", "XP"),
        ("Thema,A,T,Doe iets,-1", "XP"),
        ("Thema,A,T,Doe iets,tien", "XP"),
        (f"Thema,A,{'t' * 151},Doe iets,10", "title (nl)"),
        (f"Thema,{'A' * 41},T,Doe iets,10", "code"),
        (f"Thema,A,T,{'t' * 30001},10", "task (nl)"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column(line: str, column: str) -> None:
    with override("en"):
        findings = lines_of(a_sheet("Thema,GOED,T,Doe iets,10", line)).findings
    assert [(one.line, one.column) for one in findings] == [(3, column)]


def test_rows_are_numbered_as_a_spreadsheet_does_where_cells_have_many_lines() -> None:
    sheet = a_sheet('Thema,A,T,"een\ntwee\ndrie",10', "Thema,B,T,Doe iets,tien")
    assert [one.line for one in lines_of(sheet).findings] == [3]


@pytest.mark.parametrize(
    ("kind", "answer", "flag", "wrong"),
    [("exam", "", "", 1), ("", "film", "", 1), ("", "", "misschien", 1), ("a", "b", "c", 3)],
)
def test_words_that_are_not_known_are_said(kind: str, answer: str, flag: str, wrong: int) -> None:
    headings = "theme,code,title,task,xp,kind,answered with,reviewed"
    sheet = a_sheet(f"Thema,A,T,Doe iets,10,{kind},{answer},{flag}", headings=headings)
    assert len(lines_of(sheet).findings) == wrong


def test_nothing_is_taken_in_while_one_line_is_wrong(head_office: User) -> None:
    programme = an_exam_programme(0)
    sheet = a_sheet("Thema,A,T,Doe iets,10", "Thema,A,T,Doe meer,10")
    assert "line 2" in planned(programme, sheet).errors[0].words
    with pytest.raises(DefinitionRefused):
        taken_in(programme, sheet, head_office)
    assert not Assignment.objects.exists()


def test_a_course_has_to_be_in_the_programme_and_what_is_archived_brought_back(
    head_office: User,
) -> None:
    programme = an_exam_programme(1)
    rows = Assignment.objects.all()
    putting_aside.archive(assignments=list(rows), by=head_office)
    sheet = a_sheet(
        "Thema,EHBO,,,,course",
        "Thema,OPD-1,T,Doe iets,10,",
        headings="theme,code,title,task,xp,kind",
    )
    said = [one.words for one in planned(programme, sheet).errors]
    assert "no course “EHBO”" in said[0]
    assert "archived" in said[1]


def test_something_else_than_was_seen_is_not_done(head_office: User) -> None:
    programme = an_exam_programme(1)
    sheet = a_sheet("Je groep leren kennen,OPD-1,Anders,Schrijf iets.,10")
    seen = planned(programme, sheet).key
    draft = publishing.begin(assignment=Assignment.objects.get(), by=head_office)
    publishing.publish(version=draft, by=head_office)
    with pytest.raises(DefinitionRefused, match="since you looked"):
        taking_in.take_in(programme=programme, content=sheet, by=head_office, seen=seen)


def test_a_version_that_is_being_made_is_replaced_and_that_is_said(head_office: User) -> None:
    programme = an_exam_programme(1)
    draft = publishing.begin(assignment=Assignment.objects.get(), by=head_office)
    draft.expected_nl = "Half af"
    draft.save()
    sheet = a_sheet("Je groep leren kennen,OPD-1,Anders,Schrijf iets.,10")
    plan = taken_in(programme, sheet, head_office)
    assert [one.is_error for one in plan.findings] == [False]
    draft.refresh_from_db()
    assert (draft.title_nl, draft.expected_nl, draft.is_frozen) == ("Anders", "", True)


def test_a_file_of_too_many_rows_is_refused() -> None:
    lines = (f"Thema,C{n},T,Doe iets,1" for n in range(sheets.MOST_ROWS + 1))
    with pytest.raises(FileRefused, match="500"):
        lines_of(a_sheet(*lines))


def test_five_hundred_rows_are_planned_in_as_many_queries_as_one(
    django_assert_num_queries, head_office: User
) -> None:
    programme = an_exam_programme(2)
    lines = [f"Thema {n % 9},C{n},T,Doe iets,1" for n in range(sheets.MOST_ROWS)]
    with django_assert_num_queries(6):
        plan = planned(programme, a_sheet(*lines))
    assert len(plan.steps) == sheets.MOST_ROWS
    taken_in(programme, a_sheet(*lines), head_office)
    with django_assert_num_queries(5):
        assert not planned(programme, a_sheet(*lines)).changes_anything
    with django_assert_num_queries(7):  # whom new versions touch, besides
        plan = planned(programme, a_sheet(*(line.replace("iets", "meer") for line in lines)))
    assert len(plan.published) == sheets.MOST_ROWS


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_example_passes_its_own_check(language: str, head_office: User) -> None:
    programme = ProgrammeFactory(completed_by=CompletedBy.EXAM)
    with override(language):
        content = io.BytesIO("".join(sheets.example_csv()).encode())
        plan = planned(programme, content)
    assert plan.errors == []
    assert [str(step.outcome) for step in plan.steps] == ["new", "new"]


def test_a_draft_that_somebody_wrote_on_meanwhile_is_not_replaced(head_office: User) -> None:
    programme = an_exam_programme(1)
    (assignment,) = Assignment.objects.all()
    draft = publishing.begin(assignment=assignment, by=head_office)
    file = a_sheet(f"Thema,{assignment.code},Anders,Doe dit,10")
    seen = planned(programme, file).key
    AssignmentVersion.objects.filter(pk=draft.pk).update(task_nl="Wat een ander schreef")
    with pytest.raises(DefinitionRefused, match="was changed since"):
        taking_in.take_in(programme=programme, content=file, by=head_office, seen=seen)
    draft.refresh_from_db()
    assert (draft.is_frozen, draft.task_nl) == (False, "Wat een ander schreef")


def test_a_line_says_whom_it_touches_that_an_assignment_is_needed_no_longer() -> None:
    programme = an_exam_programme(1)
    done, _open = a_follower(programme), a_follower(programme)
    Work.objects.filter(pk=a_hand_in(work_on(done)).work.pk).update(
        state="approved", waits_since=None, expected_on=None
    )
    (assignment,) = Assignment.objects.all()
    row = f"Je groep leren kennen,{assignment.code},Opdracht 1,Schrijf **op** wat je zag.,10,no"
    plan = planned(programme, a_sheet(row, headings=f"{HEADINGS},needed"))
    (note,) = [one for one in plan.findings if "no longer needed" in one.words]
    assert "also for 1 person who follows it" in note.words
    assert not note.is_error
