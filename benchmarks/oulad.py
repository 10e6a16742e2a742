"""Import the real enrolments of the Open University Learning Analytics Dataset, and check them.

    python -m benchmarks.oulad FOLDER [FOLDER/studentInfo.csv and studentRegistration.csv are there]

Works in a database of its own that it empties first: DATA_DIR and DATABASE_URL say which. Prints
how long the check and the import took, how much memory they wanted, and whether the figures match.
The data: Kuzilek, Hlosta and Zdrahal, Scientific Data 4:170171 (2017), CC BY 4.0.
"""

import argparse
import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Q

from learners.files import keeping
from learners.importing import jobs
from learners.meetings import planning
from learners.models import (
    Course,
    Enrolment,
    ImportFinding,
    ImportJob,
    ImportState,
    Organisation,
    Run,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
    User,
)

# When a presentation begins (B in February, J in October), and what its results are called here.
FIRST_DAY = {"B": (2, 1), "J": (10, 1)}
RESULT = {
    "Pass": "completed",
    "Distinction": "completed",
    "Fail": "not passed",
    "Withdrawn": "withdrawn",
}
COLUMNS = ("course", "run", "learner", "name", "registered on", "withdrawn on", "result")
NINE_O_CLOCK = 9

EXPECTED = {
    "enrolments": 32_593,
    "learners": 28_785,
    "completed": 12_361 + 3_024,
    "not passed": 7_052,
    "withdrawn": 10_156,
    "withdrawn in time (15 days or more)": 1_723,
    "withdrawn too late, or nobody knows when": 10_156 - 1_723,
    "withdrawn without a day": 93,
    "result wins over the day": 9,
    "without a day of registration": 45,
    "participants of the largest run": 2_498,
    "courses": 7,
    "runs": 22,
}


def rows_of(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one file of the data."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def first_day(presentation: str) -> date:
    """Return the day on which '2013J' began."""
    month, day = FIRST_DAY[presentation[-1]]
    return date(int(presentation[:4]), month, day)


def set_up(folder: Path) -> tuple[Organisation, User]:
    """Make the institution, its courses and runs, and an administrator."""
    by = User.objects.create_superuser("admin@example.org", name="Head Office")
    organisation = Organisation.objects.create(
        name="The Open University", code="OU", language="en", time_zone="Europe/London"
    )
    for row in rows_of(folder, "courses.csv"):
        code, presentation = row["code_module"], row["code_presentation"]
        course, _new = Course.objects.get_or_create(
            organisation=organisation, code=code, defaults={"title_nl": code, "study_points": 10}
        )
        run = Run.objects.create(course=course, code=presentation)
        begins = datetime(*first_day(presentation).timetuple()[:3], NINE_O_CLOCK, tzinfo=UTC)
        length = timedelta(days=int(row["module_presentation_length"]))
        for at in (begins, begins + length):
            planning.plan_meeting(run=run, begins_at=at, ends_at=at + timedelta(hours=2), by=by)
    return organisation, by


def write_file(folder: Path, target: Path) -> None:
    """Put the two files of the data side by side, in the columns that the product reads."""
    key = ("code_module", "code_presentation", "id_student")
    results = {
        tuple(row[k] for k in key): row["final_result"]
        for row in rows_of(folder, "studentInfo.csv")
    }
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows_of(folder, "studentRegistration.csv"):
            course, run, learner = (row[k] for k in key)
            begins = first_day(run)
            days = (
                begins + timedelta(days=int(row[name])) if row[name] else ""
                for name in ("date_registration", "date_unregistration")
            )
            result = RESULT[results[course, run, learner]]
            writer.writerow([course, run, learner, f"Learner {learner}", *days, result])


def run_import(organisation: Organisation, by: User, file: Path) -> ImportJob:
    """Check and apply a file, and say how long both took."""
    with file.open("rb") as content:
        upload = UploadedFile(content, name=file.name, size=file.stat().st_size)
        stored = keeping.store(upload=upload, owner=by, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    job = jobs.begin(organisation=organisation, file=stored, by=by, with_certificates=False)
    for phase, wanted in (("check", ImportState.READY), ("apply", ImportState.DONE)):
        began, worked = time.perf_counter(), time.process_time()
        state = jobs.run(job_id=job.pk)
        seconds, work = time.perf_counter() - began, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"  {phase}: {seconds:6.1f} s ({work:.1f} s of CPU), peak memory so far {peak:.0f} MB",
            flush=True,
        )
        job.refresh_from_db()
        if state != wanted:
            errors = "\n".join(f"    line {f.line}: {f}" for f in job.findings.all()[:20])
            sys.exit(f"  {state}:\n{errors}")
        if state == ImportState.READY:
            jobs.consent(job=job, by=by)
    return job


def figures(job: ImportJob) -> dict[str, int]:
    """Count in the database what the data's README states."""
    by_status = dict(Enrolment.objects.order_by().values_list("status").annotate(Count("pk")))
    valid = by_status.get(StudyStatus.WITHDRAWN_VALID, 0)
    invalid = by_status.get(StudyStatus.WITHDRAWN_INVALID, 0)
    notices = dict(
        ImportFinding.objects.filter(job=job).values_list("kind").annotate(Count("pk")).order_by()
    )
    runs = Run.objects.annotate(
        n=Count("places", filter=Q(places__state="booked") | Q(places__released_by_status=True))
    )
    return {
        "enrolments": Enrolment.objects.count(),
        "learners": User.objects.filter(is_staff=False).count(),
        "completed": by_status.get(StudyStatus.COMPLETED, 0),
        "not passed": by_status.get(StudyStatus.NOT_PASSED, 0),
        "withdrawn": valid + invalid,
        "withdrawn in time (15 days or more)": valid,
        "withdrawn too late, or nobody knows when": invalid,
        "withdrawn without a day": notices.get("withdrawn_without_day", 0),
        "result wins over the day": notices.get("result_wins", 0),
        "without a day of registration": Enrolment.objects.filter(registered_on=None).count(),
        "participants of the largest run": max(runs.values_list("n", flat=True)),
        "courses": Course.objects.count(),
        "runs": Run.objects.count(),
    }


def rows_in_all() -> dict[str, int]:
    """Count the rows of every table that an import writes."""
    models = (User, Enrolment, StudyStatusChange, StudyPointEntry)
    return {model.__name__: model.objects.count() for model in models}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the data is")
    folder = parser.parse_args().folder
    print(f"{connection.vendor}: {connection.settings_dict['NAME']}")
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    organisation, by = set_up(folder)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "oulad.csv"
        write_file(folder, file)
        print("first time")
        first = run_import(organisation, by, file)
        found, before = figures(first), rows_in_all()
        print("second time")
        second = run_import(organisation, by, file)
    amiss = [name for name, expected in EXPECTED.items() if found[name] != expected]
    for name, expected in EXPECTED.items():
        print(f"  {'  ' if name not in amiss else '✗ '}{name}: {found[name]:,} ({expected:,})")
    unchanged = rows_in_all() == before and second.count("unchanged") == EXPECTED["enrolments"]
    print(f"  the second time nothing changed: {unchanged}")
    sys.exit(bool(amiss) or not unchanged)


if __name__ == "__main__":
    main()
