"""Taking programmes off the shelves: what becomes of who follows their courses."""

import pytest
from django.test import Client

from learners.catalogue import putting_aside
from learners.catalogue.putting_aside import Along, Counted
from learners.enrolling import entering
from learners.models import Actor, Enrolment, Notification, Programme, StudyStatus
from learners.tests.admin.test_acts import act, head_office
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_programme,
    a_run,
    an_administrator,
    with_status,
)

__all__ = ["head_office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    """A programme of three courses; somebody completed the first, has a place in a run of the
    second, and has still to choose one of the third."""
    courses = [CourseFactory(), CourseFactory(), CourseFactory()]
    made = a_programme(*courses)
    follow(made)
    return made


def follow(programme: Programme) -> Enrolment:
    """Enrol somebody new in it, and bring them so far."""
    whole = entering.enrol_in_programme(
        learner=UserFactory(), programme=programme, by=None, actor=Actor.SYSTEM
    )
    first, second, _third = whole.parts.order_by("pk")
    with_status(first, StudyStatus.COMPLETED)
    run = a_run(20, course=second.course)
    entering.choose_run(enrolment=second, run=run, by=whole.learner)
    return whole


def archived() -> list[bool]:
    """Return of the programme and its courses, in their order, whether they are put aside."""
    rows = Enrolment.objects.order_by("pk").values_list("archived_at", flat=True)
    return [at is not None for at in rows]


@pytest.mark.parametrize(
    ("along", "put_aside"),
    [
        (Along.NOBODY, [False, False, False, False]),
        (Along.ENDED, [False, False, False, False]),
        (Along.NOT_DONE, [True, False, False, True]),
        (Along.ALL, [True, True, False, True]),
    ],
)
def test_courses_go_along_with_their_programme_but_for_a_place_in_a_run_to_come(
    programme, along, put_aside
):
    putting_aside.archive(offers=[programme], by=an_administrator(), along=along)
    assert archived() == put_aside
    assert all(course.archived_at is None for course in programme.courses.all())


def test_who_can_no_longer_follow_a_programme_is_told_once_for_all_of_it(programme):
    Notification.objects.all().delete()
    putting_aside.archive(offers=[programme], by=an_administrator(), along=Along.ALL)
    told = Notification.objects.get()
    assert (told.kind, told.params["title_nl"]) == ("learners/enrolment_archived", "Hulpverlener")


def test_a_programme_comes_back_with_the_courses_that_went_along(programme):
    admin = an_administrator()
    putting_aside.archive(offers=[programme], by=admin, along=Along.ALL)
    putting_aside.bring_back(offers=[programme], by=admin, reason="", with_enrolments=True)
    assert not any(archived())


def test_the_preview_says_how_many_follow_its_courses_and_who_finishes_them(
    head_office: Client, programme
):
    page = act(head_office, [programme], "archive").text
    assert "1 enrolments not done, 0 ended" in page
    assert "in its courses: 2 enrolments not done, 1 ended" in page
    assert "of them 1 has a place in a run, and finishes it" in page


@pytest.mark.parametrize("number", [1, 3])
def test_who_is_in_is_counted_in_as_many_queries_for_three(
    programme, number, django_assert_num_queries
):
    programmes = [programme, *(a_programme(CourseFactory()) for _ in range(number - 1))]
    with django_assert_num_queries(2):
        assert putting_aside.counted_in(programmes)[programme.pk] == Counted(not_done=1)
        in_courses = putting_aside.counted_in_courses_of(programmes)
    assert in_courses[programme.pk] == Counted(not_done=2, ended=1, going_on=1)
