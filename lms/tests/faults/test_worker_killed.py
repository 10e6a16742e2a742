"""A worker killed before any statement of its work: it is done once, and nothing stays half."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from certifications import awarding
from certifications.assigning import jobs as bulk_jobs
from certifications.assigning import rules
from certifications.certificates import rendering
from certifications.models import (
    AssigningJob,
    Certificate,
    Certification,
    CertificationAssignment,
    Cycle,
)
from certifications.tests.bulk import a_job as a_bulk_job
from certifications.tests.bulk import a_rule, looked_at
from certifications.tests.factories import a_certification, an_elearning
from learners.importing import jobs
from learners.jobs import progress
from learners.models import (
    AuditEntry,
    Enrolment,
    FindingKind,
    ImportJob,
    ImportState,
    Notification,
    Role,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import terms
from learners.telling import notify
from learners.tests.factories import CourseFactory, OrganisationFactory, a_member, an_enrolment
from learners.tests.importing.lists import HEADINGS, a_csv, a_job
from lms import environment
from lms.tests.faults.once import an_hour_passes, assert_once, completions

pytestmark = pytest.mark.django_db(transaction=True)


def statements(at_least: int) -> Iterator[int]:
    """Count up; whoever goes through this work is in it for so many statements."""
    yield from range(1, 200)
    pytest.fail(f"it never came to its end, which should take some {at_least} statements")


def test_settling_what_is_due(kill):
    course, people = an_elearning(), []
    for before in statements(10):
        people += completions(2, course)
        was_killed = kill("settle", before=before)
        unsettled = 2 if was_killed else 0
        assert Certificate.objects.count() == Notification.objects.count()
        assert Certificate.objects.count() in (len(people) - unsettled, len(people))
        awarding.drain()
        assert_once(people, are_printed=False)
        if not was_killed:
            break
    assert before > 10


def test_printing_a_certificate(kill):
    course, people = an_elearning(), []
    for before in statements(5):
        people += completions(1, course)
        awarding.drain()
        assert Certificate.objects.unrendered().count() == 1
        if not kill("print", before=before):
            break
        an_hour_passes()
        rendering.render_waiting(seconds=60)
        assert_once(people)
    assert before > 5
    assert_once(people)
    for certificate in Certificate.objects.all():
        content = default_storage.open(certificate.file.name).read()
        assert hashlib.sha256(content).hexdigest() == certificate.file_sha256


def test_mailing(kill, letter_box, settings):
    for name, value in environment.mail(letter_box.url).items():
        setattr(settings, name, value)
    went_out = []
    for before in statements(5):
        completions(1)
        awarding.drain()
        was_killed = kill("mail", before=before)
        an_hour_passes()
        notify.send_due()
        told = Notification.objects.latest("pk")
        mails = letter_box.taken_by(told.user.email)
        assert set(mails) == {f"<notification-{told.pk}@example.org>"}
        assert not Notification.objects.to_mail().exists()
        went_out.append(len(mails))
        if not was_killed:
            break
    # Only between handing it over and noting that, it goes out once more, to be recognised.
    assert went_out == [1] * (len(went_out) - 2) + [2, 1]


def test_lapsing_terms(kill):
    course = CourseFactory()
    for before in statements(5):
        enrolments = [an_enrolment(course) for _ in range(2)]
        ids = [enrolment.pk for enrolment in enrolments]
        Enrolment.objects.filter(pk__in=ids).update(term_ends_on=date(2020, 1, 1))
        was_killed = kill("lapse", before=before)
        terms.lapse_terms()
        steps = StudyStatusChange.objects.filter(
            enrolment__in=ids, to_status=StudyStatus.TERM_LAPSED
        )
        assert sorted(steps.values_list("enrolment", flat=True)) == ids
        if not was_killed:
            break
    assert before > 5


@pytest.mark.parametrize("what", ["check", "apply"])
def test_an_import(kill, what):
    course = CourseFactory(code="EHBO")
    for before in statements(5):
        lines = [f"EHBO,,person{before}-{n}@example.org,Noor Janssens,,,,42" for n in range(2)]
        job = a_job(course.organisation, a_csv(*lines, headings=f"{HEADINGS},size of shoes"))
        if what == "apply":
            jobs.run(job_id=job.pk)
            jobs.consent(job=job, by=job.by)
        was_killed = kill("import", job.pk, before=before)
        take_up_after_a_minute(job)
        assert_imported(job, what, before)
        if not was_killed:
            break
    assert before > 5


@pytest.mark.parametrize("what", ["look", "assign"])
def test_assigning_to_many(kill, what):
    here = OrganisationFactory()
    people = [a_member(Role.TEACHER, here) for _ in range(3)]
    for before in statements(5):
        certification = a_certification(kind="external", organisation=here)
        said = {"group": "role", "role": "teacher", "organisation": here}
        job = (looked_at if what == "assign" else a_bulk_job)(certification, **said)
        if what == "assign":
            bulk_jobs.consent(job=job, by=job.by)
        was_killed = kill("assign", job.pk, before=before)
        AssigningJob.objects.update(queued_at=timezone.now() - timedelta(minutes=2))
        progress.forget(bulk_jobs.key_of(job.pk))
        for pk in bulk_jobs.neglected():
            bulk_jobs.run(job_id=pk)
        job.refresh_from_db()
        assert sorted(job.lines.values_list("learner", flat=True)) == [p.pk for p in people]
        assert_assigned(certification, people if what == "assign" else [])
        if not was_killed:
            break
    assert before > 5


def test_a_rule_that_keeps_assigning(kill):
    here = OrganisationFactory()
    certification = a_certification(kind="external", organisation=here)
    a_rule(certification, group="role", role="teacher", organisation=here)
    people = []
    for before in statements(5):
        people += [a_member(Role.TEACHER, here) for _ in range(2)]
        was_killed = kill("apply rules", before=before)
        rules.apply_all()
        assert_assigned(certification, people)
        if not was_killed:
            break
    assert before > 5


def assert_assigned(certification: Certification, people: list[User]) -> None:
    """Each has it once, with one cycle, one notification and one entry in the log."""
    rows = CertificationAssignment.objects.filter(certification=certification)
    each = {person.pk: 1 for person in people}
    assert Counter(rows.values_list("learner", flat=True)) == each
    assert Cycle.objects.filter(assignment__in=rows).count() == len(people)
    log = AuditEntry.objects.filter(
        action="certifications.assigned", object_id__in=rows.values("pk")
    )
    assert log.count() == len(people)
    keys = [f"certification_assigned:{pk}" for pk in rows.values_list("pk", flat=True)]
    assert Notification.objects.filter(key__in=keys).count() == len(people)


def take_up_after_a_minute(job: ImportJob) -> None:
    """What the sweep does when a job has given no sign for a minute."""
    ImportJob.objects.filter(pk=job.pk).update(queued_at=timezone.now() - timedelta(minutes=2))
    progress.forget(jobs.key_of(job.pk))
    for pk in jobs.neglected():
        jobs.run(job_id=pk)


def assert_imported(job: ImportJob, what: str, number: int) -> None:
    job.refresh_from_db()
    people = User.objects.filter(email__startswith=f"person{number}-")
    enrolled = Enrolment.objects.filter(learner__in=people)
    if what == "check":
        assert (job.state, job.count("lines")) == (ImportState.READY, 2)
        assert (people.count(), enrolled.count()) == (0, 0)
        assert job.findings.filter(kind=FindingKind.COLUMN_PASSED_OVER).count() == 1
        return
    assert job.state == ImportState.DONE
    assert (people.count(), enrolled.count()) == (2, 2)
    applied = AuditEntry.objects.filter(action="learners.import_applied", object_id=job.pk)
    assert applied.count() == 1
