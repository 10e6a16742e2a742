"""Renewing: when a cycle begins, what it asks, until when it is valid, and what becomes of the old
certificate."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from certifications import awarding, checking, evidence, releasing_and_revoking
from certifications.assigning import giving, taking_back
from certifications.cycles import renewing, settling, states
from certifications.defining import publication
from certifications.evidence import Facts
from certifications.models import (
    Anchor,
    Certificate,
    CertificateState,
    Cycle,
    CycleState,
    Path,
    Touches,
)
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    done_by,
    undo_time_is_over,
)
from learners.models import Actor, Enrolment, Notification, StudyStatus
from learners.studying import study_status
from learners.tests.factories import OrganisationFactory, an_administrator, an_enrolment

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN = date(2027, 1, 31)  # so that the first validity is until 30 January 2028
OPENS, UNTIL, GRACE = date(2027, 12, 1), date(2028, 1, 30), date(2028, 2, 29)
DAY = timedelta(days=1)
LETTING_GO = 21  # queries


def on(day, hour=12):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), tick=False)


@pytest.fixture
def organisation():
    return OrganisationFactory(time_zone="Europe/Amsterdam")


@pytest.fixture
def courses(organisation):
    return [an_elearning(organisation=organisation, title_nl=f"Deel {n}") for n in range(3)]


@pytest.fixture
def certified(courses):
    """Somebody who was certified on 31 January 2027, by course 0, for a year."""
    return certify(courses[0])


def certify(*asked, **fields):
    with on(BEGIN):
        first = assigned(a_certification(*asked, **{**YEARLY, **fields}))
        for course in asked:
            done_by(first.assignment.learner, course)
    return first.assignment


def cycles(assignment):
    related = ("assignment__certification__organisation", "version")
    return list(Cycle.objects.filter(assignment=assignment).select_related(*related)[::-1])


def renew(assignment, course, day):
    """Let somebody complete a course anew on this day."""
    with on(day):
        renewing.begin_due()
        return done_by(assignment.learner, course)


def active(assignment):
    return (
        Certificate.objects.active().filter(cycle__assignment=assignment).order_by("cycle__number")
    )


def take_back(enrolment):
    study_status.change_status(
        enrolment=enrolment,
        to=StudyStatus.NOT_PASSED,
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    undo_time_is_over()
    awarding.drain()


def test_when_the_window_opens_a_cycle_begins_and_nothing_old_is_reset(certified):
    with on(OPENS - timedelta(days=1)):
        assert renewing.begin_due() == 0
    with on(OPENS):
        renewing.begin_due()
        first, second = cycles(certified)
        assert (second.number, second.path, second.begins_on) == (2, Path.RENEWAL, OPENS)
        assert (second.due_on, second.previous_until, second.renewal_until) == (UNTIL, UNTIL, GRACE)
        assert states.state_of(second) == CycleState.RENEWABLE
        assert active(certified).get().state == CertificateState.VALID
        assert (first.completed_on, first.fulfilments.count()) == (BEGIN, 1)


@pytest.mark.parametrize("days_late", [0, 1, 40, 200])
def test_a_cycle_begins_on_its_day_whenever_the_job_runs(certified, days_late):
    with on(OPENS + timedelta(days=days_late)):
        for _time in range(10):
            renewing.begin_due()
    assert [row.begins_on for row in cycles(certified)] == [BEGIN, OPENS]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (OPENS - timedelta(days=1), CycleState.CERTIFIED),
        (OPENS, CycleState.RENEWABLE),
        (UNTIL, CycleState.RENEWABLE),
        (UNTIL + timedelta(days=1), CycleState.IN_GRACE),
        (GRACE, CycleState.IN_GRACE),
        (GRACE + timedelta(days=1), CycleState.EXPIRED),
    ],
)
@pytest.mark.parametrize("job_ran", [True, False])
def test_the_state_is_the_same_whether_the_job_ran_or_not(certified, day, state, job_ran):
    with on(day):
        if job_ran:
            renewing.begin_due()
        newest = cycles(certified)[-1]
        assert states.state_of(newest) == state
        assert list(Cycle.objects.newest().in_state(state)) == [newest]


def test_an_old_result_renews_nothing(certified, courses):
    with on(OPENS):
        renewing.begin_due()
        settling.settle([row.pk for row in cycles(certified)])
    assert cycles(certified)[-1].completed_on is None


def test_an_old_exemption_renews_nothing_and_a_new_one_does(courses):
    with on(BEGIN):
        cycle = assigned(a_certification(courses[0], **YEARLY))
        exempt(cycle.assignment.learner, courses[0])
    with on(OPENS):
        renewing.begin_due()
        assert [row.completed_on for row in cycles(cycle.assignment)] == [BEGIN, None]
        exempt(cycle.assignment.learner, courses[0])
        assert cycles(cycle.assignment)[1].completed_on == OPENS


def exempt(learner, course):
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        study_status.change_status(
            enrolment=an_enrolment(course, learner),
            to=StudyStatus.EXEMPT,
            by=an_administrator(),
            actor=Actor.ADMINISTRATOR,
        )
    undo_time_is_over()
    awarding.drain()


def test_renewed_inside_the_window_goes_on_from_the_old_end(certified, courses):
    renew(certified, courses[0], date(2027, 12, 20))
    second = cycles(certified)[1]
    assert second.completed_on == date(2027, 12, 20)
    assert (second.valid_from, second.valid_until) == (date(2028, 1, 31), date(2029, 1, 30))
    assert second.gap_days == 0


def test_the_old_certificate_is_superseded_as_soon_as_the_new_one_is_there(certified, courses):
    renew(certified, courses[0], date(2027, 12, 20))
    with on(date(2027, 12, 21)):
        old, new = active(certified)
        assert (old.state, new.state) == (CertificateState.SUPERSEDED, CertificateState.VALID)
        assert old.superseded_by == new


def test_late_inside_the_grace_renewing_is_enough_and_the_gap_is_recorded(courses):
    certified = certify(*courses[:2])
    version = certified.certification.versions.get()
    version.requirements.filter(course=courses[1]).update(path=Path.FULL)
    renew(certified, courses[0], date(2028, 2, 9))
    second = cycles(certified)[1]
    assert (second.path, second.valid_from) == (Path.RENEWAL, date(2028, 2, 9))
    assert (second.valid_until, second.gap_days) == (date(2029, 2, 8), 9)


def test_after_the_grace_all_of_it_is_asked_and_the_gap_is_longer(courses):
    certified = certify(*courses[:2])
    version = certified.certification.versions.get()
    version.requirements.filter(course=courses[1]).update(path=Path.FULL)
    renew(certified, courses[0], date(2028, 3, 1))
    assert cycles(certified)[1].completed_on is None
    renew(certified, courses[1], date(2028, 3, 5))
    second = cycles(certified)[1]
    assert (second.path, second.completed_on) == (Path.FULL, date(2028, 3, 5))
    assert (second.valid_until, second.gap_days) == (date(2029, 3, 4), 34)


def test_31_january_does_not_become_the_28th_for_ever(courses):
    certified = certify(courses[0], period_months=1, window_days=10, grace_days=0)
    ends = []
    for _cycle in range(4):
        last = cycles(certified)[-1]
        ends.append(last.valid_until)
        renew(certified, courses[0], last.valid_until)
    assert ends == [date(2027, 2, 28), date(2027, 3, 30), date(2027, 4, 30), date(2027, 5, 30)]


def test_counted_from_completion_a_renewal_begins_on_its_day(courses):
    certified = certify(courses[0], anchor=Anchor.COMPLETION)
    renew(certified, courses[0], date(2027, 12, 20))
    second = cycles(certified)[1]
    assert (second.valid_from, second.valid_until) == (date(2027, 12, 20), date(2028, 12, 19))


def test_with_a_fixed_day_a_renewal_in_time_lasts_until_the_next_one(courses):
    fixed = {"anchor": Anchor.FIXED, "fixed_month": 9, "fixed_day": 1}
    certified = certify(courses[0], **fixed)
    assert cycles(certified)[0].valid_until == date(2027, 8, 31)
    renew(certified, courses[0], date(2027, 8, 1))
    second = cycles(certified)[1]
    assert (second.valid_from, second.valid_until) == (date(2027, 9, 1), date(2028, 8, 31))


def test_without_a_window_the_next_cycle_begins_the_day_after_the_end(courses):
    certified = certify(courses[0], window_days=0)
    with on(UNTIL):
        assert renewing.begin_due() == 0
    with on(UNTIL + timedelta(days=1)):
        renewing.begin_due()
    assert cycles(certified)[1].begins_on == UNTIL + timedelta(days=1)


def test_a_result_up_to_so_many_days_old_renews_as_well(courses):
    certified = certify(courses[0], accepts_days_old=20)
    with on(OPENS - timedelta(days=10)):
        done_by(certified.learner, courses[0])
    with on(OPENS):
        renewing.begin_due()
    assert cycles(certified)[1].completed_on == OPENS - timedelta(days=10)


def test_a_result_that_is_entered_late_counts_on_its_own_day(certified, courses):
    with on(GRACE + timedelta(days=60)):
        renewing.begin_due()
        enrolment = an_enrolment(courses[0], certified.learner)
        then = datetime(2028, 1, 15, 12, tzinfo=UTC)
        study_status.change_status(
            enrolment=enrolment,
            to=StudyStatus.COMPLETED,
            by=None,
            actor=Actor.SYSTEM,
            at=then,
        )
        awarding.drain()
    second = cycles(certified)[1]
    assert (second.completed_on, second.path) == (date(2028, 1, 15), Path.RENEWAL)
    assert second.valid_until == date(2029, 1, 30)


def test_what_is_taken_back_lets_go_of_the_cycle_that_renewed_it(certified, courses):
    renew(certified, courses[0], date(2027, 12, 20))
    with on(date(2027, 12, 27)):
        for enrolment in Enrolment.objects.filter(learner=certified.learner).order_by("-pk"):
            take_back(enrolment)
    (only,) = cycles(certified)
    assert (only.completed_on, only.number) == (None, 1)
    assert not active(certified).exists()
    assert Certificate.objects.filter(cycle=only).count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_cycles_are_let_go_in_as_many_queries_for_one_as_for_three(
    courses, number, django_assert_num_queries
):
    with on(BEGIN):
        certification = a_certification(courses[0], **YEARLY)
        firsts = [assigned(certification) for _ in range(number)]
        for first in firsts:
            done_by(first.assignment.learner, courses[0])
    with on(OPENS):
        assert renewing.begin_due() == number
    with on(OPENS - DAY), django_assert_num_queries(LETTING_GO):
        settling.settle([first.pk for first in firsts])
    assert Cycle.objects.count() == number


def test_a_renewal_that_is_taken_back_lets_the_old_certificate_stand_again(certified, courses):
    again = renew(certified, courses[0], date(2027, 12, 20))
    with on(date(2027, 12, 27)):
        take_back(again)
        assert active(certified).get().state == CertificateState.VALID
        assert states.state_of(cycles(certified)[1]) == CycleState.RENEWABLE


def test_a_renewal_that_is_withdrawn_lets_the_old_certificate_stand_again(certified, courses):
    renew(certified, courses[0], date(2027, 12, 20))
    with on(date(2027, 12, 27)):
        by = an_administrator()
        releasing_and_revoking.revoke(certificate=active(certified).last(), by=by, reason="Fraud")
        assert active(certified).get().state == CertificateState.VALID


def test_who_was_withdrawn_while_renewing_is_asked_all_of_it(courses):
    certified = certify(*courses[:2])
    version = certified.certification.versions.get()
    version.requirements.filter(course=courses[1]).update(path=Path.FULL)
    with on(OPENS):
        renewing.begin_due()
        by = an_administrator()
        releasing_and_revoking.revoke(certificate=active(certified).get(), by=by, reason="Fraud")
        second = cycles(certified)[1]
        assert second.path_on(OPENS) == Path.FULL
        assert states.state_of(second) == CycleState.EXPIRED
    renew(certified, courses[0], OPENS + timedelta(days=3))
    assert cycles(certified)[1].completed_on is None


def test_nothing_begins_in_what_was_retired_and_it_goes_on_when_brought_back(certified):
    certification, by = certified.certification, an_administrator()
    with on(OPENS - timedelta(days=9)):
        publication.retire(certifications=[certification], by=by)
    with on(OPENS + timedelta(days=9)):
        assert renewing.begin_due() == 0
        assert states.state_of(cycles(certified)[0]) == CycleState.CERTIFIED
        publication.bring_back(certifications=[certification], by=by)
        assert renewing.begin_due() == 1
    assert cycles(certified)[1].begins_on == OPENS


def test_the_next_cycle_follows_the_version_that_was_published_before_it_began(certified, courses):
    by, certification = an_administrator(), certified.certification
    with on(OPENS - timedelta(days=9)):
        draft = publication.begin(certification=certification, by=by)
        draft.requirements.create(course=courses[1], position=2)
        publication.publish(version=draft, by=by)
    renew(certified, courses[0], OPENS)
    first, second = cycles(certified)
    assert (first.version.number, second.version.number) == (1, 2)
    assert second.completed_on is None
    assert active(certified).get().achieved_on == BEGIN


@pytest.mark.parametrize(("touches", "number"), [(Touches.NEXT, 1), (Touches.ALL_OPEN, 2)])
@pytest.mark.parametrize("job_ran", [True, False])
def test_a_version_in_the_middle_of_a_window_touches_whom_one_says(
    certified, courses, touches, number, job_ran
):
    by, certification = an_administrator(), certified.certification
    with on(OPENS + timedelta(days=9)):
        if job_ran:
            renewing.begin_due()
        draft = publication.begin(certification=certification, by=by)
        draft.requirements.create(course=courses[1], position=2)
        publication.publish(version=draft, by=by, touches=touches)
    renew(certified, courses[0], OPENS + timedelta(days=10))
    second = cycles(certified)[1]
    assert second.version.number == number
    assert (second.completed_on is None) == (number == 2)


def test_a_deadline_that_the_rule_gave_follows_the_new_version_and_a_chosen_one_stays(courses):
    by = an_administrator()
    with on(BEGIN):
        certification = a_certification(courses[0], due_days=30)
        by_rule = assigned(certification)
        chosen = assigned(certification, due_on=date(2027, 12, 31))
        draft = publication.begin(certification=certification, by=by)
        draft.due_days = 60
        draft.save()
        publication.publish(version=draft, by=by, touches=Touches.ALL_OPEN)
    assert cycles(by_rule.assignment)[0].due_on == BEGIN + timedelta(days=60)
    assert cycles(chosen.assignment)[0].due_on == date(2027, 12, 31)


def test_the_cycle_of_an_institution_begins_with_its_own_day(courses):
    abroad = OrganisationFactory(time_zone="Pacific/Auckland")
    course = an_elearning(organisation=abroad)
    certified = certify(course)
    opens = cycles(certified)[0].window_opens_on
    with on(opens - timedelta(days=1), hour=10):
        assert renewing.begin_due() == 0
    with on(opens - timedelta(days=1), hour=12):  # there it is after midnight
        assert renewing.begin_due() == 1


def proven(cycle, by, **facts):
    """Hand in evidence and accept it with these facts."""
    upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof", "application/pdf")
    learner = cycle.assignment.learner
    files = evidence.store(files=[upload], by=learner)
    submitted = evidence.hand_in(cycle=cycle, files=files, by=learner, facts=Facts())
    return evidence.accept(evidence=submitted, by=by, facts=Facts(**facts))


def test_evidence_that_ends_is_asked_for_again_in_the_same_way(organisation):
    by = an_administrator()
    with on(BEGIN):
        first = assigned(a_certification(kind="external", organisation=organisation, **YEARLY))
        old = proven(first, by, obtained_on=BEGIN, issuer="Rode Kruis")
    with on(OPENS):
        renewing.begin_due()
        second = cycles(first.assignment)[1]
        assert states.state_of(second) == CycleState.RENEWABLE
        new = proven(second, by, obtained_on=OPENS, issuer="Rode Kruis")
        second = cycles(first.assignment)[1]
        assert (second.valid_from, second.valid_until) == (UNTIL + DAY, date(2029, 1, 30))
        assert states.public_state(checking.find_evidence(old.code).cycle) == "superseded"
        assert states.public_state(checking.find_evidence(new.code).cycle) == "valid"


def test_evidence_that_ends_of_what_is_unlimited_is_asked_for_before_it_ends(organisation):
    by = an_administrator()
    with on(BEGIN):
        first = assigned(a_certification(kind="external", organisation=organisation))
        proven(first, by, obtained_on=BEGIN, ends_on=date(2027, 12, 31))
    with on(date(2027, 10, 31)):
        assert renewing.begin_due() == 0
    with on(date(2027, 11, 1)):
        assert renewing.begin_due() == 1


def test_evidence_that_ends_before_what_it_renews_is_refused(organisation):
    by = an_administrator()
    with on(BEGIN):
        first = assigned(a_certification(kind="external", organisation=organisation, **YEARLY))
        proven(first, by, obtained_on=BEGIN)
    with on(OPENS):
        renewing.begin_due()
        second = cycles(first.assignment)[1]
        with pytest.raises(evidence.EvidenceRefused):
            proven(second, by, obtained_on=OPENS, ends_on=UNTIL)


def withdrawn(assignment, day):
    with on(day):
        by = an_administrator()
        taking_back.withdraw(assignments=[assignment], by=by, reason="Works elsewhere")
    assignment.refresh_from_db()


def again(assignment, day):
    """Assign to somebody what they had before, on this day."""
    with on(day):
        assigned(assignment.certification, assignment.learner)
    assignment.refresh_from_db()


def test_what_is_taken_away_is_not_asked_again_and_stays_valid_until_its_date(certified):
    withdrawn(certified, BEGIN + timedelta(days=90))
    with on(OPENS):
        assert renewing.begin_due() == 0
        assert states.state_of(cycles(certified)[0]) == CycleState.CERTIFIED
        assert active(certified).get().state == CertificateState.VALID
    with on(UNTIL + DAY):
        assert states.state_of(cycles(certified)[0]) == CycleState.EXPIRED
        assert Cycle.objects.newest().in_state(CycleState.EXPIRED).count() == 1


@pytest.mark.parametrize("day", [OPENS - DAY, OPENS, UNTIL + DAY, GRACE + DAY])
def test_assigned_anew_somebody_goes_on_where_they_were(certified, day):
    withdrawn(certified, BEGIN + timedelta(days=90))
    again(certified, day)
    assert certified.ended_at is None
    assert certified.learner.certification_assignments.count() == 1
    begun = cycles(certified)[1:]
    assert [row.begins_on for row in begun] == ([OPENS] if day >= OPENS else [])
    told = Notification.objects.filter(user=certified.learner, key__startswith="certification_ass")
    assert told.count() == 2


def test_who_left_while_renewing_and_comes_back_keeps_their_results(courses):
    certified = certify(*courses[:2])
    renew(certified, courses[0], OPENS)
    withdrawn(certified, OPENS + DAY)
    again(certified, OPENS + 20 * DAY)
    assert cycles(certified)[1].fulfilments.count() == 1
    renew(certified, courses[1], OPENS + 21 * DAY)
    assert cycles(certified)[1].completed_on == OPENS + 21 * DAY


def test_assigned_anew_after_a_withdrawn_certificate_all_of_it_is_asked(courses):
    certified = certify(courses[0], window_days=0, validity="recurring")
    with on(OPENS):
        by = an_administrator()
        releasing_and_revoking.revoke(certificate=active(certified).get(), by=by, reason="Fraud")
    withdrawn(certified, OPENS + DAY)
    again(certified, OPENS + 9 * DAY)
    second = cycles(certified)[1]
    assert (second.path, second.begins_on) == (Path.FULL, OPENS + 9 * DAY)
    renew(certified, courses[0], OPENS + 10 * DAY)
    second = cycles(certified)[1]
    assert second.valid_from == OPENS + 10 * DAY
    assert second.gap_days == 10


@pytest.mark.parametrize("rule", [YEARLY, {}])
def test_after_a_withdrawn_certificate_it_can_be_assigned_anew_at_once(courses, rule):
    with on(BEGIN):
        certified = assigned(a_certification(courses[0], **rule)).assignment
        done_by(certified.learner, courses[0])
    with on(BEGIN + 9 * DAY):
        revoked, by = active(certified).get(), an_administrator()
        releasing_and_revoking.revoke(certificate=revoked, by=by, reason="Fraud")
        for _twice in range(2):
            giving.assign(
                certification=certified.certification,
                learners=[certified.learner],
                mode="mandatory",
                by=by,
            )
        renewing.begin_due()
    first, second = cycles(certified)
    assert first.revoked_at
    assert (second.path, second.begins_on) == (Path.FULL, BEGIN + 9 * DAY)
    assert (second.is_open, second.fulfilments.count()) == (True, 0)
    told = Notification.objects.filter(user=certified.learner, key__startswith="certification_ass")
    assert told.count() == 2
    renew(certified, courses[0], BEGIN + 10 * DAY)
    assert cycles(certified)[1].completed_on == BEGIN + 10 * DAY
    assert active(certified).get() != revoked
    assert checking.find(revoked.code).revoked_at


def test_after_withdrawn_evidence_it_can_be_assigned_anew_at_once(organisation):
    by = an_administrator()
    with on(BEGIN):
        first = assigned(a_certification(kind="external", organisation=organisation))
        proven(first, by, obtained_on=BEGIN)
    with on(BEGIN + 9 * DAY):
        evidence.revoke(cycle=first, by=by, reason="Forged")
        second = assigned(first.assignment.certification, first.assignment.learner)
        assert (second.number, second.is_open) == (2, True)
        proven(second, by, obtained_on=BEGIN + 8 * DAY)
    assert cycles(first.assignment)[1].completed_on == BEGIN + 8 * DAY


def test_without_anything_due_it_is_two_queries(certified, django_assert_num_queries):
    with on(BEGIN), django_assert_num_queries(2):
        renewing.begin_due()


@pytest.mark.parametrize("people", [1, 3])
def test_beginning_takes_as_many_queries_for_one_as_for_three(
    courses, people, django_assert_max_num_queries
):
    with on(BEGIN):
        certification = a_certification(courses[0], **YEARLY)
        for _person in range(people):
            done_by(assigned(certification).assignment.learner, courses[0])
    with on(OPENS), django_assert_max_num_queries(QUERIES) as asked:
        assert renewing.begin_due() == people
    assert len(asked) == QUERIES


QUERIES = 17
