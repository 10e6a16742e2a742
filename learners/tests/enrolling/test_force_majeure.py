"""Evidence of force majeure: handed in, judged, told, and purged."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from learners.enrolling import entering, force_majeure
from learners.enrolling.withdrawing import withdraw
from learners.evidence import judging
from learners.evidence.judging import EvidenceRefused
from learners.files import keeping
from learners.models import (
    Actor,
    AuditEntry,
    ForceMajeure,
    Place,
    StoredFile,
    StudyStatus,
    StudyStatusChange,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
)

pytestmark = pytest.mark.django_db
VALID, INVALID = StudyStatus.WITHDRAWN_VALID, StudyStatus.WITHDRAWN_INVALID


def a_file(name="note.pdf", content=b"%PDF-1.7 a doctor's note"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def administrator():
    return an_administrator(name="Ada Admin", language="en")


@pytest.fixture
def enrolment():
    """Somebody who withdraws five days before, of a course that asks for fifteen."""
    return a_participant(a_run(5, capacity=1), language="en", name="Noor Janssens")


@pytest.fixture
def late(enrolment):
    return withdrawn(enrolment)


def withdrawn(enrolment):
    today = enrolment.organisation.today()
    withdraw(enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER, notified_on=today)
    return enrolment


def handed_in(enrolment, by=None, explanation="", files=1):
    stored = judging.store(files=[a_file() for _ in range(files)], by=enrolment.learner)
    return force_majeure.hand_in(
        enrolment=enrolment, files=stored, by=by or enrolment.learner, explanation=explanation
    )


def reread(enrolment):
    enrolment.refresh_from_db()
    return enrolment.status


def test_accepted_evidence_makes_the_withdrawal_valid_and_keeps_the_day_they_let_know(
    late, administrator
):
    force_majeure.accept(evidence=handed_in(late), by=administrator)
    assert reread(late) == VALID
    change = StudyStatusChange.objects.filter(enrolment=late).first()
    assert (change.actor, change.by) == (Actor.ADMINISTRATOR, administrator)
    assert change.notified_on == late.organisation.today()
    assert change.reason == "Proof of force majeure was accepted"


def test_refused_evidence_leaves_the_withdrawal_as_it_was(late, administrator):
    evidence = handed_in(late)
    with pytest.raises(EvidenceRefused):
        force_majeure.refuse(evidence=evidence, by=administrator, reason=" ")
    force_majeure.refuse(evidence=evidence, by=administrator, reason="It has no date")
    assert reread(late) == INVALID


@pytest.mark.parametrize("verdict", ["accepted", "refused"])
def test_their_learner_and_who_handed_it_in_are_told_once(late, administrator, verdict):
    evidence = handed_in(late, by=administrator)
    for _ in range(2):
        if verdict == "accepted":
            force_majeure.accept(evidence=evidence, by=administrator)
        else:
            force_majeure.refuse(evidence=evidence, by=administrator, reason="It has no date")
    for person in (late.learner, administrator):
        assert person.notifications.filter(kind=f"learners/force_majeure_{verdict}").count() == 1
    acts = AuditEntry.objects.filter(action=f"learners.force_majeure_{verdict}")
    assert acts.count() == 1


def test_nothing_is_handed_in_or_accepted_without_a_file(late, administrator):
    with pytest.raises(EvidenceRefused):
        force_majeure.hand_in(enrolment=late, files=[], by=late.learner)
    evidence = handed_in(late)
    evidence.files.all().delete()
    with pytest.raises(EvidenceRefused):
        force_majeure.accept(evidence=evidence, by=administrator)
    with pytest.raises(IntegrityError, match="forcemajeure_has_a_file"), transaction.atomic():
        ForceMajeure.objects.update(number_of_files=0)


def test_what_nobody_can_open_is_not_accepted(late, administrator):
    evidence = handed_in(late)
    StoredFile.objects.update(scan_state="infected")
    with pytest.raises(EvidenceRefused):
        force_majeure.accept(evidence=evidence, by=administrator)
    assert force_majeure.refuse(evidence=evidence, by=administrator, reason="Not clean.")


def test_one_hand_in_waits_at_a_time(late):
    evidence = handed_in(late)
    with pytest.raises(EvidenceRefused):
        handed_in(late)
    evidence.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        evidence.save()


def test_a_verdict_says_by_whom_and_a_refusal_why(late):
    handed_in(late)
    for fields in ({"state": "accepted"}, {"decided_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ForceMajeure.objects.update(**fields)
    judged = {"decided_at": timezone.now(), "decided_by": late.learner}
    with pytest.raises(IntegrityError), transaction.atomic():
        ForceMajeure.objects.update(state="refused", reason="", **judged)


def test_what_was_judged_is_not_judged_again(late, administrator):
    evidence = handed_in(late)
    force_majeure.accept(evidence=evidence, by=administrator)
    with pytest.raises(EvidenceRefused):
        force_majeure.refuse(evidence=evidence, by=administrator, reason="No")


def test_it_is_handed_in_until_the_last_day_that_the_institution_gives(late):
    late.organisation.proof_days = 3
    late.organisation.save()
    until = late.organisation.today() + timedelta(days=3)
    assert force_majeure.standing(late).until == until
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert force_majeure.standing(late).may_hand_in
    with time_machine.travel(timezone.now() + timedelta(days=4)), pytest.raises(EvidenceRefused):
        handed_in(late)


def test_staff_hand_in_evidence_for_somebody_at_any_time(late, administrator):
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert handed_in(late, by=administrator).submitted_by == administrator


def test_after_a_refusal_the_days_are_counted_anew(late, administrator):
    evidence = handed_in(late)
    later = timezone.now() + timedelta(days=20)
    with time_machine.travel(later):
        force_majeure.refuse(evidence=evidence, by=administrator, reason="It has no date")
    with time_machine.travel(later + timedelta(days=14)):
        handed_in(late)
    assert late.force_majeure.count() == 2


def test_who_withdrew_in_time_has_nothing_to_prove():
    enrolment = withdrawn(a_participant(a_run(15)))
    assert enrolment.status == VALID
    assert force_majeure.standing(enrolment).until is None
    with pytest.raises(EvidenceRefused):
        handed_in(enrolment)


def test_who_enrolled_anew_meanwhile_still_gets_their_verdict(late, administrator):
    evidence = handed_in(late)
    another = a_run(40, course=late.course)
    entering.enrol(learner=late.learner, run=another, by=administrator, actor=Actor.ADMINISTRATOR)
    force_majeure.accept(evidence=evidence, by=administrator)
    assert reread(late) == VALID


def test_where_the_status_changed_meanwhile_nothing_is_accepted(late, administrator):
    evidence = handed_in(late)
    StudyStatusChange.objects.filter(enrolment=late).update(handled_at=timezone.now())
    type(late).objects.filter(pk=late.pk).update(status=StudyStatus.ABSENT)
    with pytest.raises(EvidenceRefused, match="absent"):
        force_majeure.accept(evidence=evidence, by=administrator)
    force_majeure.refuse(evidence=evidence, by=administrator, reason="You were marked absent")


def test_the_freed_place_stays_freed(late, administrator):
    force_majeure.accept(evidence=handed_in(late), by=administrator)
    assert not Place.objects.booked().filter(enrolment=late).exists()


def test_evidence_for_a_programme_is_for_its_courses(administrator):
    organisation = OrganisationFactory()
    courses = CourseFactory.create_batch(2, organisation=organisation)
    learner = an_administrator(language="en")
    whole = entering.enrol_in_programme(
        learner=learner,
        programme=a_programme(*courses, organisation=organisation),
        by=administrator,
        actor=Actor.ADMINISTRATOR,
    )
    parts = list(whole.parts.order_by("pk"))
    for part in parts:
        entering.choose_run(enrolment=part, run=a_run(3, course=part.course), by=learner)
    withdrawn(whole)
    assert [reread(part) for part in parts] == [INVALID, INVALID]
    evidence = handed_in(whole)
    assert force_majeure.standing(parts[0]).waits
    force_majeure.accept(evidence=evidence, by=administrator)
    assert [reread(part) for part in parts] == [VALID, VALID]


@pytest.mark.parametrize("verdict", ["accept", "refuse"])
def test_the_files_are_gone_from_the_storage_and_the_verdict_stays(
    late, administrator, verdict, django_capture_on_commit_callbacks
):
    evidence = handed_in(late, files=2)
    contents = [one.file.content for one in evidence.files.select_related("file")]
    assert all(content.storage.exists(content.name) for content in contents)
    with django_capture_on_commit_callbacks(execute=True):
        if verdict == "accept":
            force_majeure.accept(evidence=evidence, by=administrator)
        else:
            force_majeure.refuse(evidence=evidence, by=administrator, reason="It has no date")
    assert not any(content.storage.exists(content.name) for content in contents)
    assert not StoredFile.objects.exists()
    evidence.refresh_from_db()
    assert (evidence.decided_by, evidence.number_of_files) == (administrator, 2)
    assert not evidence.files.exists()


def test_killed_between_verdict_and_purge_the_next_purge_deletes_the_files(late, administrator):
    """No callback runs here, as where the process is killed right after the commit."""
    evidence = handed_in(late)
    content = evidence.files.get().file.content
    force_majeure.accept(evidence=evidence, by=administrator)
    assert content.storage.exists(content.name)
    assert keeping.purge_unclaimed() == 1
    assert not content.storage.exists(content.name)
    assert not StoredFile.objects.exists()
