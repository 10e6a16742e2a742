"""Imports enrolments from a CSV or XLSX file: all of it, or nothing."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learners import uploads
from learners.importing import jobs
from learners.models import (
    ImportColumn,
    ImportJob,
    ImportState,
    Organisation,
    Severity,
    StoredFile,
    User,
)
from learners.names import normalised_email


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or XLSX, with headings on its first line")
        parser.add_argument("--organisation", metavar="CODE", help="where there are several")
        parser.add_argument("--by", metavar="E-MAIL", help="the administrator who imports")
        parser.add_argument("--dry-run", action="store_true", help="check, and change nothing")
        parser.add_argument(
            "--without-certificates",
            action="store_true",
            help="who completed a course has the certificate already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file, say what it asks for and what is wrong, and apply it."""
        by = _administrator(options["by"])
        organisation = _organisation(options["organisation"])
        with translation.override(by.language):
            job = jobs.begin(
                organisation=organisation,
                file=_stored(options["file"], by),
                by=by,
                with_certificates=not options["without_certificates"],
            )
            try:
                self._run(job)
                self._tell(job)
                if job.state == ImportState.READY and not options["dry_run"]:
                    self._apply(job)
            finally:
                if options["dry_run"]:
                    jobs.drop(job=job)
            if job.state == ImportState.REFUSED:
                raise CommandError(_("Nothing was changed."))

    def _apply(self, job: ImportJob) -> None:
        jobs.consent(job=job, by=job.by)
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
        for words in summary(job):
            self.stdout.write(words)


def summary(job: ImportJob) -> list[str]:
    """Say in a few lines what a file asks for."""
    n = job.count
    return [
        ngettext("%(n)d line", "%(n)d lines", n("lines")) % {"n": n("lines")},
        ngettext("%(n)d new person", "%(n)d new people", n("new_people")) % {"n": n("new_people")},
        ngettext("%(n)d new enrolment", "%(n)d new enrolments", n("new_enrolments"))
        % {"n": n("new_enrolments")},
        ngettext("%(n)d enrolment changes", "%(n)d enrolments change", n("changed"))
        % {"n": n("changed")},
        ngettext("%(n)d stays as it is", "%(n)d stay as they are", n("unchanged"))
        % {"n": n("unchanged")},
        ngettext("%(n)d notice", "%(n)d notices", n("notice")) % {"n": n("notice")},
        ngettext("%(n)d error", "%(n)d errors", n("error")) % {"n": n("error")},
    ]


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
            return uploads.store(upload=upload, owner=by, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
