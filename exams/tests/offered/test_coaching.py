"""What assignments offer who coaches, and the board."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from exams.conversing import conversations
from exams.models import Work
from exams.offered import coaching
from exams.reviewing import queues, waiting
from exams.sampling import samples
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    an_exam_programme,
    work_on,
)
from learners.hooks.registry import offers
from learners.models import Membership, Role, User
from learners.tests.factories import CourseFactory, UserFactory, a_programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def programme():
    return an_exam_programme(3)


@pytest.fixture
def coach(programme) -> User:
    return a_coach(programme, language="en")


def test_all_that_waits_is_one_row_since_the_oldest(programme, coach) -> None:
    enrolment = a_follower(programme, coach)
    oldest = work_on(enrolment, 1)
    a_hand_in(oldest)
    a_hand_in(work_on(enrolment, 2))
    conversations.say(work=oldest, by=enrolment.learner, text="Is this what you mean?")
    a_hand_in(work_on(a_follower(programme)))  # of whom nobody coaches
    (row,) = coaching.waiting(coach)
    assert row.what == "2 hand-ins and 1 question wait for you"
    oldest.refresh_from_db()
    assert (row.since, row.is_urgent) == (oldest.waits_since, False)
    assert row.turn.is_of(coach)


def test_what_waits_on_the_way_to_an_exam_is_counted_along(programme, coach) -> None:
    enrolment = a_follower(programme, coach)
    a_hand_in(work_on(enrolment, 1))
    conversations.say(work=work_on(enrolment, 2), by=enrolment.learner, text="What now?")
    samples.draw(enrolment=enrolment, by=coach)
    (row,) = coaching.waiting(coach)
    assert row.what == "1 hand-in, 1 question and 1 sample wait for you"


def test_it_is_urgent_once_something_is_late(programme, coach) -> None:
    work = work_on(a_follower(programme, coach))
    a_hand_in(work)
    yesterday = programme.organisation.today() - timedelta(days=1)
    Work.objects.filter(pk=work.pk).update(expected_on=yesterday)
    (row,) = coaching.waiting(coach)
    assert (row.what, row.is_urgent) == ("1 hand-in waits for you", True)
    assert row.text.endswith("1 is late")


@pytest.mark.parametrize("days_ago", [0, 7, 20])
def test_late_is_what_the_queue_calls_late(programme, coach, days_ago) -> None:
    work = work_on(a_follower(programme, coach))
    at = timezone.now() - timedelta(days=days_ago)
    conversations.say(work=work, by=work.enrolment.learner, text="Is dit genoeg?", at=at)
    other = a_hand_in(work_on(a_follower(programme, coach))).work
    expected_on = queues.answer_by(programme.organisation, at)
    Work.objects.filter(pk=other.pk).update(expected_on=expected_on)
    late = 2 if expected_on < programme.organisation.today() else 0
    assert waiting.of(coach).late == queues.late(queues.of(coach), coach).ordered().count() == late


def test_what_was_reviewed_waits_for_nobody(programme, coach) -> None:
    a_review(a_hand_in(work_on(a_follower(programme, coach))), coach)
    assert coaching.waiting(coach) == []


def test_the_board_has_what_nobody_coaches(programme, coach) -> None:
    board = a_board_member(programme)
    a_hand_in(work_on(a_follower(programme)))
    a_hand_in(work_on(a_follower(programme, coach)))
    (row,) = coaching.waiting(board)
    assert row.what == "1 hand-in without a coach waits for you"
    (item,) = coaching.nav(board)
    assert (item.title, item.url) == ("Work without a coach", "/my-learners/waiting/")


def test_a_coach_who_is_of_the_board_has_it_beside_their_learners(programme, coach) -> None:
    Membership.objects.create(user=coach, organisation=programme.organisation, role=Role.BOARD)
    a_hand_in(work_on(a_follower(programme)))
    assert coaching.nav(coach) == []
    (row,) = coaching.waiting(coach)
    assert row.what == "1 hand-in waits for you"


def tabs(user: User) -> list[tuple[str, int]]:
    pages = [page for offer in offers() for page in offer.coaching_pages(user)]
    return [(str(page.title), page.waiting) for page in sorted(pages, key=lambda page: page.order)]


def test_who_coaches_has_three_pages_and_the_board_two(programme, coach) -> None:
    a_hand_in(work_on(a_follower(programme, coach)))
    assert tabs(coach) == [("My learners", 0), ("Waits for me", 1), ("Progress", 0)]
    assert tabs(a_board_member(programme)) == [("Waits for me", 0), ("Progress", 0)]
    assert tabs(UserFactory()) == []


def test_the_page_of_a_coached_person_shows_their_assignments(client, programme, coach) -> None:
    enrolment = a_follower(programme, coach)
    work = work_on(enrolment, 2)
    a_hand_in(work)
    client.force_login(coach)
    page = client.get(f"/my-learners/{enrolment.pk}/").text
    assert "10 of 30 XP" in page
    assert work.get_review_url() in page
    assert f'href="/my-learners/{enrolment.pk}/assignments/"' in page
    assert page.index("Assignment 2") < page.index("Assignment 1")


def test_a_programme_without_assignments_has_no_card(client, coach, programme) -> None:
    plain = a_programme(CourseFactory(), organisation=programme.organisation)
    assert coaching.coached_sections(coach, a_follower(plain, coach)) == []


@pytest.mark.parametrize("number", [1, 3])
def test_home_asks_as_much_for_one_as_for_three_and_at_most_twelve(
    client, programme, coach, number, django_assert_max_num_queries
) -> None:
    Membership.objects.create(user=coach, organisation=programme.organisation, role=Role.BOARD)
    for _n in range(number):
        enrolment = a_follower(programme, coach)
        work = work_on(enrolment)
        a_hand_in(work)
        conversations.say(work=work, by=enrolment.learner, text="A question")
    client.force_login(coach)
    with django_assert_max_num_queries(12) as asked:
        client.get("/")
    assert len(asked) == HOME_QUERIES


# session, user with bell, memberships, courses, programmes, certifications, certificates,
# calendar, who is coached, assignments of one's own, what waits
HOME_QUERIES = 12


def test_who_reviews_nowhere_is_asked_nothing(programme, django_assert_num_queries) -> None:
    learner = a_follower(programme).learner
    list(learner.memberships.all())
    coaching.waiting(learner)
    with django_assert_num_queries(0):
        coaching.waiting(learner)
        coaching.nav(learner)
        coaching.coaching_pages(learner)
