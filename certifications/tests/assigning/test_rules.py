"""Rules that assign: to who newly fits, once, however often and wherever they are applied."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certifications.assigning import answering, rules, taking_back
from certifications.defining import publication
from certifications.models import AssigningRule, CertificationAssignment, Cycle
from certifications.tests.bulk import a_rule, looked_at, said_of
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.models import AuditEntry, Membership, Notification, Role, User
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_member,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return OrganisationFactory(language="nl")


@pytest.fixture
def course(here):
    return an_elearning(organisation=here)


@pytest.fixture
def certification(course):
    return a_certification(course)


@pytest.fixture
def teaching(here):
    return {"group": "role", "role": "teacher", "organisation": here}


def assignments_of(person: User):
    return CertificationAssignment.objects.filter(learner=person)


def stops_teaching(person: User) -> None:
    Membership.objects.filter(user=person, role=Role.TEACHER).delete()


def test_who_fits_later_gets_it_once_and_is_told_once(certification, here, teaching):
    first = a_member(Role.TEACHER, here)
    rule = a_rule(certification, due_days=10, **teaching)
    assert assignments_of(first).get().rule == rule
    assert rules.apply_all() == 0
    newcomer = a_member(Role.TEACHER, here)
    assert [rules.apply_all(), rules.apply_all()] == [1, 0]
    due_on = certification.organisation.today() + timedelta(days=10)
    assert Cycle.objects.for_user(newcomer).get().due_on == due_on
    assert assignments_of(newcomer).get().by == rule.by
    assert Notification.objects.filter(user=newcomer).count() == 1


def test_everybody_enrolled_in_a_course_fits_as_soon_as_they_are(certification, course):
    a_rule(certification, group="enrolled", course=course)
    learner = an_enrolment(course).learner
    assert rules.apply_all() == 1
    assert assignments_of(learner).exists()


def test_it_goes_in_batches_of_which_each_takes_as_many_queries(
    certification, here, teaching, monkeypatch
):
    monkeypatch.setattr(rules, "BATCH", 20)
    rule = a_rule(certification, **teaching)
    asked = []
    for number in (2, 20):
        for _ in range(number):
            a_member(Role.TEACHER, here)
        with CaptureQueriesContext(connection) as queries:
            assert rules._assign_batch(rule.pk) == number
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 30
    for _ in range(50):
        a_member(Role.TEACHER, here)
    assert rules.apply_all() == 50


def test_nobody_is_asked_again_who_declined_or_from_whom_it_was_taken_by_hand(
    certification, here, teaching
):
    declining, losing = a_member(Role.TEACHER, here), a_member(Role.TEACHER, here)
    a_rule(certification, mode="nominated", **teaching)
    answering.decline(assignment=assignments_of(declining).get(), by=declining)
    taken = [assignments_of(losing).get()]
    taking_back.withdraw(assignments=taken, by=an_administrator(), reason="Left")
    assert rules.apply_all() == 0
    job = looked_at(certification, keeps=True, **teaching)
    assert {why for _who, _what, why in said_of(job)} == {"declined", "withdrawn"}


def test_who_may_not_sign_in_gets_nothing(certification, here, teaching):
    a_rule(certification, **teaching)
    a_member(Role.TEACHER, here, is_active=False)
    assert rules.apply_all() == 0


def test_nobody_loses_it_by_no_longer_fitting_unless_the_rule_says_so(
    certification, here, teaching
):
    person = a_member(Role.TEACHER, here)
    a_rule(certification, **teaching)
    stops_teaching(person)
    assert rules.apply_all() == 0
    assert assignments_of(person).get().ended_at is None


def test_a_rule_that_says_so_takes_it_back_and_gives_it_again_to_who_fits_again(
    certification, here, teaching
):
    person = a_member(Role.TEACHER, here)
    a_rule(certification, withdraws=True, **teaching)
    stops_teaching(person)
    assert [rules.apply_all(), rules.apply_all()] == [1, 0]
    ended = assignments_of(person).get()
    assert (ended.ended_as, ended.is_ended_by_rule) == ("withdrawn", True)
    assert AuditEntry.objects.filter(action="certifications.assignment_withdrawn").count() == 1
    assert not person.notifications.filter(kind__endswith="certification_taken").exists()
    Membership.objects.create(user=person, organisation=here, role=Role.TEACHER)
    assert rules.apply_all() == 1
    assert assignments_of(person).going_on().count() == 1


@pytest.mark.parametrize("waits", ["submitted", "awaited"])
def test_what_was_completed_given_by_hand_exempted_or_is_being_judged_is_not_taken_back(
    here, teaching, course, waits
):
    done, by_hand, exempt = (a_member(Role.TEACHER, here) for _ in range(3))
    internal = a_certification(course)
    assigned(internal, by_hand)
    a_rule(internal, withdraws=True, **teaching)
    done_by(done, course)
    taking_back.exempt(
        assignments=[assignments_of(exempt).get()], by=an_administrator(), reason="x"
    )
    external = a_certification(kind="external", organisation=here)
    judged = a_member(Role.TEACHER, here)
    rules.apply_all()
    a_rule(external, withdraws=True, **teaching)
    cycle = Cycle.objects.get(assignment__learner=judged, assignment__certification=external)
    now = timezone.now()
    Cycle.objects.filter(pk=cycle.pk).update(**{f"{waits}_at": now, f"{waits}_on": now.date()})
    for person in (done, by_hand, exempt, judged):
        stops_teaching(person)
    rules.apply_all()
    going_on = CertificationAssignment.objects.going_on()
    kept = set(going_on.filter(certification=internal).values_list("learner", flat=True))
    assert kept == {done.pk, by_hand.pk, exempt.pk}
    assert set(going_on.filter(certification=external).values_list("learner", flat=True)) == {
        judged.pk
    }


def test_who_fits_another_rule_keeps_it(certification, here, teaching):
    person = a_member(Role.TEACHER, here)
    a_rule(certification, withdraws=True, **teaching)
    Membership.objects.create(user=person, organisation=here, role=Role.COACH)
    a_rule(certification, group="role", role="coach", organisation=here)
    stops_teaching(person)
    assert rules.apply_all() == 0


def test_a_rule_that_is_switched_off_or_whose_certification_is_retired_does_nothing(
    certification, here, teaching
):
    rule = a_rule(certification, **teaching)
    other = a_certification(an_elearning(organisation=here))
    a_rule(other, **teaching)
    by = an_administrator()
    assert [rules.switch_off(rules=[rule], by=by) for _ in range(2)] == [1, 0]
    publication.retire(certifications=[other], by=by)
    person = a_member(Role.TEACHER, here)
    assert rules.apply_all() == 0
    assert not assignments_of(person).exists()


def test_a_rule_does_not_apply_before_its_first_people_have_it(certification, here, teaching):
    from certifications.assigning import jobs

    a_member(Role.TEACHER, here)
    job = looked_at(certification, keeps=True, **teaching)
    jobs.consent(job=job, by=job.by)
    assert rules.apply_all() == 0
    jobs.run(job_id=job.pk)
    assert AssigningRule.objects.on().count() == 1


@pytest.mark.parametrize(
    "nonsense", [{"role": ""}, {"group": "holds"}, {"switched_off_at": "2026-01-01T00:00Z"}]
)
def test_the_database_refuses_a_rule_that_makes_no_sense(certification, here, teaching, nonsense):
    rule = a_rule(certification, **teaching)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssigningRule.objects.filter(pk=rule.pk).update(**nonsense)


def test_the_database_refuses_a_rule_about_itself(certification):
    with pytest.raises(IntegrityError), transaction.atomic():
        AssigningRule.objects.create(
            certification=certification,
            group="holds",
            held=certification,
            mode="mandatory",
            by=UserFactory(),
        )


def test_the_database_refuses_an_end_by_a_rule_that_is_not_there(certification):
    cycle = assigned(certification)
    rows = CertificationAssignment.objects.filter(pk=cycle.assignment_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(is_ended_by_rule=True)
