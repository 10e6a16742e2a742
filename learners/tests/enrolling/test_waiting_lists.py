"""Waiting for a place: first come, first served, never beyond the capacity, until the cut-off."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from learners.enrolling import cancelling, changing, entering, waiting_lists, withdrawing
from learners.meetings import planning
from learners.models import (
    Actor,
    Notification,
    Place,
    PlaceState,
    Run,
    StudyStatus,
)
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.status_wishes import Wish
from learners.studying.study_status import StatusRefused, change_statuses, undo_changes
from learners.telling import notify
from learners.tests.at_once import at_once
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    with_status,
)

S, P = StudyStatus, PlaceState
pytestmark = pytest.mark.django_db


def a_full_run(*days, capacity=1, **fields):
    """Make an open run of which every place is taken."""
    course = CourseFactory(open_for_enrolment=True)
    run = a_run(*(days or (30,)), course=course, capacity=capacity, **fields)
    return run, [a_participant(run) for _ in range(capacity)]


def waits(run, **fields):
    """Let somebody new wait for a place."""
    return waiting_lists.enter_open(learner=UserFactory(**fields), run=run)


def leaves(enrolment):
    withdrawing.withdraw(
        enrolment=enrolment,
        by=enrolment.learner,
        actor=Actor.LEARNER,
        notified_on=enrolment.organisation.today(),
    )


def stands(*enrolments):
    """Say where each of them stands: study status and state of the newest place."""
    for enrolment in enrolments:
        enrolment.refresh_from_db()
    return [(e.status, e.places.order_by("-pk").first().state) for e in enrolments]


def told(kind):
    return [n.user for n in Notification.objects.filter(kind=f"learners/{kind}").order_by("pk")]


BOOKED, WAITING = (S.ENROLLED, P.BOOKED), (S.RUN_CHOICE_REQUIRED, P.WAITLISTED)


def test_who_waits_has_to_choose_a_run_and_has_no_place():
    run, _people = a_full_run()
    assert stands(waits(run)) == [WAITING]
    assert run.places.booked().count() == 1
    assert not Notification.objects.exists(), "who did it themselves need not be told"


def test_where_a_place_is_free_after_all_it_is_given():
    run = a_run(30, course=CourseFactory(open_for_enrolment=True), capacity=1)
    assert stands(waits(run)) == [BOOKED]


def test_waiting_twice_is_waiting_once():
    run, _people = a_full_run()
    first = waits(run)
    since = first.places.get().waits_since
    assert waiting_lists.enter_open(learner=first.learner, run=run) == first
    assert first.places.get().waits_since == since
    assert first.status_changes.count() == 1


def test_a_withdrawal_lets_the_first_move_up_in_the_same_transaction():
    run, (gone,) = a_full_run()
    first, second = waits(run), waits(run)
    leaves(gone)
    assert stands(first, second) == [BOOKED, WAITING]
    assert told("moved_up") == [first.learner]
    assert [c.to_status for c in first.status_changes.order_by("pk")] == [
        S.RUN_CHOICE_REQUIRED,
        S.ENROLLED,
    ]


@pytest.mark.parametrize(
    ("status", "actor"),
    [(S.EXEMPT, Actor.ADMINISTRATOR), (S.CANCELLED, Actor.SYSTEM)],
)
def test_an_exemption_and_a_cancellation_let_the_first_move_up(status, actor):
    run, (gone,) = a_full_run()
    first = waits(run)
    wish = Wish(enrolment_id=gone.pk, to=status)
    by = None if actor is Actor.SYSTEM else an_administrator()
    change_statuses(wishes=[wish], by=by, actor=actor)
    assert stands(first) == [BOOKED]


def test_a_change_of_run_lets_the_first_move_up():
    run, (goes,) = a_full_run()
    first = waits(run)
    other = a_run(40, course=run.course)
    changing.change_run(enrolment=goes, run=other, by=goes.learner)
    assert stands(first) == [BOOKED]
    assert goes.places.booked().get().run == other


def test_several_places_that_are_freed_at_once_go_to_as_many_in_their_order():
    run, people = a_full_run(capacity=3)
    line = [waits(run) for _ in range(4)]
    wishes = [Wish(enrolment_id=one.pk, to=S.CANCELLED) for one in people[:2]]
    change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)
    assert stands(*line) == [BOOKED, BOOKED, WAITING, WAITING]


@pytest.mark.parametrize("rows", [1, 3])
def test_moving_up_asks_as_much_for_one_as_for_three(rows, django_assert_num_queries):
    run, _people = a_full_run(capacity=rows)
    line = [waits(run) for _ in range(rows)]
    Run.objects.update(capacity=rows * 2)
    with django_assert_num_queries(18):
        given = waiting_lists.move_up(runs=[run])
    assert [place.enrolment for place in given] == line


def test_nobody_moves_up_beyond_the_capacity():
    run, _people = a_full_run(capacity=2)
    line = [waits(run) for _ in range(3)]
    Run.objects.update(capacity=1)
    assert waiting_lists.move_up(runs=[run]) == []
    Run.objects.update(capacity=3)
    waiting_lists.move_up(runs=[run])
    waiting_lists.move_up(runs=[run])
    assert stands(*line) == [BOOKED, WAITING, WAITING]


def test_without_a_limit_everybody_moves_up():
    run, _people = a_full_run()
    line = [waits(run) for _ in range(3)]
    Run.objects.update(capacity=None)
    waiting_lists.sweep()
    assert stands(*line) == [BOOKED] * 3
    assert len(told("moved_up")) == 3


def test_after_the_cut_off_nobody_moves_up_by_themselves_but_an_administrator_gives_a_place():
    run, (gone,) = a_full_run()
    first = waits(run)
    run.enrol_until = run.course.organisation.today() - timedelta(days=1)
    run.save()
    planning.keep_run(run=run)
    leaves(gone)
    assert waiting_lists.sweep() == 0
    assert stands(first) == [WAITING]
    entering.choose_run(enrolment=first, run=run, by=an_administrator())
    assert stands(first) == [BOOKED]


def test_whose_term_lapsed_is_passed_over():
    run, (gone,) = a_full_run()
    first, second = waits(run), waits(run)
    with_status(first, S.TERM_LAPSED)
    leaves(gone)
    assert stands(first, second) == [(S.TERM_LAPSED, P.WAITLISTED), BOOKED]


def test_an_undo_whose_place_was_given_away_is_refused():
    run, (gone,) = a_full_run()
    waits(run)
    by = an_administrator()
    wish = Wish(enrolment_id=gone.pk, to=S.WITHDRAWN_VALID)
    changes = change_statuses(wishes=[wish], by=by, actor=Actor.ADMINISTRATOR)
    with pytest.raises(StatusRefused, match=r"given away"):
        undo_changes(changes=changes, by=by, actor=Actor.ADMINISTRATOR)


def test_who_leaves_the_list_stays_in_the_course_and_joins_again_at_its_end():
    run, (gone,) = a_full_run()
    first, second = waits(run), waits(run)
    for _twice in range(2):
        waiting_lists.leave(enrolment=first, by=first.learner)
    assert stands(first) == [(S.RUN_CHOICE_REQUIRED, P.RELEASED)]
    waiting_lists.join(enrolment=first, run=run, by=first.learner)
    assert [place.enrolment for place in waiting_lists.of_run(run)] == [second, first]
    leaves(gone)
    assert stands(first, second) == [WAITING, BOOKED]


def test_who_withdraws_while_waiting_leaves_the_list_with_a_valid_reason():
    run, _people = a_full_run(3)
    first, second = waits(run), waits(run)
    leaves(first)
    assert stands(first) == [(S.WITHDRAWN_VALID, P.RELEASED)]
    assert waiting_lists.place_of(second).ahead == 0


def test_choosing_another_run_leaves_the_list():
    run, _people = a_full_run()
    first = waits(run)
    other = a_run(40, course=run.course)
    entering.choose_run(enrolment=first, run=other, by=first.learner)
    assert dict(first.places.values_list("run", "state")) == {
        run.pk: P.RELEASED,
        other.pk: P.BOOKED,
    }


def test_one_waits_for_one_run_at_a_time():
    run, _people = a_full_run()
    other = a_run(40, course=run.course, capacity=1)
    a_participant(other)
    first = waits(run)
    waiting_lists.join(enrolment=first, run=other, by=first.learner)
    assert waiting_lists.of_run(run) == []
    assert waiting_lists.place_of(first).run == other


def test_who_has_a_place_cannot_wait_for_another():
    run, _people = a_full_run()
    booked = a_participant(a_run(40, course=run.course))
    with pytest.raises(EnrolmentRefused, match=r"another run"):
        waiting_lists.join(enrolment=booked, run=run, by=booked.learner)


def test_a_run_that_closed_or_was_cancelled_has_no_list():
    begun, _people = a_full_run(-1, 5)
    with pytest.raises(EnrolmentRefused, match=r"no longer"):
        waits(begun)
    run, _people = a_full_run()
    cancelling.cancel_run(run=run, by=an_administrator())
    learner = UserFactory()
    with pytest.raises(EnrolmentRefused, match=r"cancelled"):
        waiting_lists.enter(
            learner=learner, run=run, by=an_administrator(), actor=Actor.ADMINISTRATOR
        )


def test_whom_an_administrator_puts_on_the_list_is_told():
    run, _people = a_full_run()
    enrolment = waiting_lists.enter(
        learner=UserFactory(), run=run, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    assert told("on_waiting_list") == [enrolment.learner]


def test_when_the_run_begins_its_list_closes_and_who_waited_is_told_once():
    run, _people = a_full_run(1)
    first = waits(run)
    later = timezone.now() + timedelta(days=2)
    assert [waiting_lists.sweep(now=later), waiting_lists.sweep(now=later)] == [1, 0]
    assert stands(first) == [(S.RUN_CHOICE_REQUIRED, P.RELEASED)]
    assert told("waiting_list_closed") == [first.learner]


def test_a_cancelled_run_strikes_who_waits_too():
    run, (booked,) = a_full_run()
    alone = waits(run)
    learner = UserFactory()
    whole = entering.enrol_in_programme(
        learner=learner, programme=a_programme(run.course), by=learner, actor=Actor.LEARNER
    )
    chooses = whole.parts.get()
    waiting_lists.join(enrolment=chooses, run=run, by=learner)
    cancelling.cancel_run(run=run, by=an_administrator())
    assert stands(booked, alone, chooses) == [
        (S.CANCELLED, P.RELEASED),
        (S.CANCELLED, P.RELEASED),
        (S.RUN_CHOICE_REQUIRED, P.RELEASED),
    ]
    assert len(told("run_cancelled")) == 3
    assert told("moved_up") == []


def test_a_place_is_booked_or_waited_for_once_per_enrolment():
    run, _people = a_full_run()
    first = waits(run)
    other = a_run(40, course=run.course)
    for state in (P.BOOKED, P.WAITLISTED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.create(
                enrolment=first, run=other, state=state, waits_since=timezone.now()
            )


def test_who_waits_does_so_since_some_moment():
    _run, (booked,) = a_full_run()
    with pytest.raises(IntegrityError), transaction.atomic():
        booked.places.update(state=P.WAITLISTED)


def test_the_mail_names_the_course_in_both_languages_and_where_to_go():
    run, (gone,) = a_full_run()
    first = waits(run)
    leaves(gone)
    notification = Notification.objects.get(user=first.learner)
    said = notify.words(notification, "en")
    assert said.subject == "You have a place in “First aid”"
    assert first.get_absolute_url() in said.body
    assert "Eerste hulp" in notify.words(notification, "nl").subject


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
class TestAtTheSameTime:
    def test_two_places_that_are_freed_at_once_go_to_the_two_who_wait(self):
        run, people = a_full_run(capacity=2)
        line = [waits(run) for _ in range(3)]
        at_once(*(lambda one=one: leaves(one) for one in people))
        assert stands(*line) == [BOOKED, BOOKED, WAITING]

    def test_a_place_that_is_freed_while_somebody_joins_is_not_left_over(self):
        run, (gone,) = a_full_run()
        learner = UserFactory()
        at_once(
            lambda: leaves(gone),
            lambda: waiting_lists.enter_open(learner=learner, run=run),
        )
        assert run.places.booked().get().enrolment.learner == learner

    def test_two_who_change_runs_with_each_other_do_not_block(self):
        course = CourseFactory(open_for_enrolment=True)
        runs = [a_run(day, course=course, capacity=2) for day in (30, 40)]
        people = [a_participant(run) for run in runs]
        at_once(
            *(
                lambda one=one, to=to: changing.change_run(enrolment=one, run=to, by=one.learner)
                for one, to in zip(people, reversed(runs), strict=True)
            )
        )
        assert [one.places.booked().get().run for one in people] == runs[::-1]
