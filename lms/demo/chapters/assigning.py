"""Certifications of the demo that are assigned to many: by a rule, to a group, and from a file."""

from django.core.files.uploadedfile import SimpleUploadedFile

from certifications.assigning import jobs
from certifications.assigning.jobs import Terms, Whom
from certifications.models import AssigningJob, Certification, GroupKind
from learners.files import keeping
from learners.models import Role
from lms.demo.world import World

INSTITUTION = "VAV"
LINES = (
    "deelnemer;te voltooien voor;hoe",
    "learner@example.org;;verplicht",
    "jan.peeters@exampel.org;;verplicht",
    "coach@example.org;31-31-2027;voorgedragen",
)


def assign(world: World) -> int:
    """Let a rule apply to whoever teaches; leave a group to be agreed to and a file with errors;
    return to how many people something was assigned."""
    vav = world.organisations[INSTITUTION]
    everybody = {"organisation": None, "role": "", "course": None, "programme": None, "held": None}
    teaching = {**everybody, "group": GroupKind.ROLE, "role": Role.TEACHER, "organisation": vav}
    done = {
        **everybody,
        "group": GroupKind.COMPLETED,
        "course": world.courses[f"{INSTITUTION}/EHBO"],
    }
    rule = _looked_at(
        world, "PRIVACY", Whom(group=teaching), Terms("mandatory", due_days=60, keeps=True)
    )
    jobs.consent(job=rule, by=world.admin)
    jobs.run(job_id=rule.pk)
    _looked_at(world, "EHBO-POST", Whom(group=done), Terms("nominated", due_days=120))
    file = SimpleUploadedFile("mensen.csv", "\n".join(LINES).encode())
    stored = keeping.store(upload=file, owner=world.admin, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    _looked_at(world, "RIJBEWIJS", Whom(file=stored), Terms("mandatory"))
    return rule.lines.count()


def _looked_at(world: World, code: str, whom: Whom, terms: Terms) -> AssigningJob:
    certification = Certification.objects.get(
        organisation=world.organisations[INSTITUTION], code=code
    )
    job = jobs.begin(certification=certification, whom=whom, terms=terms, by=world.admin)
    jobs.run(job_id=job.pk)
    return job
