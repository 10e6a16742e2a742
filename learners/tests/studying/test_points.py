"""Study points: the cap, causes that earn once, and taking back."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learners.models import (
    Actor,
    PointsOn,
    StudyPointAccount,
    StudyPointEntry,
    StudyStatus,
    User,
)
from learners.studying import new_enrolments, points
from learners.studying.points import Grant, MaximumIgnored
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses
from learners.tests.factories import CourseFactory, UserFactory, an_administrator

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), st.integers(1, 30), st.booleans()),
        st.tuples(st.just("take back"), st.integers(0, 10), st.just(False)),
    ),
    max_size=12,
)


def grant(learner, course, number, cause, *, ignoring=False):
    return points.grant(
        grants=[Grant(learner_id=learner.pk, course_id=course.pk, points=number, cause=cause)],
        by=None,
        ignoring_maximum=MaximumIgnored(reason="merit") if ignoring else None,
    )


def total(learner, course):
    return StudyPointAccount.objects.get(learner=learner, course=course).total


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(maximum=st.none() | st.integers(0, 60), acts=ACTS)
def test_the_total_is_what_was_earned_up_to_the_maximum_and_what_was_granted_beyond(maximum, acts):
    learner, course = UserFactory(), CourseFactory(maximum_study_points=maximum)
    counting: list[tuple[str, int, bool]] = []
    for number, (act, value, ignoring) in enumerate(acts):
        if act == "grant":
            cause = f"mark:{learner.pk}:{number}:"
            grant(learner, course, value, cause, ignoring=ignoring)
            counting.append((cause, value, ignoring))
        elif counting:
            cause, _points, _ignoring = counting.pop(value % len(counting))
            for _twice in range(2):
                points.take_back(causes_beginning=[cause], by=None)
        if StudyPointAccount.objects.filter(learner=learner).exists():
            within = sum(value for _cause, value, ignoring in counting if not ignoring)
            beyond = sum(value for _cause, value, ignoring in counting if ignoring)
            capped = within if maximum is None else min(within, maximum)
            assert total(learner, course) == capped + beyond


@pytest.mark.django_db
def test_a_cause_earns_once():
    learner, course = UserFactory(), CourseFactory()
    grant(learner, course, 5, "mark:1:")
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(learner, course, 5, "mark:1:")
    assert total(learner, course) == 5


@pytest.mark.django_db
def test_a_counter_entry_takes_back_exactly_one_and_the_ledger_stays():
    learner, course = UserFactory(), CourseFactory()
    grant(learner, course, 5, "mark:1:")
    grant(learner, course, 7, "mark:2:")
    (counter,) = points.take_back(causes_beginning=["mark:1:"], by=None)
    assert (counter.points, counter.reverses.cause) == (-5, "mark:1:")
    assert list(StudyPointEntry.objects.order_by("pk").values_list("points", flat=True)) == [
        5,
        7,
        -5,
    ]
    assert total(learner, course) == 7


@pytest.mark.django_db
def test_what_is_cut_counts_again_when_room_comes():
    learner, course = UserFactory(), CourseFactory(maximum_study_points=8)
    grant(learner, course, 5, "mark:1:")
    grant(learner, course, 5, "mark:2:")
    assert total(learner, course) == 8
    assert points.room_left(course, [learner.pk]) == {learner.pk: 0}
    points.take_back(causes_beginning=["mark:1:"], by=None)
    assert total(learner, course) == 5
    assert points.room_left(course, [learner.pk]) == {learner.pk: 3}


@pytest.mark.django_db
def test_without_a_maximum_there_is_always_room():
    course = CourseFactory(maximum_study_points=None)
    assert points.room_left(course, [7]) == {7: None}


def test_points_for_meetings_are_not_given_on_completion():
    course = CourseFactory.build(organisation=None, study_points=4)
    assert points.completion_points(course) == 4
    course.points_on = PointsOn.MEETING
    assert points.completion_points(course) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_granting_asks_as_much_for_one_as_for_three(rows, django_assert_num_queries):
    course = CourseFactory()
    grants = [
        Grant(learner_id=UserFactory().pk, course_id=course.pk, points=2, cause=f"mark:{row}:")
        for row in range(rows)
    ]
    with django_assert_num_queries(5):
        points.grant(grants=grants, by=None)


@pytest.mark.django_db
def test_the_points_of_more_than_a_thousand_corrections_are_taken_back_at_once():
    course = CourseFactory(study_points=2)
    people = User.objects.bulk_create(
        User(name=f"Deelnemer {n}", search_name=f"deelnemer {n}") for n in range(1_100)
    )
    news = [new_enrolments.NewEnrolment(learner=person, course=course) for person in people]
    enrolments = new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM)
    administrator = an_administrator()

    for to in (StudyStatus.COMPLETED, StudyStatus.NOT_PASSED):
        wishes = [Wish(enrolment_id=enrolment.pk, to=to) for enrolment in enrolments]
        change_statuses(wishes=wishes, by=administrator, actor=Actor.ADMINISTRATOR)

    assert StudyPointEntry.objects.count() == 2_200
    assert not StudyPointAccount.objects.exclude(total=0).exists()
