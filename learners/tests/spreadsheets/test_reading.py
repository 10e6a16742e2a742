"""Files as people make them: encodings, separators, headings, dates and what is no table at all."""

import io
from datetime import date, datetime

import pytest

from learners.importing.cells import parse_day
from learners.models import ImportColumn
from learners.spreadsheets.columns import ENROLMENTS
from learners.spreadsheets.reading import FileRefused, Row, read
from learners.tests.importing.lists import a_csv, an_xlsx

C = ImportColumn
TEXT = "opleiding;deelnemer;naam\nEHBO-1;zoe@example.org;Zoë Çelik\n"


def rows(content: bytes) -> list[Row]:
    return list(read(io.BytesIO(content), ENROLMENTS).rows)


def cells(content: bytes) -> dict[ImportColumn, object]:
    return rows(content)[0].cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_whatever_encoding_a_spreadsheet_saves_it(encoding: str) -> None:
    assert cells(TEXT.encode(encoding)) == {
        C.COURSE: "EHBO-1",
        C.LEARNER: "zoe@example.org",
        C.NAME: "Zoë Çelik",
    }


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_file_may_be_closed_before_it_was_read_to_the_end() -> None:
    content = io.BytesIO(TEXT.encode() * 2)
    table = read(content, ENROLMENTS)
    next(table.rows)
    content.close()
    del table


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_separator_is_that_by_which_we_know_the_headings(delimiter: str) -> None:
    assert cells(TEXT.replace(";", delimiter).encode())[C.NAME] == "Zoë Çelik"


def test_a_line_that_tells_excel_the_separator_is_passed_over() -> None:
    (row,) = rows(f"sep=;\n{TEXT}".encode())
    assert (row.line, row.cells[C.COURSE]) == (3, "EHBO-1")


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ("Course,Run,Learner", [C.COURSE, C.RUN, C.LEARNER]),
        ("OPLEIDING,Uitvoering,E-mailadres", [C.COURSE, C.RUN, C.LEARNER]),
        ("cursus_code,resultaat,nummer", [C.RESULT, C.LEARNER]),
        ("cursus,studiestatus,student", [C.COURSE, C.RESULT, C.LEARNER]),
        ("cursus,ingeschreven_op,lerende", [C.COURSE, C.REGISTERED_ON, C.LEARNER]),
    ],
)
def test_headings_are_known_in_dutch_and_english(headings: str, columns: list[str]) -> None:
    if C.COURSE not in columns:
        with pytest.raises(FileRefused, match="course"):
            read(io.BytesIO(f"{headings}\na,b,c".encode()), ENROLMENTS)
    else:
        assert list(cells(f"{headings}\na,b,c".encode())) == columns


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    content = a_csv("A,,a@example.org", "", '"B\nB",,b@example.org', "C,,c@example.org")
    assert [(row.line, row.cells[C.COURSE]) for row in rows(content)] == [
        (2, "A"),
        (4, "B B"),
        (6, "C"),
    ]


def test_names_in_every_writing_and_with_pictures_come_through() -> None:
    names = ["עדה ירוק", "محمد الأمين", "李小龍", "Åsa 🎓 Öst", "O'Neill-Ó Dálaigh"]
    content = a_csv(*(f"A,,{n}@example.org,{name}" for n, name in enumerate(names)))
    assert [row.cells[C.NAME] for row in rows(content)] == names


def test_a_workbook_gives_days_and_numbers_as_they_are_shown() -> None:
    content = an_xlsx(
        ["EHBO-1", 2027, 11391, "Noor", datetime(2027, 1, 15), date(2027, 2, 1), None],
        ["EHBO-1", None, 11392.0, None, "15-1-2027", None, "voltooid"],
    )
    first, second = rows(content)
    assert first.cells == {
        C.COURSE: "EHBO-1",
        C.RUN: "2027",
        C.LEARNER: "11391",
        C.NAME: "Noor",
        C.REGISTERED_ON: date(2027, 1, 15),
        C.WITHDRAWN_ON: date(2027, 2, 1),
    }
    assert second.cells[C.LEARNER] == "11392"
    assert (second.line, second.cells[C.RESULT]) == (3, "voltooid")


def test_a_formula_counts_as_what_it_was_worked_out_to_and_never_runs() -> None:
    content = an_xlsx(["=1+1", None, "a@example.org", '=HYPERLINK("http://x","y")'])
    assert cells(content) == {C.LEARNER: "a@example.org"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "neither"),
        (b"%PDF-1.7\n\x80\x81\x8d\x00", "neither"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a protected"),
        (b"PK\x03\x04 not really", "neither"),
        (b"name,city\nNoor,Gent", "course”, “learner"),
        (b"course,learner,cursus\na,b,c", "twice"),
    ],
)
def test_what_is_no_table_of_enrolments_is_refused_in_words(content: bytes, words: str) -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(FileRefused, match=words):
        list(read(io.BytesIO(content), ENROLMENTS).rows)


def test_a_quotation_mark_that_is_missing_is_named_by_its_line() -> None:
    content = a_csv("A,,a@example.org", '"B,,b@example.org' + "x" * 200_000)
    with pytest.raises(FileRefused, match="3"):
        rows(content)


def test_headings_that_mean_nothing_are_told() -> None:
    table = read(io.BytesIO(b"course,learner,shoe size\nA,a@example.org,41"), ENROLMENTS)
    assert table.unused == ["shoe size"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-01-05", date(2027, 1, 5)),
        ("2027-01-05T00:00:00", date(2027, 1, 5)),
        ("5-1-2027", date(2027, 1, 5)),
        ("05/01/2027", date(2027, 1, 5)),
        ("5.1.2027", date(2027, 1, 5)),
        ("31-2-2027", None),
        ("5-1-27", None),
        ("45000", None),
        ("tomorrow", None),
    ],
)
def test_days_are_read_day_first_or_iso(text: str, day: date | None) -> None:
    assert parse_day(text) == day
