"""The work that was waiting is done, and people go on where they were."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import RegisterDraft
from attendance.tests.factories import Browser
from certifications import awarding
from certifications.assigning import jobs as assigning_jobs
from certifications.assigning import rules
from certifications.certificates import rendering
from certifications.cycles import catching_up, renewing
from certifications.models import (
    AssigningJob,
    Certificate,
    CertificationAssignment,
    Outcome,
)
from certifications.reminding import reminders
from learners.enrolling import waiting_lists
from learners.files import keeping
from learners.importing import jobs as import_jobs
from learners.models import (
    Enrolment,
    ImportJob,
    ImportState,
    Notification,
    Organisation,
    Run,
    ScanState,
    StoredFile,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import terms
from learners.telling import notify
from lms.demo.people import COACH, MARIEKE, SANNE
from lms.safety import retention
from lms.tests.upgrade.migrated import later

pytestmark = pytest.mark.usefixtures("then")


@pytest.fixture
def an_hour_later(kept):
    with later(kept, timedelta(hours=1)):
        yield


def test_a_completion_of_then_becomes_a_certificate(an_hour_later):
    due = StudyStatusChange.objects.waiting().filter(due_at__lte=timezone.now())
    waiting = due.get(to_status=StudyStatus.COMPLETED, enrolment__course__code="EHBO")
    assert not waiting.enrolment.certificates.exists()
    while awarding.drain():
        pass
    issued = Certificate.objects.get(enrolment=waiting.enrolment)
    assert issued.learner == waiting.enrolment.learner
    assert not due.exists()
    assert Notification.objects.filter(user=issued.learner, key__contains=str(issued.pk)).exists()


def test_what_was_held_then_comes_when_it_is_due(kept):
    held = StudyStatusChange.objects.waiting().filter(due_at__gt=timezone.now())
    assert held.exists()
    with later(kept, timedelta(days=90)):
        while awarding.drain():
            pass
        assert not StudyStatusChange.objects.waiting().exclude(due_at=None).exists()


def test_a_certificate_of_then_is_printed():
    waiting = Certificate.objects.to_render(timezone.now())
    one = waiting.earliest("pk")
    assert waiting.count() > 100
    assert rendering.claim(one.pk, timezone.now())
    assert rendering.render(one.pk)
    one.refresh_from_db()
    with one.file.open("rb") as file:
        assert file.read(4) == b"%PDF"
    one.file.delete(save=False)


def test_the_files_of_then_are_looked_at_and_applied(an_hour_later):
    applying = ImportJob.objects.get(state=ImportState.APPLYING)
    checking = ImportJob.objects.get(state=ImportState.CHECKING)
    assert {applying.pk, checking.pk} == {*import_jobs.neglected()}
    # What `rare` let a scanner say of files may be said of these.
    StoredFile.objects.infected().update(scan_state=ScanState.NOT_SCANNED)
    assert import_jobs.run(job_id=applying.pk) == ImportState.DONE
    assert import_jobs.run(job_id=checking.pk) == ImportState.READY
    newcomer = User.objects.get(email="tweede@example.org")
    assert Enrolment.objects.get(learner=newcomer).course.code == "EHBO"


def test_what_was_being_assigned_to_many_is(an_hour_later):
    applying = AssigningJob.objects.get(state=ImportState.APPLYING)
    checking = AssigningJob.objects.get(state=ImportState.CHECKING)
    to_do = applying.lines.filter(outcome=Outcome.BEGINS).count()
    before = CertificationAssignment.objects.count()
    assert {applying.pk, checking.pk} == {*assigning_jobs.neglected()}
    assert assigning_jobs.run(job_id=applying.pk) == ImportState.DONE
    assert assigning_jobs.run(job_id=checking.pk) == ImportState.READY
    assert CertificationAssignment.objects.count() == before + to_do > before


@pytest.mark.parametrize("days", [0, 40, 400])
def test_every_sweep_can_be_made(days, kept):
    with later(kept, timedelta(days=days)):
        while awarding.drain():
            pass
        waiting_lists.sweep()
        terms.lapse_terms()
        rules.apply_all()
        renewing.begin_due()
        reminders.remind()
        catching_up.settle_unseen()
        while notify.send_due():
            pass
        keeping.purge_unclaimed()
        retention.tidy()
        assert not Notification.objects.to_mail().exists()


def test_a_file_that_nobody_used_is_purged(kept):
    with later(kept, timedelta(days=2)):
        forgotten = StoredFile.objects.filter(name="vergeten.csv")
        assert forgotten.exists()
        keeping.purge_unclaimed()
        assert not forgotten.exists()


def test_personal_data_of_then_can_be_cleared(kept):
    Organisation.objects.update(clears_personal_data=True, personal_data_kept_years=1)
    with later(kept, timedelta(days=3000)):
        before = User.objects.exclude(pseudonymised_at=None).count()
        assert retention.clear() > 100
        assert User.objects.exclude(pseudonymised_at=None).count() > before


def test_a_teacher_goes_on_with_what_they_had_typed(person):
    draft = RegisterDraft.objects.get(by=person(MARIEKE))
    browser = Browser(Client(), draft.run, person(MARIEKE)).open()
    assert "Belt nog terug" in [row.remark for row in browser.page.rows]


def test_a_teacher_saves_a_register(person):
    run = Run.objects.get(course__code="EHBO", code="GENT-3")
    enrolled = Enrolment.objects.participants_of(run).filter(status=StudyStatus.ENROLLED)
    one = enrolled.latest("pk")
    browser = Browser(Client(), run, person(MARIEKE)).open()
    browser.follow(browser.tick(one).press("continue", **{f"status-{one.pk}": "completed"}))
    one.refresh_from_db()
    assert one.status == StudyStatus.COMPLETED
    assert one.marks.filter(presence="present").exists()


def test_a_learner_goes_on_with_the_next_lesson(person, browser_of):
    mine = Enrolment.objects.get(learner=person(SANNE), course__code="GRENS")
    answer = browser_of(SANNE).get(reverse("learners:learn", args=[mine.pk]), follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain


def test_a_coach_sees_whom_they_coach(person, browser_of):
    page = browser_of(COACH).get("/my-learners/")
    learners = User.objects.filter(enrolments__coaches=person(COACH)).distinct()
    shown = [one.name for one in learners if one.name in page.text]
    assert len(shown) > 10


def test_the_database_is_as_migrations_leave_it():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    call_command("migrate", check_unapplied=True, verbosity=0)
