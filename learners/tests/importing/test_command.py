"""`manage.py import_enrolments`."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from learners.models import Enrolment, ImportJob, Run, StoredFile
from learners.tests.factories import CourseFactory, OrganisationFactory, a_run, an_administrator
from learners.tests.importing.lists import a_csv

pytestmark = pytest.mark.django_db
LINES = ("EHBO,GENT,a@example.org,Ada,,,completed", "EHBO,GENT,b@example.org,Bo,,,")


@pytest.fixture
def run() -> Run:
    return a_run(-30, -2, course=CourseFactory(code="EHBO"), code="GENT")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_bytes(a_csv(*LINES))
    return path


def test_it_imports_a_file_and_says_what_it_did(run: Run, file: Path, capsys) -> None:
    an_administrator(language="en")
    call_command("import_enrolments", str(file))
    assert Enrolment.objects.count() == 2
    said = capsys.readouterr().out
    assert "2 new enrolments" in said
    assert "All of it was applied." in said


def test_a_dry_run_leaves_nothing_behind(run: Run, file: Path, capsys) -> None:
    an_administrator(language="en")
    call_command("import_enrolments", str(file), "--dry-run")
    assert "2 new people" in capsys.readouterr().out
    assert (Enrolment.objects.count(), ImportJob.objects.count()) == (0, 0)
    assert StoredFile.objects.get().claimed_at is None


def test_errors_end_in_a_refusal_and_nothing_else(run: Run, file: Path, capsys) -> None:
    an_administrator(language="en")
    file.write_bytes(a_csv(*LINES, "EHBX,,c@example.org,Cy,,,"))
    with pytest.raises(CommandError, match=r"Nothing was changed\."):
        call_command("import_enrolments", str(file))
    assert "line 4 · course: No course of this institution" in capsys.readouterr().out
    assert Enrolment.objects.count() == 0


def test_certificates_can_be_left_out(run: Run, file: Path) -> None:
    an_administrator(language="en")
    call_command("import_enrolments", str(file), "--without-certificates")
    assert not Enrolment.objects.filter(status_changes__handled_at=None).exists()


@pytest.mark.parametrize("missing", ["file", "organisation", "administrator"])
def test_what_is_missing_is_said(run: Run, file: Path, missing: str) -> None:
    if missing != "administrator":
        an_administrator()
    if missing == "organisation":
        OrganisationFactory()
    path = str(file) if missing != "file" else "nowhere.csv"
    with pytest.raises(CommandError):
        call_command("import_enrolments", path)


def test_an_institution_is_chosen_by_its_code(run: Run, file: Path) -> None:
    an_administrator()
    OrganisationFactory()
    code = run.course.organisation.code
    call_command("import_enrolments", str(file), "--organisation", code.lower())
    assert Enrolment.objects.count() == 2
