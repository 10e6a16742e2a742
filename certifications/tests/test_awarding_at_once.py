"""Several workers at the same time, on whichever database the tests run."""

import pytest
from django.utils import timezone

from certifications import awarding
from certifications.certificates import rendering
from certifications.models import Certificate
from certifications.tests.factories import (
    a_certificate,
    an_elearning,
    completed,
    undo_time_is_over,
)
from learners.models import Actor, AuditEntry, Notification, StudyStatus, StudyStatusChange
from learners.studying import study_status
from learners.tests.at_once import at_once
from learners.tests.factories import (
    OrganisationFactory,
    a_participant,
    a_run,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 12


def drain_all() -> int:
    handled = 0
    while number := awarding.drain(limit=3):
        handled += number
    return handled


def test_two_drains_make_each_certificate_once():
    organisation = OrganisationFactory()
    course = an_elearning(organisation=organisation)
    for _ in range(PEOPLE):
        completed(an_enrolment(course))

    at_once(drain_all, drain_all)
    drain_all()

    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [number[-6:] for number in numbers] == [f"{n:06d}" for n in range(1, PEOPLE + 1)]
    assert Notification.objects.count() == PEOPLE
    assert AuditEntry.objects.filter(action="certifications.certificate_issued").count() == PEOPLE
    assert not StudyStatusChange.objects.waiting().exists()


def test_a_correction_during_the_drain_wins_in_the_end():
    run, by = a_run(-3), an_administrator()
    participants = [completed(a_participant(run), by=by) for _ in range(PEOPLE)]
    undo_time_is_over()

    def correct() -> None:
        for participant in participants:
            study_status.change_status(
                enrolment=participant, to=StudyStatus.ABSENT, by=by, actor=Actor.ADMINISTRATOR
            )

    at_once(correct, drain_all, drain_all)
    undo_time_is_over()
    drain_all()

    assert not Certificate.objects.active().exists()
    assert not StudyStatusChange.objects.waiting().exists()


def test_two_workers_claim_each_pdf_once():
    course = an_elearning()
    ids = [a_certificate(course).pk for _ in range(6)]

    def claim_all() -> list[int]:
        return [pk for pk in ids if rendering.claim(pk, timezone.now())]

    claimed = at_once(claim_all, claim_all)
    assert sorted(claimed[0] + claimed[1]) == ids
