"""Cycles of certifications: what counts, since when, and the one certificate that follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from certifications import awarding, releasing_and_revoking
from certifications.assigning import answering
from certifications.cycles import settling, states
from certifications.models import Certificate, CertificateKind, Cycle, CycleState
from certifications.tests.factories import (
    TWO_YEARS,
    a_certification,
    an_elearning,
    assigned,
    completed,
    done_by,
    reloaded,
    undo_time_is_over,
)
from learners.models import Actor, AuditEntry, Notification, StudyStatus
from learners.studying import study_status
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def courses(organisation):
    return [an_elearning(organisation=organisation, title_nl=f"Deel {n}") for n in range(4)]


def ours(cycle):
    return Certificate.objects.filter(cycle=cycle)


def active(cycle):
    return ours(cycle).active()


def exempt(learner, course):
    enrolment = an_enrolment(course, learner)
    study_status.change_status(
        enrolment=enrolment,
        to=StudyStatus.EXEMPT,
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    undo_time_is_over()
    awarding.drain()
    return enrolment


def correct(enrolment, to=StudyStatus.NOT_PASSED):
    study_status.change_status(
        enrolment=enrolment, to=to, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    undo_time_is_over()
    awarding.drain()


def test_the_last_requirement_gives_one_certificate_one_notification_and_one_audit_entry(courses):
    cycle = assigned(a_certification(*courses[:2], title_nl="Hulpverlener"))
    learner = cycle.assignment.learner
    done_by(learner, courses[0])
    assert not ours(cycle).exists()
    done_by(learner, courses[1])
    awarding.drain()

    certificate = ours(cycle).get()
    assert certificate.kind == CertificateKind.CERTIFICATION
    assert (certificate.title, certificate.details) == ("Hulpverlener", "Deel 0, Deel 1")
    assert certificate.achieved_on == reloaded(cycle).completed_on
    told = Notification.objects.filter(user=learner, key=f"certificate_issued:{certificate.pk}")
    assert told.count() == 1
    issued = AuditEntry.objects.filter(object_id=certificate.pk, action__endswith="issued")
    assert issued.count() == 1


def test_two_mandatory_of_four_is_two(courses):
    cycle = assigned(a_certification(*courses, mandatory=courses[:2], minimum=2))
    for course in (courses[2], courses[0]):
        done_by(cycle.assignment.learner, course)
    assert not ours(cycle).exists()
    done_by(cycle.assignment.learner, courses[1])
    assert active(cycle).count() == 1


def test_any_two_of_four_are_two(courses):
    cycle = assigned(a_certification(*courses, minimum=2))
    done_by(cycle.assignment.learner, courses[3])
    done_by(cycle.assignment.learner, courses[1])
    assert active(cycle).count() == 1


def test_an_exemption_counts(courses):
    cycle = assigned(a_certification(*courses[:2]))
    exempt(cycle.assignment.learner, courses[0])
    done_by(cycle.assignment.learner, courses[1])
    assert active(cycle).count() == 1
    assert cycle.fulfilments.filter(is_exemption=True).count() == 1


def test_an_old_exemption_counts_from_the_day_of_assigning(courses):
    learner = UserFactory()
    with time_machine.travel(timezone.now() - timedelta(days=90)):
        exempt(learner, courses[0])
    cycle = assigned(a_certification(courses[0]), learner)
    assert cycle.completed_on == cycle.begins_on


def test_a_programme_counts(courses, organisation):
    programme = a_programme(*courses[:1], organisation=organisation)
    cycle = assigned(a_certification(programme))
    from learners.enrolling import entering

    learner = cycle.assignment.learner
    whole = entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )
    completed(whole.parts.get())
    awarding.drain()
    assert active(cycle).count() == 1


def test_a_newer_version_of_a_course_counts_for_the_old_one(courses, organisation):
    newer = an_elearning(organisation=organisation, new_version_of=courses[0])
    cycle = assigned(a_certification(courses[0]))
    done_by(cycle.assignment.learner, newer)
    assert active(cycle).count() == 1


@pytest.mark.parametrize(("days", "counts"), [(0, False), (30, True)])
def test_what_was_done_before_counts_where_the_requirement_says_so(courses, days, counts):
    learner = UserFactory()
    with time_machine.travel(timezone.now() - timedelta(days=20)):
        done_by(learner, courses[0])
    cycle = assigned(a_certification(courses[0], accepts_days_old=days), learner)
    assert active(cycle).exists() is counts


def test_the_day_is_that_of_the_result_and_not_of_the_drain(organisation):
    run, teacher = a_run(-40, -33), an_administrator()
    certification = a_certification(run.course, accepts_days_old=90, **TWO_YEARS)
    participant = a_participant(run)
    cycle = assigned(certification, participant.learner)
    completed(participant, by=teacher)
    with time_machine.travel(timezone.now() + timedelta(days=50)):
        awarding.drain()

    cycle = reloaded(cycle)
    assert cycle.completed_on == run.last_day(run.course.organisation)
    assert ours(cycle).get().achieved_on == cycle.completed_on


def test_a_teachers_completion_counts_after_the_undo_time(organisation):
    run = a_run(-3)
    participant = a_participant(run)
    cycle = assigned(a_certification(run.course, accepts_days_old=9), participant.learner)
    completed(participant, by=an_administrator())
    settling.settle([cycle.pk])
    assert not ours(cycle).exists()
    undo_time_is_over()
    awarding.drain()
    assert active(cycle).count() == 1


def test_a_result_that_is_taken_back_withdraws_the_certificate_and_reopens_the_cycle(courses):
    cycle = assigned(a_certification(courses[0]))
    enrolment = done_by(cycle.assignment.learner, courses[0])
    correct(enrolment)

    assert not active(cycle).exists()
    assert ours(cycle).get().revoked_because
    assert states.state_of(reloaded(cycle)) == CycleState.IN_PROGRESS


def test_where_other_results_suffice_another_certificate_follows(courses):
    cycle = assigned(a_certification(*courses[:2], minimum=1))
    learner = cycle.assignment.learner
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        first = done_by(learner, courses[0])
    done_by(learner, courses[1])
    old = active(cycle).get()
    correct(first)
    assert active(cycle).count() == 1
    assert active(cycle).get() == old  # the same day: nothing on it was wrong


def test_who_was_nominated_has_to_accept_before_anything_counts(courses):
    cycle = assigned(a_certification(courses[0]), mode="nominated")
    done_by(cycle.assignment.learner, courses[0])
    assert not ours(cycle).exists()
    answering.accept(assignment=cycle.assignment, by=cycle.assignment.learner)
    assert active(cycle).count() == 1


def test_a_certificate_that_was_withdrawn_by_hand_does_not_come_back(courses):
    cycle = assigned(a_certification(courses[0]))
    done_by(cycle.assignment.learner, courses[0])
    releasing_and_revoking.revoke(
        certificate=active(cycle).get(), by=an_administrator(), reason="Fraud."
    )
    settling.settle([cycle.pk])

    assert not active(cycle).exists()
    assert states.state_of(reloaded(cycle)) == CycleState.REVOKED


def test_31_january_is_valid_until_30_january_two_years_later(organisation):
    with time_machine.travel(datetime(2027, 1, 31, 12, tzinfo=UTC)):
        course = an_elearning(organisation=organisation)
        cycle = assigned(a_certification(course, **TWO_YEARS))
        done_by(cycle.assignment.learner, course)
    cycle = reloaded(cycle)
    assert cycle.valid_until == date(2029, 1, 30)
    assert cycle.window_opens_on == date(2028, 12, 1)
    assert cycle.grace_until == date(2029, 3, 1)


def test_settling_takes_as_many_queries_for_one_as_for_three(
    courses, django_assert_max_num_queries
):
    certification = a_certification(courses[0])
    numbers = []
    for people in (1, 3):
        made = [assigned(certification) for _ in range(people)]
        for cycle in made:
            completed(an_enrolment(courses[0], cycle.assignment.learner))
        with django_assert_max_num_queries(30) as asked:
            settling.settle([cycle.pk for cycle in made])
        numbers.append(len(asked))
    assert numbers[1] - numbers[0] <= 2 * (3 - 1)  # what fulfils each is stored
    assert Cycle.objects.exclude(completed_on=None).count() == 4
