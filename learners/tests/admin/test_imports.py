"""The pages of an import: uploading, the preview, progress, and what can be downloaded."""

import io
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from learners.importing import jobs, summary
from learners.jobs import progress
from learners.models import Enrolment, ImportJob, ImportState, Notification, Run
from learners.tests.factories import CourseFactory, UserFactory, a_run, an_administrator
from learners.tests.importing.lists import a_csv, a_job, applied, checked

pytestmark = pytest.mark.django_db
LINES = ("EHBO,GENT,a@example.org,Ada,,,completed", "EHBO,GENT,b@example.org,Bo,,,")


@pytest.fixture(autouse=True)
def nobody_at_work() -> Iterator[None]:
    """The progress of one test is not that of the next, whose first job has the same number."""
    yield
    cache.clear()


@pytest.fixture
def head_office(client: Client) -> Client:
    client.force_login(an_administrator(language="en"))
    return client


@pytest.fixture
def run() -> Run:
    return a_run(-30, -2, course=CourseFactory(code="EHBO"), code="GENT")


def page_of(job: ImportJob) -> str:
    return reverse("admin:learners_importjob_change", args=[job.pk])


def upload(client: Client, run: Run, content: bytes, name: str = "in.csv"):
    data = {
        "organisation": run.course.organisation_id,
        "file": SimpleUploadedFile(name, content),
        "with_certificates": "on",
    }
    return client.post(reverse("admin:learners_importjob_add"), data)


def test_a_file_goes_from_upload_over_preview_to_done(head_office: Client, run: Run) -> None:
    assert upload(head_office, run, a_csv(*LINES)).status_code == 302
    job = ImportJob.objects.get()
    jobs.run(job_id=job.pk)
    page = head_office.get(page_of(job))
    assert "no errors" in page.text
    assert "at most 1" in page.text
    assert Enrolment.objects.count() == 0
    head_office.post(reverse("admin:learners_importjob_apply", args=[job.pk]))
    jobs.run(job_id=job.pk)
    assert "All of it was applied" in head_office.get(page_of(job)).text
    assert Enrolment.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "in.csv"), (b"MZ\x90\x00\x03\x00", "in.csv"), (b"%PDF-1.7", "in.csv"), (b"a", "in.exe")],
)
def test_what_is_no_file_of_enrolments_is_refused_beside_the_field(
    head_office: Client, run: Run, content: bytes, name: str
) -> None:
    page = upload(head_office, run, content, name)
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not ImportJob.objects.exists()


def test_errors_are_shown_by_line_and_column_and_cannot_be_agreed_to(
    head_office: Client, run: Run
) -> None:
    job = checked(run.course.organisation, a_csv(*LINES, "EHBX,,c@example.org,Cy,,,"))
    page = head_office.get(page_of(job))
    assert "No course of this institution has the code “EHBX”. Did you mean “EHBO”?" in page.text
    assert "Apply all of it" not in page.text
    again = reverse("admin:learners_importjob_add")
    assert f'<a class="closelink" href="{again}">Choose another file</a>' in page.text
    head_office.post(reverse("admin:learners_importjob_apply", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == ImportState.REFUSED


def test_progress_is_seen_and_the_page_turns_by_itself(head_office: Client, run: Run) -> None:
    job = a_job(run.course.organisation, a_csv(*LINES))
    assert "Waits for its turn." in head_office.get(page_of(job)).text
    progress.report(key=jobs.key_of(job.pk), done=2_000, total=32_593, began=0)
    bar = head_office.get(reverse("admin:learners_importjob_progress", args=[job.pk]))
    shown = " ".join(bar.text.split())
    assert '<progress value="2000" max="32593"' in shown
    assert "2,000 of 32,593 lines" in shown
    assert "HX-Refresh" not in bar.headers
    progress.forget(jobs.key_of(job.pk))
    jobs.run(job_id=job.pk)
    bar = head_office.get(reverse("admin:learners_importjob_progress", args=[job.pk]))
    assert bar.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_findings_are_downloaded_and_no_cell_is_a_formula(
    head_office: Client, run: Run, ending: str
) -> None:
    job = checked(run.course.organisation, a_csv('EHBO,GENT,"=1+1@x",Ada,,,', "=cmd,,b,Bo,,,"))
    address = reverse("admin:learners_importjob_findings", args=[job.pk, ending])
    content = head_office.get(address).getvalue()
    if ending == "csv":
        assert content.decode().startswith("\ufeffline;column;what;finding")
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet.max_row == 3
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("days", [5, -5])
def test_the_example_passes_its_own_check(head_office: Client, ending: str, days: int) -> None:
    organisation = a_run(days, course=CourseFactory(code="EHBO"), capacity=1).course.organisation
    address = reverse("admin:learners_importjob_example", args=[ending])
    page = head_office.get(address, {"organisation": organisation.pk})
    assert page.headers["Content-Disposition"].endswith(f'.{ending}"')
    job = checked(organisation, page.getvalue(), f"example.{ending}")
    assert [str(finding) for finding in job.findings.all() if finding.severity == "error"] == []
    assert (job.state, job.count("new_enrolments")) == (ImportState.READY, 2)


def test_of_a_line_all_that_is_wrong_is_said_at_once(run: Run) -> None:
    job = checked(run.course.organisation, a_csv("NONE,,new@example.org,,31-02-2026,,flown"))
    assert {finding.column for finding in job.findings.all()} == {
        *("course", "registered_on", "result", "name")
    }


def test_the_lines_stand_on_the_page_with_what_becomes_of_them(
    head_office: Client, run: Run
) -> None:
    job = checked(run.course.organisation, a_csv(*LINES, "EHBO,NONE,c@example.org,Cy,,,"))
    page = head_office.get(page_of(job)).text
    assert "EHBO · GENT" in page
    assert "Result: completed" in page
    only = head_office.get(page_of(job), {"lines": "e"}).context["lines"]
    assert [line.row.line for line in only] == [4]


def test_what_was_applied_is_linked_to(head_office: Client, run: Run) -> None:
    job = applied(run.course.organisation, a_csv(*LINES))
    page = head_office.get(page_of(job)).text
    for enrolment in Enrolment.objects.all():
        assert reverse("admin:learners_enrolment_change", args=[enrolment.pk]) in page
        assert reverse("admin:learners_user_change", args=[enrolment.learner_id]) in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_lines_take_as_many_queries_for_three_as_for_one(
    head_office: Client, run: Run, number: int, django_assert_max_num_queries
) -> None:
    rows = [f"EHBO,GENT,{n}@example.org,Ada,,," for n in range(number)]
    job = applied(run.course.organisation, a_csv(*rows))
    with django_assert_max_num_queries(11):
        head_office.get(page_of(job))


def test_whether_people_are_told_is_asked_with_their_number(head_office: Client, run: Run) -> None:
    upload(head_office, run, a_csv(*LINES))
    job = ImportJob.objects.get()
    jobs.run(job_id=job.pk)
    page = head_office.get(page_of(job)).text
    assert "Tell them: 2 messages go out" in page  # of the enrolment, and of the certificate
    assert "one more for each programme or certification" in page
    head_office.post(reverse("admin:learners_importjob_apply", args=[job.pk]), {"tell_them": "on"})
    jobs.run(job_id=job.pk)
    assert Notification.objects.filter(kind="learners/enrolled").count() == 1


def test_without_the_tick_nobody_is_told(head_office: Client, run: Run) -> None:
    applied(run.course.organisation, a_csv(*LINES))
    assert not Notification.objects.filter(kind="learners/enrolled").exists()


def test_who_may_not_enrol_may_not_import(client: Client, run: Run) -> None:
    client.force_login(UserFactory(is_staff=True))
    job = checked(run.course.organisation, a_csv(*LINES))
    assert upload(client, run, a_csv(*LINES)).status_code == 403
    assert client.get(page_of(job)).status_code == 403
    for name in ("apply", "check"):
        address = reverse(f"admin:learners_importjob_{name}", args=[job.pk])
        assert client.post(address).status_code == 403
        assert client.get(address).status_code == 405


@pytest.mark.parametrize(
    ("lines", "locks_rows", "seconds"),
    [(30_000, False, 38), (4_000, False, None), (30_000, True, None)],
)
def test_who_makes_others_wait_is_told_for_how_long(lines, locks_rows, seconds, monkeypatch):
    monkeypatch.setattr(connection.features, "has_select_for_update", locks_rows)
    job = ImportJob(counts={"new_enrolments": lines - 1_000, "changed": 1_000})
    assert summary.wait_for_others(job) == seconds
