"""Files of enrolments for tests, and what becomes of them."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from learners.files import keeping
from learners.importing import jobs
from learners.models import ImportFinding, ImportJob, Organisation
from learners.tests.factories import an_administrator

HEADINGS = "course,run,learner,name,registered on,withdrawn on,result"


def a_csv(*lines: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *lines]).encode()


def an_xlsx(*rows: Sequence[object], headings: str = HEADINGS) -> bytes:
    book = Workbook()
    for row in [headings.split(","), *rows]:
        book.active.append(list(row))  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def a_job(
    organisation: Organisation, content: bytes, name: str = "in.csv", **options: Any
) -> ImportJob:
    """Take in a file, as the page does."""
    by = an_administrator(language="en")
    upload = SimpleUploadedFile(name, content)
    stored = keeping.store(upload=upload, owner=by, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    return jobs.begin(organisation=organisation, file=stored, by=by, **options)


def checked(
    organisation: Organisation, content: bytes, name: str = "in.csv", **options: Any
) -> ImportJob:
    """Take in a file and check it."""
    job = a_job(organisation, content, name, **options)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def applied(
    organisation: Organisation, content: bytes, *, tells: bool = False, **options: Any
) -> ImportJob:
    """Take in a file, check it, agree, and apply it."""
    job = a_job(organisation, content, **options)
    jobs.run(job_id=job.pk)
    jobs.consent(job=job, by=job.by, tells=tells)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def said(job: ImportJob) -> list[tuple[int, str, str]]:
    """Return line, column and kind of what was found."""
    rows = ImportFinding.objects.filter(job=job).order_by("line", "pk")
    return [(f.line, f.column, f.kind) for f in rows]
