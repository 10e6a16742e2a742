"""The file of an import is not read where something harmful is in it."""

import pytest

from learners.importing import jobs
from learners.models import Enrolment, ImportState, StoredFile
from learners.tests.clamd import EICAR
from learners.tests.factories import CourseFactory
from learners.tests.importing.lists import a_csv, a_job, checked

pytestmark = pytest.mark.django_db
SAID = "Something harmful was found in this file, so it is not read. Use another."


@pytest.fixture
def course():
    return CourseFactory(code="EHBO", kind="elearning")


def a_list(note=b""):
    return a_csv("EHBO,,noor@example.org,Noor Janssens,2026-01-12,,") + note


def hints(job):
    return list(job.findings.values_list("hint", flat=True))


def test_a_clean_list_is_scanned_before_it_is_read(scanner, course):
    job = checked(course.organisation, a_list())
    assert job.state == ImportState.READY
    assert job.file.scan_state == "clean"


def test_an_infected_list_is_refused_and_nothing_of_it_is_kept(scanner, course):
    job = checked(course.organisation, a_list(b"\n" + EICAR))
    assert (job.state, hints(job)) == (ImportState.REFUSED, [SAID])
    assert len(scanner.looked_at) == 1


def test_it_is_refused_in_the_language_of_whose_it_is(scanner, course):
    job = a_job(course.organisation, a_list(b"\n" + EICAR))
    job.by.language = "nl"
    job.by.save()
    jobs.run(job_id=job.pk)
    assert hints(job)[0].startswith("In dit bestand is iets schadelijks gevonden")


def test_a_list_that_turns_out_to_be_infected_before_it_is_applied_does_nothing(course):
    job = checked(course.organisation, a_list())
    StoredFile.objects.filter(pk=job.file_id).update(scan_state="infected")
    assert jobs.consent(job=job, by=job.by)
    assert jobs.run(job_id=job.pk) == ImportState.REFUSED
    assert hints(job) == [SAID]
    assert not Enrolment.objects.exists()


def test_where_the_scanner_is_away_a_list_is_read(scanner, course, settings):
    settings.CLAMAV_URL = "unix:///nowhere/clamd.ctl"
    assert checked(course.organisation, a_list()).state == ImportState.READY
