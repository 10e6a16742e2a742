"""The history of a certification: the last first, and on one day what led to it below it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from certifications import awarding, evidence, releasing_and_revoking
from certifications.assigning import answering, taking_back
from certifications.cycles import renewing
from certifications.models import Certificate
from certifications.pages import my_certifications
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.models import Actor, StudyStatus
from learners.studying.study_status import change_status
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN, OPENS, UNTIL = date(2027, 1, 31), date(2027, 12, 1), date(2028, 1, 30)
DAY = timedelta(days=1)


def at(day, hour=12, minute=0):
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def course():
    return an_elearning(organisation=OrganisationFactory())


@pytest.fixture
def learner():
    return UserFactory()


def history(assignment, day, hour=12):
    """What its learner reads then, the last first, without the numbers of certificates."""
    with at(day, hour), translation.override("en"), timezone.override("Europe/Amsterdam"):
        shown = my_certifications.shown(assignment.learner, assignment.certification_id)
        return [" ".join(word for word in e.text.split() if "-" not in word) for e in shown.history]


def test_on_one_day_each_thing_stands_above_what_led_to_it(course, learner):
    with at(BEGIN, 9):
        assignment = assigned(a_certification(course), learner, mode="nominated").assignment
    with at(BEGIN, 10):
        answering.accept(assignment=assignment, by=learner)
    with at(BEGIN, 11):
        done_by(learner, course)
    assert history(assignment, BEGIN) == [
        "Certificate was issued",
        "You completed it",
        "You started",
        "You accepted it",
        "It was assigned to you",
    ]


def test_what_came_in_between_stands_in_its_own_place(course, learner):
    with at(BEGIN):
        assignment = assigned(a_certification(course), learner).assignment
    with at(BEGIN + DAY):
        done_by(learner, course)
    with at(BEGIN + 2 * DAY):
        certificate = Certificate.objects.get(learner=learner, cycle__isnull=False)
        releasing_and_revoking.revoke(
            certificate=certificate, by=an_administrator(), reason="Fraud"
        )
    assert history(assignment, BEGIN + 3 * DAY) == [
        "Certificate was withdrawn",
        "Certificate was issued",
        "You completed it",
        "You started",
        "It was assigned to you",
    ]


def test_an_older_result_stands_before_the_assignment_and_was_not_started_in_it(course, learner):
    with at(BEGIN - 5 * DAY):
        done_by(learner, course)
    with at(BEGIN):
        certification = a_certification(course, accepts_days_old=30)
        assignment = assigned(certification, learner).assignment
    assert history(assignment, BEGIN) == [
        "Certificate was issued",
        "It was assigned to you",
        "You completed it",
    ]


def test_every_cycle_is_in_it_and_where_the_validity_ended(course, learner):
    with at(BEGIN):
        assignment = assigned(a_certification(course, **YEARLY), learner).assignment
        done_by(learner, course)
    with at(OPENS):
        renewing.begin_due()
    with at(UNTIL + 9 * DAY):
        done_by(learner, course)
    assert history(assignment, UNTIL + 10 * DAY) == [
        "Certificate was issued",
        "You completed round 2",
        "You started round 2",
        "It expired",
        "Round 2 began",
        "Certificate was issued",
        "You completed round 1",
        "You started round 1",
        "It was assigned to you",
    ]


def test_what_was_renewed_in_time_never_expired(course, learner):
    with at(BEGIN):
        assignment = assigned(a_certification(course, **YEARLY), learner).assignment
        done_by(learner, course)
    with at(OPENS):
        renewing.begin_due()
        done_by(learner, course)
    assert "It expired" not in history(assignment, UNTIL + 10 * DAY)


def test_the_day_is_that_of_the_clock_by_which_it_is_shown(course, learner):
    """23:30 in London is half past midnight in Amsterdam, where the cycle began that day."""
    with at(BEGIN - DAY, 23, 30):
        assignment = assigned(a_certification(course), learner).assignment
        change_status(
            enrolment=an_enrolment(course, learner),
            to=StudyStatus.COMPLETED,
            by=None,
            actor=Actor.SYSTEM,
        )
        awarding.drain()
    told = history(assignment, BEGIN)
    assert told.index("You started") < told.index("It was assigned to you")


def test_evidence_is_in_it(learner):
    certification = a_certification(kind="external")
    with at(BEGIN, 9):
        cycle = assigned(certification, learner)
        upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")
        files = evidence.store(files=[upload], by=learner)
    with at(BEGIN, 10):
        submitted = evidence.hand_in(cycle=cycle, files=files, by=learner, facts=evidence.Facts())
    by = an_administrator()
    with at(BEGIN + DAY, 9):
        facts = evidence.Facts(obtained_on=BEGIN + DAY)
        evidence.accept(evidence=submitted, by=by, facts=facts)
    with at(BEGIN + DAY, 15):
        evidence.revoke(cycle=cycle, by=by, reason="Forged")
    assert history(cycle.assignment, BEGIN + 2 * DAY) == [
        "Your proof was withdrawn",
        "You completed it",
        "Your proof was accepted",
        "You handed in a proof",
        "You started",
        "You accepted it",
        "It was assigned to you",
    ]


def test_an_exemption_says_why(course, learner):
    with at(BEGIN):
        assignment = assigned(a_certification(course), learner).assignment
    with at(BEGIN + DAY):
        taking_back.exempt(assignments=[assignment], by=an_administrator(), reason="Is a doctor")
    with at(BEGIN + DAY), translation.override("en"):
        shown = my_certifications.shown(learner, assignment.certification_id)
    assert (shown.history[0].text, shown.history[0].reason) == ("You were exempted", "Is a doctor")
