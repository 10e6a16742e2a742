"""Work that nobody waits for: importing, awarding what is due, and lapsing terms.

python -m benchmarks.sweeps [ENROLMENTS]
"""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from benchmarks import printing, world
from benchmarks.block import Block
from benchmarks.measuring import Figure, work
from certifications import awarding
from learners.files import keeping
from learners.importing import jobs
from learners.models import Actor, Enrolment, ImportJob, ImportState, StudyStatus
from learners.studying import study_status, terms
from learners.studying.status_rules import RUNNING
from learners.studying.status_wishes import Wish

FOR_10_000 = 50  # queries for ten thousand that are due
LINES = 2_000
AWARDED, LAPSED = 100, 20  # of so many enrolments one
AT_ONCE = 5_000


def main() -> None:
    """Print the figures of a new world."""
    made = world.make(enrolments := printing.asked_for(world.SMALL))
    printing.print_figures(measure(made, enrolments))


def measure(made: Block, enrolments: int) -> Iterator[Figure]:
    """Yield the figures of the sweeps."""
    yield from importing(made)
    yield from awarding_due(max(100, enrolments // AWARDED))
    yield from lapsing("lapse a tenth of the terms first", enrolments // LAPSED // 10)
    yield from lapsing("lapse terms", enrolments // LAPSED)


def importing(made: Block) -> Iterator[Figure]:
    """Check and apply a file of new people in a course of the block."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(["course", "run", "learner", "name", "registered on"])
    course, run = made.courses[0], made.runs[0]
    today = timezone.localdate().isoformat()
    for n in range(LINES):
        writer.writerow([course.code, run.code, f"new{n}@example.org", f"New Learner {n}", today])
    upload = SimpleUploadedFile("new.csv", content.getvalue().encode())
    stored = keeping.store(
        upload=upload, owner=made.admin, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE
    )
    job = jobs.begin(organisation=course.organisation, file=stored, by=made.admin)
    yield phase(job, "check", ImportState.READY)
    jobs.consent(job=job, by=made.admin)
    yield phase(job, "apply", ImportState.DONE)


def phase(job: ImportJob, name: str, wanted: ImportState) -> Figure:
    """Measure one of the two halves of an import."""

    def do() -> None:
        assert jobs.run(job_id=job.pk) == wanted

    return work(f"import: {name}", do, rows=LINES)


def awarding_due(number: int) -> Iterator[Figure]:
    """Drain the outbox when nothing is due, and after so many completed an e-learning."""
    while awarding.drain():
        pass
    yield work("look for what is due: nothing", awarding.drain, most_queries=1)
    waiting = Enrolment.objects.filter(status=StudyStatus.NOT_STARTED).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:number])
    for start in range(0, len(ids), AT_ONCE):
        wishes = [
            Wish(enrolment_id=pk, to=StudyStatus.COMPLETED) for pk in ids[start : start + AT_ONCE]
        ]
        study_status.change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)
    yield work(
        "award what is due",
        drain_all,
        rows=len(ids),
        most_queries=at_most(len(ids)),
    )


def drain_all() -> None:
    """Award until nothing is due."""
    while awarding.drain():
        pass


def lapsing(name: str, number: int) -> Iterator[Figure]:
    """Let so many terms be over, and record it."""
    running = Enrolment.objects.filter(status__in=sorted(RUNNING)).order_by("pk")
    ids = list(running.values_list("pk", flat=True)[:number])
    over = timezone.localdate() - timedelta(days=3)
    of_these = Enrolment.objects.filter(pk__range=(ids[0], ids[-1]), status__in=sorted(RUNNING))
    of_these.update(term_ends_on=over)
    yield work(
        name,
        terms.lapse_terms,
        rows=len(ids),
        most_queries=at_most(len(ids)),
    )


def at_most(due: int) -> int:
    """Return how many queries so much work may take: fifty for each ten thousand begun."""
    return FOR_10_000 * -(-due // 10_000)


if __name__ == "__main__":
    main()
