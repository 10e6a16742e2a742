"""The work of an import, from the file to its end; it can be left and found again.

A job is checked, waits for consent, and is applied in one transaction: a worker that is killed
leaves nothing behind, and the sweep starts it over. Only the newest attempt may write.
"""

import gc
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from learners import audit
from learners.enrolling.coaches import CoachRefused
from learners.files import file_kinds, keeping, scanning
from learners.importing import foreseeing
from learners.importing.batches import batches, collecting_between
from learners.importing.blocks import Keeper
from learners.importing.cells import Findings
from learners.importing.kinds import kind_of
from learners.importing.ledger import Ledger
from learners.importing.plans import Plan, Planner
from learners.jobs import long_work, progress
from learners.jobs.long_work import ATTEMPTS, Superseded
from learners.models import (
    FileIsInfected,
    FindingKind,
    ImportFinding,
    ImportJob,
    ImportKind,
    ImportState,
    Organisation,
    Run,
    Severity,
    StoredFile,
    User,
)
from learners.models.importing import AT_WORK
from learners.spreadsheets.reading import FileRefused, Row, Table, read
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.study_status import StatusRefused

logger = logging.getLogger(__name__)

KINDS = (file_kinds.XLSX, file_kinds.CSV, file_kinds.TEXT)
MAX_SIZE = 50 * keeping.MEGABYTE

REFUSALS = (FileRefused, FileIsInfected, EnrolmentRefused, StatusRefused, CoachRefused)

Done = Callable[[int, int], None]


class ImportRefused(Exception):
    """The file cannot be applied as it stands: its findings say why."""


@transaction.atomic
def begin(
    *,
    organisation: Organisation,
    file: StoredFile,
    by: User,
    with_certificates: bool = True,
    kind: ImportKind = ImportKind.ENROLMENTS,
) -> ImportJob:
    """Take in a file that was uploaded; it is checked next, by the worker."""
    job = ImportJob.objects.create(
        organisation=organisation,
        file=keeping.claim(stored=file),
        by=by,
        with_certificates=with_certificates,
        kind=kind,
    )
    audit.record(action="learners.import_begun", on=job, by=by)
    return job


@transaction.atomic
def consent(*, job: ImportJob, by: User, tells: bool = False) -> bool:
    """Let a checked file be applied, by the worker, and people be told where that is wanted;
    return whether that was still to be said."""
    ready = ImportJob.objects.filter(pk=job.pk, state=ImportState.READY)
    agreed = ready.update(
        state=ImportState.APPLYING, queued_at=timezone.now(), attempt=0, by=by, tells=tells
    )
    if agreed:
        told = {"tells": [False, tells]}
        audit.record(action="learners.import_agreed", on=job, by=by, changes=told)
    return bool(agreed)


@transaction.atomic
def check_again(*, job: ImportJob, by: User) -> bool:
    """Let a file be checked anew, after what stood in its way was mended."""
    halted = ImportJob.objects.filter(pk=job.pk).exclude(state__in=[*AT_WORK, ImportState.DONE])
    begun = halted.update(state=ImportState.CHECKING, queued_at=timezone.now(), attempt=0, by=by)
    return bool(begun)


def neglected() -> list[int]:
    """Return the jobs that are at work without a sign of life: their worker or message was lost."""
    return long_work.neglected(ImportJob.objects.all(), key_of)


def key_of(pk: int) -> str:
    """Return the key under which a job's progress is shown."""
    return f"import:{pk}"


def run(*, job_id: int, watch: Done | None = None) -> ImportState | None:
    """Check or apply a job, whichever it waits for; return how it then stands, None for neither.

    Asked for twice, it runs once. Taken up for the fourth time it is given up: something in it
    breaks the worker.
    """
    if long_work.is_alive(key_of(job_id)) or not long_work.take(ImportJob.objects.all(), job_id):
        return None
    job = ImportJob.objects.select_related("organisation", "file", "by").get(pk=job_id)
    if job.attempt > ATTEMPTS:
        return _finish(job, ImportState.FAILED)
    progress.report(key=key_of(job.pk), done=0, total=1, began=time.time())
    with translation.override(job.by.language), collecting_between():
        try:
            return _check(job, watch) if job.state == ImportState.CHECKING else _apply(job, watch)
        except Superseded:
            return None
        finally:
            progress.forget(key_of(job.pk))


def _check(job: ImportJob, watch: Done | None) -> ImportState:
    """Look at every line and keep what was found."""
    job.findings.all().delete()
    try:
        with scanning.open_scanned(job.file) as content, Ledger() as ledger:
            table = read(content, kind_of(job).columns)
            planner = kind_of(job).planner(job.organisation, ledger)
            _keep(job, _unused(table))
            outcomes, keeper = [], Keeper(job)
            for plan, rows in _plans(job, table, planner, watch):
                _keep(job, plan.findings)
                keeper.keep(rows)
                outcomes.append(plan.outcomes_of(rows))
            keeper.close()
    except (FileRefused, FileIsInfected) as refusal:
        return _refuse_file(job, str(refusal))
    counts = planner.counts
    if not counts["lines"]:
        return _refuse_file(job, _("This file has headings and no lines."))
    counts["notice"] += len(table.unused)
    state = ImportState.REFUSED if counts[Severity.ERROR] else ImportState.READY
    if state == ImportState.READY and kind_of(job).is_foreseen:
        counts += _foresee(job)
    found = {"outcomes": "".join(outcomes), "run_ids": sorted(planner.run_ids)}
    return _finish(job, state, counts=counts, **found)


def _foresee(job: ImportJob) -> Counter[str]:
    """Count what would follow, by doing all of it and taking it back; nobody is told."""
    job.tells = False
    with suppress(EnrolmentRefused, StatusRefused, ImportRefused):
        return foreseeing.count(lambda: _do_all(job, Findings(), None))
    return Counter()


def _apply(job: ImportJob, watch: Done | None) -> ImportState:
    """Do all that the file asks for, or nothing."""
    findings = Findings()
    try:
        with transaction.atomic():
            _lock(job)
            counts = _apply_all(job, findings, watch)
            audit.record(action="learners.import_applied", on=job, by=job.by, changes=dict(counts))
            return _finish(job, ImportState.DONE, counts=counts, applied_at=timezone.now())
    except ImportRefused:
        pass
    except REFUSALS as refusal:
        findings.add(FindingKind.FILE_UNREADABLE, 0, hint=refusal)
    _keep(job, findings)
    errors = {Severity.ERROR.value: len(findings.rows)}
    return _finish(job, ImportState.REFUSED, counts={**job.counts, **errors})


def _lock(job: ImportJob) -> None:
    """Lock the job, so that it is applied once, and its runs before their people."""
    own = ImportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=ImportState.APPLYING)
    if not own.select_for_update().exists():
        raise Superseded
    list(Run.objects.filter(pk__in=job.run_ids).select_for_update().order_by("pk"))


def _apply_all(job: ImportJob, findings: Findings, watch: Done | None) -> Counter[str]:
    counts = _do_all(job, findings, watch)
    # What was found at the check stays to be read, and so do its numbers.
    follows = (one.name for one in foreseeing.foreseen())
    kept = (*(kind.value for kind in Severity), "programmes", *follows)
    return Counter(counts | {name: job.count(name) for name in kept})


def _do_all(job: ImportJob, findings: Findings, watch: Done | None) -> Counter[str]:
    """Plan and apply batch after batch; raises `ImportRefused` at the first error."""
    kind = kind_of(job)
    applier = kind.applier(job)
    with job.file.open() as content, Ledger() as ledger:
        planner = kind.planner(job.organisation, ledger)
        for plan, _rows in _plans(job, read(content, kind.columns), planner, watch):
            if errors := [row for row in plan.findings.rows if row.severity == Severity.ERROR]:
                findings.rows.extend(errors)
                raise ImportRefused
            applier.apply(plan)
    return planner.counts


def _plans(
    job: ImportJob, table: Table, planner: Planner, watch: Done | None
) -> Iterator[tuple[Plan, Sequence[Row]]]:
    """Plan batch after batch, and show how far that is."""
    began = time.time()
    done, total = 0, max(1, table.lines)
    progress.report(key=key_of(job.pk), done=0, total=total, began=began)
    for rows in batches(table.rows):
        yield planner.plan(rows), rows
        gc.collect(0)
        done += len(rows)
        total = max(total, done)
        progress.report(key=key_of(job.pk), done=done, total=total, began=began)
        if watch:
            watch(done, total)


def _unused(table: Table) -> Findings:
    findings = Findings()
    for heading in table.unused:
        findings.add(FindingKind.COLUMN_PASSED_OVER, 1, value=heading)
    return findings


def _keep(job: ImportJob, findings: Findings) -> None:
    for finding in findings.rows:
        finding.job = job
    ImportFinding.objects.bulk_create(findings.rows, batch_size=2_000)


def _refuse_file(job: ImportJob, why: str) -> ImportState:
    findings = Findings()
    findings.add(FindingKind.FILE_UNREADABLE, 0, hint=why)
    _keep(job, findings)
    return _finish(job, ImportState.REFUSED, counts={Severity.ERROR.value: 1})


def _finish(job: ImportJob, state: ImportState, **fields: object) -> ImportState:
    """Write how it ended, unless another attempt has taken over."""
    long_work.finish(job, state=state, **fields)
    return state


@transaction.atomic
def drop(*, job: ImportJob) -> None:
    """Forget a file that was only tried, for good."""
    file = job.file
    job.delete()
    keeping.let_go(files=[file])
