"""What a renewal gives of which the certificate before, or the evidence, was withdrawn: what was
whole by then keeps its days, and what came afterwards counts from its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from certifications import awarding, evidence, releasing_and_revoking
from certifications.cycles import renewing, settling
from certifications.evidence import Facts
from certifications.models import Certificate, Cycle
from certifications.tests.factories import a_certification, assigned, completed
from learners.models import Actor
from learners.studying import new_enrolments
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_run,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN, UNTIL = date(2027, 1, 31), date(2028, 1, 30)
DONE, WITHDRAWN = date(2027, 12, 10), date(2027, 12, 20)  # while it could be renewed
DAY = timedelta(days=1)


def on(day, hour=12):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), tick=False)


@pytest.fixture
def by():
    return an_administrator()


@pytest.fixture
def course():
    return CourseFactory(organisation=OrganisationFactory(time_zone="Europe/Amsterdam"))


@pytest.fixture
def certified(course):
    """Somebody who is certified by a course for a year, and may renew it."""
    with on(BEGIN):
        assignment = assigned(a_certification(course, **YEARLY)).assignment
        complete(assignment, course)
    with on(DONE):
        renewing.begin_due()
    return assignment


def complete(assignment, course):
    completed(an_enrolment(course, assignment.learner))
    awarding.drain()


def withdraw_certificate(assignment, by):
    first = Certificate.objects.get(cycle__assignment=assignment, cycle__number=1)
    releasing_and_revoking.revoke(certificate=first, by=by, reason="Fraud")


def days_of_renewal(assignment):
    """The days of the second cycle, which stay as they are however often it is settled."""
    rows = Cycle.objects.filter(assignment=assignment, number=2)
    before = rows.values().get()
    settling.settle([before["id"]])
    assert rows.values().get() == before
    names = ("valid_from", "valid_until", "previous_until", "gap_days")
    return tuple(before[name] for name in names)


def handed_in(cycle, **facts):
    learner = cycle.assignment.learner
    files = evidence.store(files=[SimpleUploadedFile("p.pdf", b"%PDF-1.7 x")], by=learner)
    return evidence.hand_in(cycle=cycle, files=files, by=learner, facts=Facts(**facts))


def test_evidence_accepted_after_the_one_before_was_withdrawn_counts_from_its_own_day(by):
    with on(BEGIN):
        first = assigned(a_certification(kind="external", **YEARLY))
        evidence.accept(evidence=handed_in(first), by=by, facts=Facts(BEGIN))
    with on(WITHDRAWN):
        renewing.begin_due()
        submitted = handed_in(Cycle.objects.get(assignment=first.assignment, number=2))
        evidence.revoke(cycle=first, by=by, reason="Forged")
        evidence.accept(evidence=submitted, by=by, facts=Facts(DONE))
    expected = (DONE, date(2028, 12, 9), WITHDRAWN - DAY, 0)
    assert days_of_renewal(first.assignment) == expected


def test_evidence_that_was_accepted_before_the_one_before_was_withdrawn_keeps_its_days(by):
    with on(BEGIN):
        first = assigned(a_certification(kind="external", **YEARLY))
        evidence.accept(evidence=handed_in(first), by=by, facts=Facts(BEGIN))
    with on(WITHDRAWN):
        renewing.begin_due()
        second = Cycle.objects.get(assignment=first.assignment, number=2)
        evidence.accept(evidence=handed_in(second), by=by, facts=Facts(WITHDRAWN))
        evidence.revoke(cycle=first, by=by, reason="Forged")
    assert days_of_renewal(first.assignment) == (UNTIL + DAY, date(2029, 1, 30), UNTIL, 0)


def test_a_result_entered_after_the_certificate_was_withdrawn_counts_from_its_own_day(
    certified, course, by
):
    with on(WITHDRAWN) as clock:
        withdraw_certificate(certified, by)
        run = a_run((DONE - WITHDRAWN).days, course=course)
        new = new_enrolments.NewEnrolment(learner=certified.learner, course=course, run=run)
        (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
        completed(enrolment, by)
        clock.shift(timedelta(hours=1))
        awarding.drain()
    expected = (DONE, date(2028, 12, 9), WITHDRAWN - DAY, 0)
    assert days_of_renewal(certified) == expected


def test_who_renewed_on_the_day_on_which_the_certificate_was_withdrawn_keeps_the_days(
    certified, course, by
):
    with on(WITHDRAWN, hour=9):
        complete(certified, course)
    with on(WITHDRAWN, hour=15):
        withdraw_certificate(certified, by)
    assert days_of_renewal(certified) == (UNTIL + DAY, date(2029, 1, 30), UNTIL, 0)


def test_evidence_from_before_the_end_renews_what_was_withdrawn_after_its_end(by):
    with on(BEGIN):
        first = assigned(a_certification(kind="external", **YEARLY))
        evidence.accept(evidence=handed_in(first), by=by, facts=Facts(BEGIN))
    with on(UNTIL + 9 * DAY):
        renewing.begin_due()
        evidence.revoke(cycle=first, by=by, reason="Forged")
        submitted = handed_in(Cycle.objects.get(assignment=first.assignment, number=2))
        evidence.accept(evidence=submitted, by=by, facts=Facts(DONE))
    assert days_of_renewal(first.assignment) == (UNTIL + DAY, date(2029, 1, 30), UNTIL, 0)
