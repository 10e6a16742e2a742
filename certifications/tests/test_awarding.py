from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from certifications import awarding
from certifications.models import Certificate, CertificateKind
from certifications.tests.factories import a_certificate, an_elearning, completed, undo_time_is_over
from learners.models import (
    Actor,
    AuditEntry,
    CompletedBy,
    Notification,
    StudyStatus,
    StudyStatusChange,
)
from learners.studying import outbox, study_status
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    RunFactory,
    UserFactory,
    a_meeting,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db


def change(enrolment, to, by):
    return study_status.change_status(enrolment=enrolment, to=to, by=by, actor=Actor.ADMINISTRATOR)


def numbers_of(certificates):
    return sorted(certificates.values_list("number", flat=True))


def test_a_completion_gives_one_certificate_one_notification_and_one_audit_entry():
    certificate = a_certificate()

    assert awarding.drain() == 0
    assert list(Certificate.objects.all()) == [certificate]
    assert Notification.objects.filter(kind="certifications/certificate_issued").count() == 1
    assert AuditEntry.objects.filter(action="certifications.certificate_issued").count() == 1


def test_nothing_due_is_one_query(django_assert_num_queries):
    a_participant(a_run(-3))

    with django_assert_num_queries(1):
        assert awarding.drain() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_awarding_takes_as_many_queries_for_one_as_for_three(people, django_assert_num_queries):
    run, teacher = a_run(-3), an_administrator()
    for participant in [a_participant(run) for _ in range(people)]:
        completed(participant, by=teacher)
    undo_time_is_over()

    with django_assert_num_queries(18):
        assert awarding.drain() == people


def test_a_teachers_completion_waits_for_the_undo_time():
    teacher = an_administrator()
    participant = completed(a_participant(a_run(-3)), by=teacher)

    assert awarding.drain() == 0
    assert not Certificate.objects.exists()

    undo_time_is_over()
    assert awarding.drain() == 1
    assert Certificate.objects.get().enrolment == participant


def test_a_completion_undone_in_time_leaves_no_trace():
    teacher = an_administrator()
    participant = a_participant(a_run(-3))
    step = change(participant, StudyStatus.COMPLETED, teacher)
    study_status.undo_changes(changes=[step], by=teacher, actor=Actor.ADMINISTRATOR)
    undo_time_is_over()

    assert awarding.drain() == 1
    assert not Certificate.objects.exists()
    assert not Notification.objects.exists()


def test_leaving_completed_withdraws_the_certificate_and_says_why():
    teacher = an_administrator()
    participant = completed(a_participant(a_run(-3), language="en"), by=teacher)
    undo_time_is_over()
    awarding.drain()
    change(participant, StudyStatus.NOT_PASSED, teacher)
    undo_time_is_over()
    awarding.drain()

    certificate = Certificate.objects.get()
    assert certificate.revoked_at is not None
    assert certificate.revoked_by == teacher
    assert "not passed" in certificate.revoked_because or "geslaagd" in certificate.revoked_because
    assert AuditEntry.objects.filter(action="certifications.certificate_revoked").count() == 1
    assert Notification.objects.filter(kind="certifications/certificate_revoked").count() == 1


def test_completed_again_after_withdrawal_gives_a_new_certificate_with_a_new_number():
    teacher = an_administrator()
    participant = a_participant(a_run(-3))
    for status in (StudyStatus.COMPLETED, StudyStatus.ABSENT, StudyStatus.COMPLETED):
        change(participant, status, teacher)
        undo_time_is_over()
        awarding.drain()

    first, second = Certificate.objects.order_by("pk")
    assert first.revoked_at is not None
    assert second.revoked_at is None
    assert (first.number[-6:], second.number[-6:]) == ("000001", "000002")
    assert first.code != second.code


def test_corrected_and_restored_before_the_drain_keeps_the_certificate():
    teacher = an_administrator()
    participant = completed(a_participant(a_run(-3)), by=teacher)
    undo_time_is_over()
    awarding.drain()
    change(participant, StudyStatus.ABSENT, teacher)
    change(participant, StudyStatus.COMPLETED, teacher)
    undo_time_is_over()
    awarding.drain()

    assert Certificate.objects.get().revoked_at is None


def test_a_completion_before_the_last_meeting_waits_for_it():
    run, teacher = a_run(-3, 4), an_administrator()
    completed(a_participant(run), by=teacher)

    with time_machine.travel(run.ends_at - timedelta(minutes=1)):
        assert awarding.drain() == 0
    with time_machine.travel(run.ends_at + timedelta(minutes=1)):
        assert awarding.drain() == 1
    assert Certificate.objects.get().achieved_on == run.last_day(run.course.organisation)


def test_a_completion_that_waits_for_an_answer_is_not_issued():
    teacher = an_administrator()
    participant = completed(a_participant(a_run(-3)), by=teacher)
    outbox.hold(enrolment_ids=[participant.pk])

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert awarding.drain() == 0


def test_issued_by_hand_before_the_last_meeting_is_achieved_that_day():
    run, teacher = a_run(-3, 10), an_administrator()
    step = change(a_participant(run), StudyStatus.COMPLETED, teacher)
    outbox.issue_now(changes=[step], by=teacher)
    awarding.drain()

    assert Certificate.objects.get().achieved_on == run.course.organisation.today()


def test_the_day_does_not_depend_on_when_the_outbox_is_drained():
    run, teacher = a_run(-40, -33), an_administrator()
    completed(a_participant(run), by=teacher)

    with time_machine.travel(timezone.now() + timedelta(days=50)):
        awarding.drain()

    certificate = Certificate.objects.get()
    assert certificate.achieved_on == run.last_day(run.course.organisation)
    assert certificate.number.split("-")[1] == str(certificate.achieved_on.year)


def test_days_are_those_of_the_institution():
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False):
        here = a_certificate(an_elearning())
        there = a_certificate(
            an_elearning(organisation=OrganisationFactory(time_zone="America/New_York"))
        )

    assert here.achieved_on == date(2027, 1, 1)
    assert there.achieved_on == date(2026, 12, 31)
    assert here.number.split("-")[1] == "2027"
    assert there.number.split("-")[1] == "2026"


def test_validity_follows_the_course():
    with time_machine.travel(datetime(2027, 1, 31, 12, tzinfo=UTC)):
        certificate = a_certificate(an_elearning(certificate_months=24))

    assert certificate.valid_until == date(2029, 1, 30)
    assert a_certificate().valid_until is None


def test_exempt_gives_no_certificate():
    enrolment = an_enrolment(an_elearning())
    change(enrolment, StudyStatus.EXEMPT, an_administrator())
    undo_time_is_over()

    assert awarding.drain() == 1
    assert not Certificate.objects.exists()


def test_a_course_without_certificates_gives_none():
    completed(an_enrolment(an_elearning(gives_certificate=False)))

    assert awarding.drain() == 1
    assert not Certificate.objects.exists()


def test_numbers_run_per_institution_and_year():
    one = an_elearning(organisation=OrganisationFactory(code="VAV"))
    other = an_elearning(organisation=OrganisationFactory(code="NIH"))
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        a_certificate(one), a_certificate(one), a_certificate(other)
    with time_machine.travel(datetime(2027, 6, 1, 12, tzinfo=UTC)):
        a_certificate(one)

    assert numbers_of(Certificate.objects.all()) == [
        "NIH-2026-000001",
        "VAV-2026-000001",
        "VAV-2026-000002",
        "VAV-2027-000001",
    ]


def test_words_are_frozen_in_the_language_of_the_learner():
    course = an_elearning(title_nl="Eerste hulp", title_en="First aid", study_points=12)
    certificate = a_certificate(course, name="Yasmina El Idrissi", language="en")
    certificate.learner.name = "Somebody Else"
    certificate.learner.save()
    course.title_en = "Another title"
    course.save()

    certificate.refresh_from_db()
    assert certificate.language == "en"
    assert certificate.learner_name == "Yasmina El Idrissi"
    assert certificate.title == "First aid"
    assert certificate.details == "E-learning\u00a0· 12 study points"
    assert a_certificate(course, language="nl").title == "Eerste hulp"


def test_a_programme_completed_by_its_courses_gives_a_proof_on_the_day_of_the_last_one():
    organisation = OrganisationFactory()
    early, late = (CourseFactory(organisation=organisation, title_nl=t) for t in ("Basis", "AED"))
    programme = a_programme(early, late, organisation=organisation)
    learner, teacher = UserFactory(language="nl"), an_administrator()
    from learners.enrolling import entering

    whole = entering.enrol_in_programme(
        learner=learner, programme=programme, by=teacher, actor=Actor.ADMINISTRATOR
    )
    runs = {course: a_run(*days, course=course) for course, days in ((early, [-30]), (late, [-9]))}
    for part in whole.parts.all():
        entering.choose_run(enrolment=part, run=runs[part.course], by=teacher)
        completed(part, by=teacher)
    undo_time_is_over()
    awarding.drain()

    proof = Certificate.objects.get(kind=CertificateKind.PROOF)
    assert proof.enrolment == whole
    assert proof.achieved_on == runs[late].last_day(organisation)
    assert proof.released_at is not None
    assert proof.details == "Basis, AED"
    assert Certificate.objects.filter(kind=CertificateKind.COURSE).count() == 2


def test_the_proof_of_a_programme_with_an_exam_is_held():
    programme = a_programme(completed_by=CompletedBy.EXAM)
    from learners.enrolling import entering

    whole = entering.enrol_in_programme(
        learner=UserFactory(), programme=programme, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    completed(whole)
    awarding.drain()

    certificate = Certificate.objects.get()
    assert certificate.released_at is None
    assert not Notification.objects.filter(kind="certifications/certificate_issued").exists()


def test_more_than_a_batch_is_drained_in_turns():
    course = an_elearning()
    for _ in range(3):
        completed(an_enrolment(course))

    assert [awarding.drain(limit=2), awarding.drain(limit=2), awarding.drain(limit=2)] == [2, 1, 0]
    assert Certificate.objects.count() == 3


def test_looking_again_at_what_was_settled_changes_nothing():
    certificate = a_certificate()
    StudyStatusChange.objects.filter(to_status=StudyStatus.COMPLETED).update(handled_at=None)

    assert awarding.drain() == 1
    assert list(Certificate.objects.all()) == [certificate]
    assert Notification.objects.count() == 1


def test_a_cancelled_last_meeting_brings_the_day_forward():
    run = RunFactory()
    a_meeting(run, timezone.now() - timedelta(days=9))
    a_meeting(run, timezone.now() - timedelta(days=2))
    run.refresh_from_db()
    from learners.meetings import planning

    completed(a_participant(run), by=an_administrator())
    planning.cancel_meeting(meeting=run.meetings.last(), by=an_administrator())
    undo_time_is_over()
    awarding.drain()

    run.refresh_from_db()
    assert Certificate.objects.get().achieved_on == run.last_day(run.course.organisation)
