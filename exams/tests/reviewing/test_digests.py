"""Who hears that reviews are late, and when."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from exams.conversing import conversations
from exams.models import Verdict
from exams.reviewing import digests
from exams.sampling import samples
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    a_review,
    an_exam_programme,
    work_on,
)
from learners.enrolling.standing_in import name_stand_in
from learners.models import Enrolment, Notification, StudyStatus, User
from learners.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Amsterdam")
# Handed in on Tuesday 1 December, to be reviewed within five working days: by Tuesday 8 December.
HANDED_IN = datetime(2026, 12, 1, 10, tzinfo=ZONE)
FIRST_LATE_DAY = date(2026, 12, 9)


@pytest.fixture
def clock():
    with time_machine.travel(HANDED_IN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def programme(clock):
    return an_exam_programme()


@pytest.fixture
def coach(programme) -> User:
    return a_coach(programme)


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=hour)


def told(clock, day: date, hour: int = 8) -> list[tuple[str, User]]:
    """Run the digests at this hour; return who was told what in all, in the order of telling."""
    clock.move_to(at(day, hour), tick=False)
    digests.tell_late()
    rows = Notification.objects.filter(kind__startswith="exams/late").order_by("pk")
    return [(row.kind.removeprefix("exams/late_for_"), row.user) for row in rows]


def test_a_coach_hears_of_it_on_the_morning_after_the_day_it_was_expected(
    clock, programme, coach
) -> None:
    a_hand_in(work_on(a_follower(programme, coach)))
    assert told(clock, FIRST_LATE_DAY - timedelta(days=1), 12) == []
    assert told(clock, FIRST_LATE_DAY, 6) == []
    assert told(clock, FIRST_LATE_DAY, 7) == [("coach", coach)]
    said = Notification.objects.get(kind="exams/late_for_coach")
    assert said.params["number"] == 1
    assert said.params["since"] == "2026-12-01"
    assert said.url == "/my-learners/waiting/"


def test_all_that_is_late_is_one_message_a_day_however_often_it_runs(
    clock, programme, coach
) -> None:
    enrolment = a_follower(programme, coach)
    a_hand_in(work_on(enrolment, 1))
    a_hand_in(work_on(enrolment, 2))
    a_hand_in(work_on(a_follower(programme, coach)))
    told(clock, FIRST_LATE_DAY)
    assert told(clock, FIRST_LATE_DAY, 15) == [("coach", coach)]
    assert Notification.objects.get(kind="exams/late_for_coach").params["number"] == 3
    assert told(clock, FIRST_LATE_DAY + timedelta(days=1)) == [("coach", coach)] * 2


def test_nobody_hears_anything_in_a_weekend_or_on_a_holiday(clock, programme, coach) -> None:
    a_hand_in(work_on(a_follower(programme, coach)))
    saturday = date(2026, 12, 12)
    assert told(clock, saturday) == []
    assert told(clock, saturday + timedelta(days=1)) == []
    assert told(clock, date(2026, 12, 25)) == []


def test_a_morning_that_was_missed_is_made_up_for_later_that_day_and_not_the_next(
    clock, programme, coach
) -> None:
    a_hand_in(work_on(a_follower(programme, coach)))
    assert told(clock, FIRST_LATE_DAY, 16) == [("coach", coach)]
    assert told(clock, FIRST_LATE_DAY, 21) == [("coach", coach)]
    long_after = FIRST_LATE_DAY + timedelta(days=5)  # the beat stood still for days
    kinds = [kind for kind, _who in told(clock, long_after)]
    assert kinds == ["coach", "coach"]


def test_the_day_is_that_of_the_institution(clock) -> None:
    there = OrganisationFactory(time_zone="Pacific/Auckland", holidays="none")
    programme = an_exam_programme(organisation=there)
    coach = a_coach(programme)
    # Tuesday evening here is Wednesday there: expected by Wednesday 9 December.
    with time_machine.travel(datetime(2026, 12, 1, 20, tzinfo=ZONE), tick=False):
        a_hand_in(work_on(a_follower(programme, coach)))
    clock.move_to(datetime(2026, 12, 9, 10, 59, tzinfo=UTC), tick=False)  # a minute to midnight
    digests.tell_late()
    clock.move_to(datetime(2026, 12, 9, 11, 1, tzinfo=UTC), tick=False)  # after it
    digests.tell_late()
    assert not Notification.objects.filter(kind="exams/late_for_coach").exists()
    clock.move_to(datetime(2026, 12, 9, 18, 30, tzinfo=UTC), tick=False)  # 7:30 on the tenth
    digests.tell_late()
    assert Notification.objects.get(kind="exams/late_for_coach").user == coach


def test_whoever_stands_in_hears_of_it_too_and_only_in_those_days(clock, programme, coach) -> None:
    other = a_coach(programme)
    a_hand_in(work_on(a_follower(programme, coach)))
    name_stand_in(
        coach=coach,
        stand_in=other,
        organisation=programme.organisation,
        starts_on=FIRST_LATE_DAY,
        ends_on=FIRST_LATE_DAY,
        by=coach,
    )
    first = told(clock, FIRST_LATE_DAY)
    assert sorted(first, key=str) == sorted([("coach", coach), ("coach", other)], key=str)
    assert told(clock, FIRST_LATE_DAY + timedelta(days=1))[2:] == [("coach", coach)]


def test_the_board_hears_of_what_a_coach_left_lying_for_its_working_days(
    clock, programme, coach
) -> None:
    board = a_board_member(programme)
    a_hand_in(work_on(a_follower(programme, coach)))
    # expected by Tuesday 8 December: five working days later is Tuesday 15 December
    assert ("board", board) not in told(clock, date(2026, 12, 14))
    assert ("board", board) in told(clock, date(2026, 12, 15))
    said = Notification.objects.get(kind="exams/late_for_board")
    assert (said.params["left"], said.params["alone"]) == (1, 0)
    assert said.url == "/my-learners/progress/"
    assert told(clock, date(2026, 12, 16)).count(("board", board)) == 2


def test_the_board_hears_of_who_has_no_coach_from_the_first_late_day(clock, programme) -> None:
    board, elsewhere = a_board_member(programme), a_board_member(an_exam_programme())
    a_hand_in(work_on(a_follower(programme)))
    assert told(clock, FIRST_LATE_DAY - timedelta(days=1)) == []
    assert told(clock, FIRST_LATE_DAY) == [("board", board)]
    said = Notification.objects.get(kind="exams/late_for_board")
    assert (said.params["left"], said.params["alone"]) == (0, 1)
    assert said.url == "/my-learners/waiting/"
    assert elsewhere not in [who for _kind, who in told(clock, FIRST_LATE_DAY)]


def test_what_was_reviewed_or_is_not_followed_any_more_is_not_late(clock, programme, coach) -> None:
    a_review(a_hand_in(work_on(a_follower(programme, coach))), coach, Verdict.SENT_BACK)
    ended = a_follower(programme, coach)
    a_hand_in(work_on(ended))
    Enrolment.objects.filter(pk=ended.pk).update(status=StudyStatus.NOT_PASSED)
    assert told(clock, FIRST_LATE_DAY) == []


def test_a_question_is_late_and_left_lying_by_the_same_days_as_a_hand_in(
    clock, programme, coach
) -> None:
    board = a_board_member(programme)
    work = work_on(a_follower(programme, coach))
    conversations.say(work=work, by=work.enrolment.learner, text="Is dit genoeg?")
    a_hand_in(work_on(a_follower(programme, coach)))
    assert told(clock, FIRST_LATE_DAY - timedelta(days=1)) == []
    assert told(clock, FIRST_LATE_DAY) == [("coach", coach)]
    assert Notification.objects.get(kind="exams/late_for_coach").params["number"] == 2
    assert ("board", board) not in told(clock, date(2026, 12, 14))
    assert ("board", board) in told(clock, date(2026, 12, 15))
    assert Notification.objects.get(kind="exams/late_for_board").params["left"] == 2


def test_a_sample_is_late_with_the_coach_first_and_then_with_the_board(
    clock, programme, coach
) -> None:
    board = a_board_member(programme)
    enrolment = a_follower(programme, coach)
    a_review(a_hand_in(work_on(enrolment)), coach)
    samples.draw(enrolment=enrolment, by=coach)
    assert told(clock, FIRST_LATE_DAY - timedelta(days=1)) == []
    assert told(clock, FIRST_LATE_DAY) == [("coach", coach)]
    assert Notification.objects.get(kind="exams/late_for_coach").params["number"] == 1
    assert ("board", board) not in told(clock, date(2026, 12, 14))
    assert ("board", board) in told(clock, date(2026, 12, 15))


def test_the_days_of_a_sample_are_those_of_its_institution(clock, programme, coach) -> None:
    programme.organisation.sample_days = 10
    programme.organisation.save()
    enrolment = a_follower(programme, coach)
    a_review(a_hand_in(work_on(enrolment)), coach)
    samples.draw(enrolment=enrolment, by=coach)
    assert told(clock, date(2026, 12, 15)) == []
    assert told(clock, date(2026, 12, 16)) == [("coach", coach)]


def test_a_new_sample_that_nobody_drew_is_late_too(clock, programme, coach) -> None:
    enrolment = a_follower(programme, coach)
    for number in (1, 2):
        a_review(a_hand_in(work_on(enrolment, number)), coach)
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_decision(sample, coach, 1)
    work = sample.items.get(position=1).hand_in.work
    a_review(a_hand_in(work, "Beter."), coach)
    samples.apply(enrolment=enrolment, by=enrolment.learner)
    assert told(clock, FIRST_LATE_DAY) == [("coach", coach)]


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_much_for_one_as_for_three(
    clock, programme, coach, number, django_assert_num_queries
) -> None:
    a_board_member(programme)
    for _n in range(number):
        a_hand_in(work_on(a_follower(programme, coach)))
        a_hand_in(work_on(a_follower(programme)))
    clock.move_to(at(FIRST_LATE_DAY), tick=False)
    # institutions, reviews, answers, samples, new ones, coaches, stand-ins, the board; what was
    # told, twice
    with django_assert_num_queries(10):
        digests.tell_late()
