"""Assigning to many in tests, as the page and the worker do it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from certifications.admin.bulk_form import EMPTY
from certifications.assigning import jobs
from certifications.assigning.jobs import Terms, Whom
from certifications.models import AssigningJob, AssigningRule, Certification
from learners.files import keeping
from learners.tests.factories import an_administrator


def a_job(certification: Certification, *, file: bytes = b"", **said: object) -> AssigningJob:
    """Ask for a group, named by its fields, or for the people of a file; terms go along."""
    by = an_administrator(language="en")
    terms = {name: said.pop(name) for name in list(said) if name in Terms.__dataclass_fields__}
    whom = Whom(group={**EMPTY, **said})
    if file:
        upload = SimpleUploadedFile("people.csv", file)
        stored = keeping.store(upload=upload, owner=by, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
        whom = Whom(file=stored)
    return jobs.begin(
        certification=certification, whom=whom, terms=Terms(**{"mode": "mandatory", **terms}), by=by
    )


def looked_at(certification: Certification, **said: object) -> AssigningJob:
    """Let the worker look at everybody."""
    job = a_job(certification, **said)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def done(certification: Certification, **said: object) -> AssigningJob:
    """Look, agree, and let the worker assign."""
    job = looked_at(certification, **said)
    assert jobs.consent(job=job, by=job.by)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def a_rule(certification: Certification, **said: object) -> AssigningRule:
    """Make a rule that is on."""
    rule = done(certification, keeps=True, **said).rule
    assert rule is not None
    return rule


def said_of(job: AssigningJob) -> list[tuple[str, str, str]]:
    """Return who (or which line), the outcome, and why, in the order of the preview."""
    lines = job.lines.select_related("learner")
    return [(str(one.learner or one.line), one.outcome, one.why) for one in lines]
