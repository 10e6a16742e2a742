"""What the commands share that import a file: check it, say what it asks for, and apply it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from learners.files import keeping
from learners.importing import jobs, summary
from learners.models import (
    ImportColumn,
    ImportJob,
    ImportKind,
    ImportState,
    Organisation,
    Severity,
    StoredFile,
    User,
)
from learners.names import normalised_email


class ImportCommand(BaseCommand):
    """Imports a CSV or XLSX file of one kind: all of it, or nothing."""

    kind: ImportKind

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or XLSX, with headings on its first line")
        parser.add_argument("--organisation", metavar="CODE", help="where there are several")
        parser.add_argument("--by", metavar="E-MAIL", help="the administrator who imports")
        parser.add_argument("--dry-run", action="store_true", help="check, and change nothing")
        parser.add_argument("--tell", action="store_true", help="tell people, each with a mail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file, say what it asks for and what is wrong, and apply it."""
        by = _administrator(options["by"])
        organisation = _organisation(options["organisation"])
        with translation.override(by.language):
            job = jobs.begin(
                organisation=organisation,
                file=_stored(options["file"], by),
                by=by,
                with_certificates=not options.get("without_certificates"),
                kind=self.kind,
            )
            try:
                self._run(job)
                self._tell(job)
                if job.state == ImportState.READY and not options["dry_run"]:
                    self._apply(job, tells=options["tell"])
            finally:
                if options["dry_run"]:
                    jobs.drop(job=job)
            if job.state == ImportState.REFUSED:
                raise CommandError(_("Nothing was changed."))

    def _apply(self, job: ImportJob, *, tells: bool) -> None:
        jobs.consent(job=job, by=job.by, tells=tells)
        self._run(job)
        if job.state == ImportState.DONE:
            self.stdout.write(self.style.SUCCESS(_("All of it was applied.")))
        else:
            self._tell(job)

    def _run(self, job: ImportJob) -> None:
        jobs.run(job_id=job.pk, watch=self._show_progress if sys.stderr.isatty() else None)
        job.refresh_from_db()

    def _show_progress(self, done: int, total: int) -> None:
        end = "\n" if done >= total else ""
        self.stderr.write(f"\r{done:,} / {total:,}", ending=end)

    def _tell(self, job: ImportJob) -> None:
        for finding in job.findings.exclude(severity=Severity.CHANGE).iterator():
            column = f" · {ImportColumn(finding.column).label}" if finding.column else ""
            style = self.style.ERROR if finding.severity == Severity.ERROR else self.style.WARNING
            where = _("line %(line)d") % {"line": finding.line}
            self.stdout.write(style(f"{where}{column}: {finding}"))
        for words in said(job):
            self.stdout.write(words)


def said(job: ImportJob) -> list[str]:
    """Say in a few lines what a file asks for."""
    return [f"{count.number} {count.words}" for count in summary.counted(job)]


def _organisation(code: str | None) -> Organisation:
    found = Organisation.objects.filter(code=code.upper()) if code else Organisation.objects.all()
    rows = list(found[:2])
    if len(rows) == 1:
        return rows[0]
    known = ", ".join(Organisation.objects.order_by("code").values_list("code", flat=True)[:20])
    raise CommandError(f"Say which institution with --organisation CODE: {known or 'none yet'}.")


def _administrator(email: str | None) -> User:
    staff = User.objects.filter(is_staff=True, is_active=True)
    found = staff.filter(email=normalised_email(email)) if email else staff
    rows = list(found[:2])
    if len(rows) == 1:
        return rows[0]
    raise CommandError("Say which administrator imports with --by E-MAIL.")


def _stored(path: Path, by: User) -> StoredFile:
    try:
        with path.open("rb") as content:
            upload = UploadedFile(content, name=path.name, size=path.stat().st_size)
            return keeping.store(upload=upload, owner=by, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
