"""The same task delivered three times, to workers that take them up at the same moment."""

import pytest

from certifications import tasks as certificates
from learners import tasks as ground
from learners.importing import jobs
from learners.models import AuditEntry, Enrolment, FindingKind, ImportState
from learners.tests.factories import CourseFactory
from learners.tests.importing.lists import HEADINGS, a_csv, a_job
from lms.tests import processes
from lms.tests.faults.once import assert_once, completions, wait_until_done, wait_until_mailed
from lms.tests.faults.tasks import IDLE, all_are_done

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three_workers(broker, mail_server):
    """A worker that does three tasks at once, and no others than those that are sent to it."""
    mail = {"EMAIL_URL": mail_server.url}
    with processes.running_worker("--concurrency", "3", **IDLE, **mail) as worker:
        yield worker


def three_times(task, *args) -> None:
    """Deliver a task three times, and wait until all of it is over."""
    for _ in range(3):
        task.delay(*args)
    processes.wait_until(all_are_done)


def test_certificates_and_mails_are_made_once(three_workers, mail_server):
    people = completions(6)
    three_times(certificates.drain_outbox)
    three_times(certificates.render_certificates)
    wait_until_done(people)
    three_times(ground.send_mail)
    assert_once(people)
    wait_until_mailed()
    assert sorted(mail["To"] for mail in mail_server.taken) == sorted(
        enrolment.learner.email for enrolment in people
    )


def test_an_import_is_checked_and_applied_once(three_workers):
    course = CourseFactory(code="EHBO")
    lines = [f"EHBO,,person{n}@example.org,Noor Janssens,,,,42" for n in range(300)]
    job = a_job(course.organisation, a_csv(*lines, headings=f"{HEADINGS},size of shoes"))
    three_times(ground.run_import, job.pk)
    job.refresh_from_db()
    assert (job.state, job.count("lines")) == (ImportState.READY, 300)
    assert job.findings.filter(kind=FindingKind.COLUMN_PASSED_OVER).count() == 1

    assert jobs.consent(job=job, by=job.by)
    three_times(ground.run_import, job.pk)
    job.refresh_from_db()
    assert (job.state, Enrolment.objects.count()) == (ImportState.DONE, 300)
    assert AuditEntry.objects.filter(action="learners.import_applied").count() == 1
