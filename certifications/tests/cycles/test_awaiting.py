"""A cycle waits for a result that would complete it: it does not lapse meanwhile, and the result
counts from its own day, in whatever order somebody looks."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certifications import awarding
from certifications.assigning import taking_back
from certifications.cycles import awaiting, catching_up, renewing, states, whose_turn
from certifications.models import Certificate, Cycle, CycleState, Path, Reminder
from certifications.offered import personal
from certifications.pages import my_certifications, on_a_day, why
from certifications.reminding import moments, reminders
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    done_by,
    reloaded,
)
from learners.enrolling import entering
from learners.hooks.questions import Awaited
from learners.models import Actor, CompletedBy, Enrolment, StudyStatus
from learners.studying import study_status
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_programme,
    an_administrator,
    an_enrolment,
)
from learners.tests.offering import Exams

pytestmark = pytest.mark.django_db
S = CycleState
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN = date(2027, 1, 31)
OPENS, UNTIL, GRACE = date(2027, 12, 1), date(2028, 1, 30), date(2028, 2, 29)
DAY = timedelta(days=1)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def on(day):
    return time_machine.travel(noon(day), tick=False)


@pytest.fixture
def exams():
    made = Exams()
    with made.offered():
        yield made


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def programme(organisation):
    """A programme of one course that an exam completes."""
    course = an_elearning(organisation=organisation)
    return a_programme(course, organisation=organisation, completed_by=CompletedBy.EXAM)


@pytest.fixture
def learner():
    return UserFactory(language="en")


@pytest.fixture
def first(programme, learner):
    """The first cycle of somebody who has to pass the exam by the end of March."""
    with on(BEGIN):
        return assigned(a_certification(programme, **YEARLY), learner, due_on=date(2027, 3, 31))


def entered(programme, learner, day, **fields):
    """Enrol somebody on a day, and let them do the course of it."""
    with on(day):
        whole = entering.enrol_in_programme(
            learner=learner,
            programme=programme,
            by=learner,
            actor=Actor.LEARNER,
            registered_on=day,
            **fields,
        )
        for part in whole.parts.all():
            study_status.change_status(
                enrolment=part, to=StudyStatus.COMPLETED, by=None, actor=Actor.SYSTEM
            )
        awarding.drain()
    return whole


def hands_in(exams, whole, day):
    """Hand in an exam, and say so to certifications as an app that gives exams would."""
    exams.awaited[whole.pk] = Awaited(since=noon(day), counts_from=day)
    with on(day):
        awaiting.follow(enrolments=[whole])


def is_published(exams, whole, day, *, is_passed=True):
    """Publish the result of what was handed in."""
    waited = exams.awaited.pop(whole.pk)
    if is_passed:
        exams.passed[whole.pk] = waited.counts_from
    with on(day):
        study_status.settle_programmes([whole.pk])
        awaiting.follow(enrolments=[whole])
        awarding.drain()


def stands(cycle, day):
    return states.state_on(reloaded(cycle), day)


def test_a_cycle_waits_from_the_day_of_the_hand_in_until_the_result(
    exams, first, programme, learner
):
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    row = reloaded(first)
    assert (row.awaited_at, row.awaited_on) == (noon(date(2027, 3, 10)), date(2027, 3, 10))
    assert stands(first, date(2027, 6, 1)) == S.AWAITING_APPROVAL
    is_published(exams, whole, date(2027, 6, 1))
    row = reloaded(first)
    assert (row.awaited_at, row.awaited_on) == (None, None)
    assert (row.completed_on, row.valid_from) == (date(2027, 3, 10), date(2027, 3, 10))
    assert row.valid_until == date(2028, 3, 9)
    assert row.fulfilments.get().achieved_on == date(2027, 3, 10)
    proof = Certificate.objects.get(enrolment=whole)
    assert proof.achieved_on == date(2027, 3, 10)


def test_it_is_not_late_meanwhile_and_nobody_is_reminded(exams, first, programme, learner):
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    late = date(2027, 4, 2)
    with on(late), translation.override("en"):
        row = reloaded(first)
        assert not states.is_overdue(row, late)
        assert not moments.awaited().exists()
        reminders.remind()
        assert not Reminder.objects.exists()
        said = whose_turn.expected(row)
        assert (said.text, said.is_late, said.is_mine) == (
            "Your result is awaited since 10 March; you hear of it",
            False,
            False,
        )


def test_who_fails_goes_on_as_if_nothing_had_waited(exams, first, programme, learner):
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    is_published(exams, whole, date(2027, 4, 20), is_passed=False)
    assert stands(first, date(2027, 4, 20)) == S.ASSIGNED
    with on(date(2027, 4, 20)):
        assert states.is_overdue(reloaded(first), date(2027, 4, 20))


def test_a_cycle_in_which_something_else_is_still_to_be_done_does_not_wait(
    exams, programme, learner, organisation
):
    course = an_elearning(organisation=organisation)
    with on(BEGIN):
        first = assigned(a_certification(programme, course, **YEARLY), learner)
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    assert reloaded(first).awaited_at is None
    with on(date(2027, 3, 20)):
        done_by(learner, course)
    row = reloaded(first)
    assert row.awaited_on == date(2027, 3, 20)  # since then it waits for the exam alone
    is_published(exams, whole, date(2027, 5, 1))
    assert reloaded(first).completed_on == date(2027, 3, 20)


def test_a_course_can_wait_as_well(exams, learner, organisation):
    course = an_elearning(organisation=organisation)
    with on(BEGIN):
        first = assigned(a_certification(course, **YEARLY), learner)
        enrolment = an_enrolment(course, learner)
    hands_in(exams, enrolment, date(2027, 3, 10))
    assert reloaded(first).awaited_on == date(2027, 3, 10)
    del exams.awaited[enrolment.pk]
    with on(date(2027, 4, 1)):
        study_status.change_status(
            enrolment=enrolment,
            to=StudyStatus.COMPLETED,
            by=None,
            actor=Actor.SYSTEM,
            counts_from=date(2027, 3, 10),
        )
        awarding.drain()
    assert reloaded(first).completed_on == date(2027, 3, 10)


@pytest.fixture
def renewal(exams, first, programme, learner):
    """The second cycle of somebody who passed on the first day, and an enrolment anew in it."""
    whole = entered(programme, learner, BEGIN)
    hands_in(exams, whole, BEGIN)
    is_published(exams, whole, BEGIN)
    with on(OPENS):
        renewing.begin_due()
    second = Cycle.objects.get(number=2)
    return second, entered(programme, learner, OPENS, results_from=OPENS)


def test_a_renewal_that_waits_does_not_lapse_and_then_counts_from_the_hand_in(
    exams, first, renewal
):
    second, whole = renewal
    hands_in(exams, whole, UNTIL + 10 * DAY)  # in the grace
    long_after = GRACE + 40 * DAY
    assert stands(second, long_after) == S.AWAITING_APPROVAL
    assert reloaded(second).path_on(long_after) == Path.RENEWAL
    with on(long_after):
        assert not moments.concerned().filter(pk=first.pk).exists()
        assert Cycle.objects.in_state(S.AWAITING_APPROVAL).get() == second
        assert not Cycle.objects.filter(pk=second.pk).in_state(S.EXPIRED).exists()
    is_published(exams, whole, long_after)
    row = reloaded(second)
    assert (row.path, row.completed_on) == (Path.RENEWAL, UNTIL + 10 * DAY)
    assert (row.valid_from, row.gap_days) == (UNTIL + 10 * DAY, 9)


def decided(day):
    """Return how its learner stood on a day, by the list of everybody and by each filter of it."""
    (row,) = on_a_day.decided(day)
    found = [s for s in CycleState if on_a_day.in_state(s, day, Cycle.objects.all()).exists()]
    assert found == [row.state]
    return row.state


def test_on_any_day_it_is_said_that_the_renewal_waited(exams, renewal):
    _second, whole = renewal
    handed_in = UNTIL + 10 * DAY
    hands_in(exams, whole, handed_in)
    expected = {
        BEGIN: S.CERTIFIED,
        UNTIL: S.RENEWABLE,
        UNTIL + DAY: S.IN_GRACE,
        handed_in - DAY: S.IN_GRACE,
        handed_in: S.AWAITING_APPROVAL,
        GRACE + DAY: S.AWAITING_APPROVAL,
        GRACE + 99 * DAY: S.AWAITING_APPROVAL,
    }
    assert {day: decided(day) for day in expected} == expected
    is_published(exams, whole, GRACE + 40 * DAY)
    assert decided(handed_in) == decided(GRACE + DAY) == S.CERTIFIED
    assert decided(handed_in - DAY) == S.IN_GRACE


def test_on_any_day_it_is_said_that_a_first_cycle_waited(exams, first, programme, learner):
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    assert decided(date(2027, 3, 9)) == S.ASSIGNED
    assert decided(date(2027, 3, 10)) == decided(date(2027, 9, 1)) == S.AWAITING_APPROVAL


def test_a_renewal_that_fails_is_expired_as_it_would_have_been(exams, renewal):
    second, whole = renewal
    hands_in(exams, whole, UNTIL + 10 * DAY)
    is_published(exams, whole, GRACE + 40 * DAY, is_passed=False)
    assert stands(second, GRACE + 40 * DAY) == S.EXPIRED
    assert decided(GRACE + DAY) == S.EXPIRED


def test_a_hand_in_of_before_the_cycle_counts_for_the_cycle_before_alone(exams, renewal):
    second, whole = renewal
    exams.awaited[whole.pk] = Awaited(since=noon(OPENS - DAY), counts_from=OPENS - DAY)
    with on(OPENS):
        awaiting.follow(enrolments=[whole])
    assert reloaded(second).awaited_at is None


def test_a_result_that_is_there_but_not_for_others_to_see_still_waits(exams, renewal):
    """Until the change is due, the app goes on saying that it waits."""
    second, whole = renewal
    hands_in(exams, whole, UNTIL + DAY)
    exams.passed[whole.pk] = UNTIL + DAY
    with on(GRACE + DAY):
        study_status.settle_programmes([whole.pk])
        whole.status_changes.update(due_at=timezone.now() + DAY)
        awaiting.follow(enrolments=[whole])
    assert stands(second, GRACE + DAY) == S.AWAITING_APPROVAL


@pytest.mark.parametrize("end", ["exempt", "withdraw"])
def test_what_is_ended_by_hand_waits_no_more(exams, first, programme, learner, end):
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    with on(date(2027, 4, 1)):
        by = an_administrator()
        getattr(taking_back, end)(assignments=[first.assignment], by=by, reason="Left")
        awaiting.follow(enrolments=[whole])
    assert reloaded(first).awaited_at is None
    assert stands(first, date(2027, 4, 1)) == (S.EXEMPT if end == "exempt" else S.WITHDRAWN)


def test_the_page_says_in_words_what_it_waits_for(client, exams, first, programme, learner):
    whole = entered(programme, learner, BEGIN + DAY)
    hands_in(exams, whole, date(2027, 3, 10))
    with on(date(2027, 3, 11)), translation.override("en"):
        client.force_login(learner)
        page = client.get(first.assignment.certification.get_absolute_url()).text
        assert "Your result is awaited since 10 March" in page
        assert "proof" not in page.lower()
        assert my_certifications.shown(learner, first.certification.pk).next is None
        assert "Your result is awaited" in client.get("/").text
        said = why.reasons(reloaded(first), [], [])
        assert "A result is awaited since 10 March 2027; until it is there, nothing lapses." in said
        assert personal.export(learner)["certifications"][0]["awaited_at"] is not None


def test_who_never_called_is_found_by_night(exams, first, programme, learner):
    whole = entered(programme, learner, BEGIN + DAY)
    exams.awaited[whole.pk] = Awaited(noon(date(2027, 3, 10)), date(2027, 3, 10))
    with on(date(2027, 3, 12)):
        assert [catching_up.settle_unseen() for _twice in range(2)] == [1, 0]
        assert reloaded(first).awaited_on == date(2027, 3, 10)
        exams.awaited.clear()
        assert [catching_up.settle_unseen() for _twice in range(2)] == [1, 0]
        assert reloaded(first).awaited_on is None


def test_where_nobody_answers_settling_asks_nothing_more(first, django_assert_num_queries):
    concerned = [first.pk]
    with django_assert_num_queries(0):
        assert not awaiting.results.awaited_by([1], {("course", 1)}, timezone.now())
    assert awaiting.settling.settle(concerned) == []


def test_waiting_asks_as_much_for_one_as_for_three(exams, programme, django_assert_num_queries):
    with on(BEGIN):
        certification = a_certification(programme, **YEARLY)
        learners = [UserFactory() for _row in range(4)]
        for one in learners:
            assigned(certification, one)
    wholes = [entered(programme, one, BEGIN) for one in learners]
    for group in (wholes[:1], wholes[1:]):
        for whole in group:
            exams.awaited[whole.pk] = Awaited(noon(BEGIN), BEGIN)
        with on(BEGIN), django_assert_num_queries(15):
            assert len(awaiting.follow(enrolments=group)) == len(group)


LOOKS = ("follow", "settle", "night", "drain", "begin")
WHEN = st.lists(st.tuples(st.sampled_from(LOOKS), st.integers(0, 90)), max_size=6)


def look(name, whole, rows):
    acts = {
        "follow": lambda: awaiting.follow(enrolments=[whole]),
        "settle": lambda: awaiting.settling.settle(rows),
        "night": catching_up.settle_unseen,
        "drain": awarding.drain,
        "begin": renewing.begin_due,
    }
    acts[name]()


@given(handed_in=st.integers(0, 120), takes=st.integers(1, 60), is_passed=st.booleans(), looks=WHEN)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whoever_looks_in_whatever_order_gets_the_same(
    exams, programme, handed_in, takes, is_passed, looks
):
    """Two people live the same life; nobody looks at the one but at the end of each stage, at the
    other whenever chance has it."""
    outcomes = []
    for looked_at in ((), looks):
        learner = UserFactory()
        with on(BEGIN):
            assigned(a_certification(programme, **YEARLY), learner)
        first = entered(programme, learner, BEGIN)
        hands_in(exams, first, BEGIN)
        is_published(exams, first, BEGIN)
        whole = entered(programme, learner, OPENS, results_from=OPENS)
        day = OPENS + handed_in * DAY
        rows = Cycle.objects.filter(assignment__learner=learner)
        exams.awaited[whole.pk] = Awaited(since=noon(day), counts_from=day)
        stages = [day, day + takes * DAY]
        for at, before_result in zip(stages, (True, False), strict=True):
            if not before_result:
                waited = exams.awaited.pop(whole.pk)
                if is_passed:
                    exams.passed[whole.pk] = waited.counts_from
                with on(at):
                    study_status.settle_programmes([whole.pk])
            for name, later in sorted(looked_at, key=lambda one: one[1]):
                moment = at + min(later, takes - 1 if before_result else later) * DAY
                with on(moment):
                    look(name, whole, list(rows.values_list("pk", flat=True)))
            with on(at + (takes - 1) * DAY):
                renewing.begin_due()
                catching_up.settle_unseen()
                awarding.drain()
            outcomes.append(
                [
                    (row.number, row.awaited_at, row.completed_on, row.valid_until, row.path)
                    for row in rows.order_by("number")
                ]
            )
    assert outcomes[:2] == outcomes[2:]


@pytest.mark.parametrize("order", list(itertools.permutations(["follow", "night", "drain"])))
def test_the_order_of_the_jobs_makes_no_difference(exams, renewal, order):
    second, whole = renewal
    exams.awaited[whole.pk] = Awaited(noon(UNTIL + DAY), UNTIL + DAY)
    with on(UNTIL + 2 * DAY):
        for name in order:
            look(name, whole, [second.pk])
    assert reloaded(second).awaited_on == UNTIL + DAY
    exams.awaited.clear()
    exams.passed[whole.pk] = UNTIL + DAY
    with on(GRACE + 9 * DAY):
        study_status.settle_programmes([whole.pk])
        for name in order:
            look(name, whole, [second.pk])
    row = reloaded(second)
    assert (row.awaited_on, row.completed_on) == (None, UNTIL + DAY)
    assert Enrolment.objects.get(pk=whole.pk).status == StudyStatus.COMPLETED
