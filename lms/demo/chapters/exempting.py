"""Exemptions of the demo: a base list that was applied, and a file that waits for consent."""

from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from learners.files import keeping
from learners.importing import jobs
from learners.models import ImportJob, ImportKind, StudyStatus, User
from lms.demo.world import World

HEADINGS = ("deelnemer", "naam", "opleiding", "grond")
BASE_LIST, FILES = "ZCU/INFECT", "VAV/EHBO"
NURSES = "Basislijst: verpleegkundigen"
DIPLOMA = "Vrijstellingsdossier: diploma hulpverlener-ambulancier"
Line = tuple[str, str, str, str]


def exempt(world: World) -> int:
    """Apply a base list, and check a file of which one has completed the course already and one is
    nobody that we know; return how many are exempt."""
    nurses = world.draw(BASE_LIST, 4)
    lines = _lines(BASE_LIST, nurses, NURSES)
    applied = checked(world, BASE_LIST, "basislijst-verpleegkundigen.csv", lines)
    jobs.consent(job=applied, by=world.admin)
    jobs.run(job_id=applied.pk)
    done = next(
        participant.enrolment.learner
        for participant in world.participants[f"{FILES}/GENT-2"]
        if participant.outcome == StudyStatus.COMPLETED
    )
    asked = _lines(FILES, [*world.draw(FILES, 3), done], DIPLOMA)
    newcomer = ("hanne.desmet@example.org", "Hanne De Smet", FILES.split("/")[1], DIPLOMA)
    checked(world, FILES, "vrijstellingsdossiers-najaar.csv", [*asked, newcomer])
    return len(nurses)


def _lines(course: str, people: Sequence[User], ground: str) -> list[Line]:
    code = course.split("/")[1]
    return [HEADINGS, *((str(one.email), one.name, code, ground) for one in people)]


def checked(
    world: World,
    course: str,
    name: str,
    lines: Iterable[Sequence[str]],
    kind: ImportKind = ImportKind.EXEMPTIONS,
) -> ImportJob:
    """Check a file of the institution of this course, with its headings as its first line."""
    content = "\n".join(";".join(line) for line in lines).encode()
    stored = keeping.store(
        upload=SimpleUploadedFile(name, content),
        owner=world.admin,
        kinds=jobs.KINDS,
        max_size=jobs.MAX_SIZE,
    )
    job = jobs.begin(
        organisation=world.organisations[course.split("/")[0]],
        file=stored,
        by=world.admin,
        kind=kind,
    )
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job
