"""The work of assigning to many, from the choice to its end; it can be left and found again.

First every person is looked at and nothing is assigned; after consent it is done batch by batch,
each whole in a transaction of its own. What was done stays done where the worker is killed, and
the next one goes on with the rest: nobody is told or assigned twice.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation

from certifications.assigning import audiences, from_file, giving, previewing, rules
from certifications.assigning.from_file import Asked
from certifications.assigning.giving import AssigningRefused, Wanted
from certifications.models import (
    AssigningJob,
    AssigningLine,
    Certification,
    CertificationAssignment,
    Cycle,
    Outcome,
    Problem,
)
from certifications.models.bulk import ACTS
from certifications.models.groups import GROUP_RELATED
from learners import audit
from learners.files import file_kinds, keeping, scanning
from learners.jobs import long_work, many_rows, progress, statistics
from learners.jobs.long_work import ATTEMPTS, Superseded
from learners.models import FileIsInfected, ImportState, StoredFile, User
from learners.models.importing import AT_WORK
from learners.spreadsheets.reading import FileRefused, Table, read

KINDS = (file_kinds.XLSX, file_kinds.CSV, file_kinds.TEXT)
MAX_SIZE = 20 * keeping.MEGABYTE
BATCH = 500  # people who are assigned it in one transaction: others save between two of them
LONGEST = 200
GROWN = (AssigningLine, CertificationAssignment, Cycle)  # what each batch writes, and reads again


@dataclass(frozen=True)
class Terms:
    """How and by when, what becomes of who has it already, and whether it keeps applying."""

    mode: str
    due_on: date | None = None
    due_days: int | None = None
    leaves: bool = True
    keeps: bool = False
    withdraws: bool = False


@dataclass(frozen=True)
class Whom:
    """A group, in the fields that name one, or a file."""

    group: Mapping[str, object] = field(default_factory=dict)
    file: StoredFile | None = None


@transaction.atomic
def begin(*, certification: Certification, whom: Whom, terms: Terms, by: User) -> AssigningJob:
    """Have the worker look at what it would do. Raises `AssigningRefused` where it cannot be
    assigned at all."""
    giving.version_to_assign(certification)
    file = keeping.claim(stored=whom.file) if whom.file else None
    job = AssigningJob.objects.create(
        certification=certification, file=file, by=by, **whom.group, **vars(terms)
    )
    audit.record(action="certifications.assigning_begun", on=job, by=by)
    return job


@transaction.atomic
def consent(*, job: AssigningJob, by: User) -> bool:
    """Let what was looked at be done, by the worker; return whether that was still to be said. A
    rule is made of what keeps applying, and switched on when all of them have it."""
    locked = AssigningJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.state != ImportState.READY:
        return False
    if locked.keeps:
        locked.rule = rules.make(job=locked, by=by)
    _queue(locked, ImportState.APPLYING, by)
    audit.record(action="certifications.assigning_agreed", on=locked, by=by)
    return True


@transaction.atomic
def look_again(*, job: AssigningJob, by: User) -> bool:
    """Look at everybody anew; what came to a halt after consent goes on with the rest."""
    locked = AssigningJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.state in (*AT_WORK, ImportState.DONE):
        return False
    was_agreed = locked.state == ImportState.FAILED and bool(locked.counts)
    _queue(locked, ImportState.APPLYING if was_agreed else ImportState.CHECKING, by)
    return True


def _queue(job: AssigningJob, state: ImportState, by: User) -> None:
    job.state, job.queued_at, job.attempt, job.by = state, timezone.now(), 0, by
    job.save(update_fields=["state", "queued_at", "attempt", "by", "rule"])


def neglected() -> list[int]:
    """Return the jobs that are at work without a sign of life: their worker or message was lost."""
    return long_work.neglected(AssigningJob.objects.all(), key_of)


def key_of(pk: int) -> str:
    """Return the key under which a job's progress is shown."""
    return f"assigning:{pk}"


def run(*, job_id: int) -> ImportState | None:
    """Look or assign, whichever a job waits for; return how it then stands, None for neither.

    Asked for twice, it runs once. Taken up for the fourth time it is given up.
    """
    jobs = AssigningJob.objects.all()
    if long_work.is_alive(key_of(job_id)) or not long_work.take(jobs, job_id):
        return None
    related = ("certification__organisation", "file", "by", "rule")
    job = jobs.select_related(*related, *GROUP_RELATED).get(pk=job_id)
    if job.attempt > ATTEMPTS:
        return _finish(job, ImportState.FAILED)
    with translation.override(job.by.language):
        try:
            return _look(job) if job.state == ImportState.CHECKING else _assign(job)
        except Superseded:
            return None
        except (FileRefused, FileIsInfected, AssigningRefused) as refusal:
            return _refuse(job, str(refusal))
        finally:
            progress.forget(key_of(job.pk))


def _look(job: AssigningJob) -> ImportState:
    """Plan everybody, batch by batch."""
    job.lines.all().delete()
    if job.file is None:
        people = audiences.people_of(job)
        asked = (previewing.ask_for(batch, job) for batch in audiences.batches(people))
        _plan(job, asked, people.count())
    else:
        with scanning.open_scanned(job.file) as content:
            table = read(content, from_file.KNOWN)
            _plan(job, from_file.batches(table.rows, job), table.lines)
            job.counts = {"unused": list(table.unused)}
            _refuse_empty(job, table)
    counts = job.counts | count(job)
    state = ImportState.REFUSED if counts.get(Outcome.ERROR) else ImportState.READY
    return _finish(job, state, counts=counts)


def _refuse_empty(job: AssigningJob, table: Table) -> None:
    if not job.lines.exists():
        raise FileRefused(translation.gettext("This file has headings and no lines."))


def _plan(job: AssigningJob, asked: Iterator[list[Asked]], total: int) -> None:
    bar = Bar(key_of(job.pk), max(1, total))
    for number, batch in enumerate(asked):
        if statistics.is_time(number):
            statistics.renew(*GROWN)
        with transaction.atomic():
            _hold(job)
            previewing.plan(job, batch)
        bar.show(len(batch))


def count(job: AssigningJob) -> dict[str, int]:
    """Count the people of each outcome: one query."""
    rows = job.lines.order_by().values_list("outcome").annotate(n=Count("pk"))
    counted = dict(rows)
    return {**counted, "people": sum(counted.values())}


def _assign(job: AssigningJob) -> ImportState:
    """Assign to everybody who was in the preview, batch by batch."""
    total = job.lines.filter(outcome__in=ACTS).count()
    to_do = _to_do(job)
    bar = Bar(key_of(job.pk), max(1, total), done=total - len(to_do))
    bar.show(0)
    for number, start in enumerate(range(0, len(to_do), BATCH)):
        if statistics.is_time(number):
            statistics.renew(*GROWN)
        bar.show(_assign_batch(job, to_do[start : start + BATCH]))
    with transaction.atomic():
        _hold(job)
        if job.rule:
            rules.switch_on(rule=job.rule)
        audit.record(action="certifications.assigning_done", on=job, by=job.by, changes=count(job))
        counts = job.counts | count(job)
        return _finish(job, ImportState.DONE, counts=counts, applied_at=timezone.now())


def _to_do(job: AssigningJob) -> list[int]:
    """Return the lines that wait, in order: asked batch by batch, the database might read all of
    them for each."""
    return list(job.lines.to_do().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _assign_batch(job: AssigningJob, keys: Sequence[int]) -> int:
    """Assign to the people of these lines, note it there, and return how many they were."""
    _hold(job)
    lines = list(job.lines.to_do().filter(pk__in=keys).select_related("learner").order_by("pk"))
    wanted = [Wanted(line.learner, line.mode, line.due_on) for line in lines if line.learner]
    rows = giving.assign_each(
        certification=job.certification,
        wanted=wanted,
        by=job.by,
        rule=job.rule,
        leaves=job.leaves,
        once=job.keeps,
    )
    now = timezone.now()
    for line, row in zip(lines, rows, strict=True):
        line.done_at = now
        if row.refusal:  # since it was looked at, something changed
            line.outcome, line.why = Outcome.NOTHING, row.refusal
    many_rows.store(lines, ["done_at", "outcome", "why"])
    return len(lines)


def _hold(job: AssigningJob) -> None:
    """Lock the job for this transaction, and give a sign of life. Raises `Superseded`."""
    own = AssigningJob.objects.filter(pk=job.pk, attempt=job.attempt, state__in=AT_WORK)
    if not own.update(queued_at=timezone.now()):
        raise Superseded


def _refuse(job: AssigningJob, why: str) -> ImportState:
    job.lines.create(outcome=Outcome.ERROR, why=Problem.IMPOSSIBLE, value=why[:LONGEST])
    return _finish(job, ImportState.REFUSED, counts=count(job))


def _finish(job: AssigningJob, state: ImportState, **fields: object) -> ImportState:
    long_work.finish(job, state=state, **fields)
    return state


@dataclass
class Bar:
    """How far a job is, for who looks."""

    key: str
    total: int
    done: int = 0
    began: float = field(default_factory=time.time)

    def show(self, more: int) -> None:
        """Say that so many more are done."""
        self.done += more
        total = max(self.total, self.done)
        progress.report(key=self.key, done=self.done, total=total, began=self.began)
