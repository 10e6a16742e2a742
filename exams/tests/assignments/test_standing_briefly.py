"""Where people stand in assignments alone says the same as where they stand in all."""

import pytest

from exams.assignments import standing
from exams.models import ThemeCourse, Verdict
from exams.tests.factories import (
    ThemeFactory,
    a_coach,
    a_course_in,
    a_follower,
    a_hand_in,
    a_review,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.tests.factories import an_online_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def followers():
    programme = an_exam_programme(2)
    theme = ThemeFactory(programme=programme, position=2)
    an_assignment(theme)
    a_course_in(theme, an_online_course())
    coach = a_coach(programme)
    found = [a_follower(programme, coach) for _one in range(3)]
    a_review(a_hand_in(work_on(found[1], 3)), coach, Verdict.SENT_BACK)
    return found


def test_both_ask_the_same_in_the_same_order(followers, django_assert_num_queries):
    with django_assert_num_queries(2):
        brief = standing.briefly(followers)
    with django_assert_num_queries(4):
        whole = standing.of_many(followers)
    for one in followers:
        assert [each.version for each in brief[one.pk].asked] == [
            each.version for each in whole[one.pk].asked
        ]
        assert brief[one.pk].next_after() == whole[one.pk].next_after()
        assert isinstance(whole[one.pk].themes[1].in_order[-1], ThemeCourse)


def test_a_programme_without_assignments_is_one_query(django_assert_num_queries):
    enrolment = a_follower(an_exam_programme(0))
    with django_assert_num_queries(1):
        assert standing.of(enrolment).asked == []
