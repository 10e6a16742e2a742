"""What waits for who reviews."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from exams.conversing import conversations
from exams.pages import queue
from exams.releasing import releases
from exams.reviewing import waiting
from exams.sampling import samples
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    a_review,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import Role, StandIn
from learners.tests.factories import a_member

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-23 10:00 +01:00"


def address() -> str:
    return reverse("exams:review_list")


@pytest.fixture
def programme():
    programme = an_exam_programme()
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme, name="Joris De Wachter", language="en")


def rows(user, **said):
    form = queue.QueueFilter(said, user=user)
    return queue.rows_at(queue.found(user, form), user)


def names(user, **said):
    return [row.learner.name for row in rows(user, **said)]


def a_waiting(programme, *coaches, name="Lotte Aerts", days_ago=0, number=1):
    """Let a learner of this name hand something in so many days ago."""
    learner = a_member(Role.LEARNER, programme.organisation, name=name)
    with time_machine.travel(timezone.now() - timedelta(days=days_ago), tick=False):
        work = work_on(a_follower(programme, *coaches, learner=learner), number)
        a_hand_in(work)
    return work


def ask(work, text="Mag het ook een film zijn?"):
    return conversations.say(work=work, by=work.enrolment.learner, text=text)


def test_hand_ins_and_questions_are_listed_the_longest_waiting_first(programme, coach):
    a_waiting(programme, coach, name="Bram Kuipers", days_ago=1)
    a_waiting(programme, coach, name="Lotte Aerts", days_ago=5)
    asker = a_member(Role.LEARNER, programme.organisation, name="Noor Peeters")
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        ask(work_on(a_follower(programme, coach, learner=asker)))
    assert names(coach) == ["Lotte Aerts", "Noor Peeters", "Bram Kuipers"]
    assert [row.is_to_review for row in rows(coach)] == [True, False, True]


def test_a_work_with_a_question_is_one_row_that_waits_since_the_older_of_both(programme, coach):
    work = a_waiting(programme, coach, days_ago=2)
    ask(work)
    (row,) = rows(coach)
    work.refresh_from_db()
    assert (row.since, bool(row.asked_at), row.is_to_review) == (work.waits_since, True, True)


def test_what_was_reviewed_or_answered_waits_no_more(programme, coach):
    work = a_waiting(programme, coach)
    ask(work)
    a_review(work.hand_ins.get(), coach)
    assert [row.is_to_review for row in rows(coach)] == [False]
    conversations.say(work=work, by=coach, text="Ja hoor.")
    assert rows(coach) == []


def test_a_learner_of_another_coach_is_not_listed(programme, coach):
    a_waiting(programme, a_coach(programme))
    assert rows(coach) == []


def test_a_stand_in_sees_for_whom(programme, coach):
    a_waiting(programme, coach)
    other = a_coach(programme)
    StandIn.objects.create(
        coach=coach,
        stand_in=other,
        organisation=programme.organisation,
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() + timedelta(days=1),
    )
    (row,) = rows(other)
    assert (row.stands_in_for, row.is_boards) == ("Joris De Wachter", False)
    assert [(row.others, row.stands_in_for) for row in rows(coach)] == [([other], "")]


def test_the_board_sees_only_of_whom_nobody_coaches_and_that_is_said(programme, coach, client):
    a_waiting(programme, coach, name="Bram Kuipers")
    a_waiting(programme, name="Lotte Aerts")
    board = a_board_member(programme, language="en")
    assert names(board) == ["Lotte Aerts"]
    client.force_login(board)
    assert "Nobody coaches this learner" in client.get(address()).text


@time_machine.travel(MONDAY, tick=False)
def test_a_row_says_by_when_and_how_late(programme, coach, client):
    late = a_waiting(programme, coach, name="Bram Kuipers", days_ago=17)
    a_waiting(programme, coach, name="Lotte Aerts")
    late.refresh_from_db()
    days = (timezone.localdate() - late.expected_on).days
    first, second = rows(coach)
    assert (first.days_late, second.days_late) == (days, 0)
    client.force_login(coach)
    assert f"{days} days late" in client.get(address()).text


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize("days_ago", [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
def test_only_late_shows_just_what_a_row_calls_late(programme, coach, days_ago):
    a_waiting(programme, coach, name="Bram Kuipers", days_ago=days_ago)
    asker = a_member(Role.LEARNER, programme.organisation, name="Noor Peeters")
    with time_machine.travel(timezone.now() - timedelta(days=days_ago), tick=False):
        ask(work_on(a_follower(programme, coach, learner=asker)))
    late = [row.learner.name for row in rows(coach) if row.days_late]
    assert names(coach, late="on") == late


def test_filters_narrow_by_name_programme_and_questions(programme, coach):
    a_waiting(programme, coach, name="Bram Kuipers")
    other = an_exam_programme(organisation=programme.organisation)
    ask(a_waiting(other, coach, name="Lotte Aerts"))
    assert names(coach, text="kuip") == ["Bram Kuipers"]
    assert names(coach, programme=str(other.pk)) == ["Lotte Aerts"]
    assert names(coach, kind="questions") == ["Lotte Aerts"]


def test_an_empty_queue_says_what_will_come(coach, client):
    client.force_login(coach)
    assert "Nobody waits for you" in client.get(address()).text
    assert "Nothing of this kind waits" in client.get(address(), {"text": "x"}).text


def test_the_list_is_not_for_a_learner(programme, client):
    client.force_login(a_member(Role.LEARNER, programme.organisation))
    assert client.get(address()).status_code == 403


@pytest.mark.parametrize("said", [{}, {"late": "on"}], ids=["all", "late"])
@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    programme, coach, client, number, said, django_assert_num_queries
):
    for _one in range(number):
        ask(a_waiting(programme, coach, days_ago=30))
    client.force_login(coach)
    with django_assert_num_queries(8):  # three are the frame's
        client.get(address(), said)


# On the way to an exam


def a_way(programme, *coaches, name="Lotte Aerts", days_ago=0):
    """Let somebody have enough XP for their exam, so many days ago."""
    learner = a_member(Role.LEARNER, programme.organisation, name=name)
    with time_machine.travel(timezone.now() - timedelta(days=days_ago), tick=False):
        enrolment = a_follower(programme, *coaches, learner=learner)
        for number in (1, 2):
            a_review(a_hand_in(work_on(enrolment, number)), coaches[0])
    return enrolment


def asked_again(programme, coach, **who):
    """Let somebody improve what their sample refused, and ask for a new one."""
    enrolment = a_way(programme, coach, **who)
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_decision(sample, coach, 1)
    a_hand_in(sample.items.get(position=1).hand_in.work, "Beter.")
    a_review(sample.items.get(position=1).hand_in.work.hand_ins.first(), coach)
    samples.apply(enrolment=enrolment, by=enrolment.learner)
    return enrolment


def to_release(programme, coach, **who):
    enrolment = a_way(programme, coach, **who)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    return enrolment


def test_samples_new_ones_and_exams_stand_among_hand_ins(programme, coach, client):
    a_waiting(programme, coach, name="Bram Kuipers", days_ago=2)
    drawn = samples.draw(enrolment=a_way(programme, coach), by=coach)
    again = asked_again(programme, coach, name="Noor Peeters")
    release = to_release(programme, coach, name="Sam Wouters")
    found = rows(coach)
    assert [row.act for row in found] == ["", "assess", "draw", "release"]
    assert [row.learner.name for row in found][1:] == ["Lotte Aerts", "Noor Peeters", "Sam Wouters"]
    ways = [reverse("exams:learner_exam", args=[one.pk]) for one in (again, release)]
    assert [row.url for row in found][1:] == [drawn.get_absolute_url(), *ways]
    for kind in ("assess", "draw", "release"):
        assert [row.act for row in rows(coach, kind=kind)] == [kind]
    assert [row.act for row in rows(coach, kind="review")] == [""]
    assert names(coach, text="noor") == ["Noor Peeters"]
    client.force_login(coach)
    page = client.get(address()).text
    assert "A new sample was asked for" in page
    assert "The exam can be released" in page


def test_a_late_sample_says_so_and_only_late_finds_it(programme, coach):
    enrolment = a_way(programme, coach, days_ago=30)
    with time_machine.travel(timezone.now() - timedelta(days=20), tick=False):
        samples.draw(enrolment=enrolment, by=coach)
    to_release(programme, coach, name="Sam Wouters")
    (row,) = rows(coach, late="on")
    assert (row.act, row.days_late > 0) == ("assess", True)


def test_what_was_decided_or_released_waits_no_more(programme, coach):
    releases.release(enrolment=to_release(programme, coach), by=coach)
    a_decision(samples.draw(enrolment=a_way(programme, coach), by=coach), coach, 1)
    assert rows(coach) == []


def test_a_sample_that_was_approved_waits_for_nobody_while_xp_lacks(programme, coach):
    enrolment = a_follower(programme, coach)
    a_review(a_hand_in(work_on(enrolment)), coach)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    assert rows(coach) == []
    a_review(a_hand_in(work_on(enrolment, 2)), coach)
    assert [row.act for row in rows(coach)] == ["release"]


def test_the_board_has_the_samples_of_whom_nobody_coaches(programme, coach):
    board = a_board_member(programme)
    samples.draw(enrolment=a_way(programme, coach), by=coach)
    alone = a_way(programme, board, name="Noor Peeters")
    samples.draw(enrolment=alone, by=board)
    (row,) = rows(board)
    assert (row.learner.name, row.is_boards) == ("Noor Peeters", True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_with_all_kinds_of_what_waits(
    programme, coach, client, number, django_assert_num_queries
):
    for _one in range(number):
        a_waiting(programme, coach)
        samples.draw(enrolment=a_way(programme, coach), by=coach)
        asked_again(programme, coach)
        to_release(programme, coach)
    client.force_login(coach)
    with django_assert_num_queries(8):  # three are the frame's
        client.get(address())


def test_the_tab_counts_the_way_as_the_list_shows_it(programme, coach):
    samples.draw(enrolment=a_way(programme, coach), by=coach)
    asked_again(programme, coach)
    to_release(programme, coach)
    found = waiting.of(coach)
    assert (found.samples, found.new_samples, found.releases) == (1, 1, 1)
    assert found.number == len(rows(coach)) == 3


def test_the_tab_counts_as_many_as_the_list_shows(programme, coach):
    ask(a_waiting(programme, coach))
    ask(a_waiting(programme, coach, number=2))
    asker = a_member(Role.LEARNER, programme.organisation)
    ask(work_on(a_follower(programme, coach, learner=asker)))
    found = waiting.of(coach)
    assert found.number == len(rows(coach)) == 3
    assert (found.hand_ins, found.questions) == (2, 3)
