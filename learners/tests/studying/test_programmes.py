"""Progress of programmes: what counts, and what they become of it."""

import pytest

from learners.catalogue import versions
from learners.enrolling import entering
from learners.models import Actor, CompletedBy, CourseKind, StudyStatus
from learners.studying import programmes
from learners.studying.programmes import Progress
from learners.studying.study_status import change_status, settle_programmes, undo_changes
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_programme,
    an_administrator,
    an_enrolment,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db


def online(**fields):
    return CourseFactory(kind=CourseKind.ELEARNING, **fields)


def enter(programme, learner=None):
    learner = learner or UserFactory()
    return entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )


def by_system(enrolment, to=S.COMPLETED):
    change_status(enrolment=enrolment, to=to, by=None, actor=Actor.SYSTEM)


def status_of(enrolment):
    enrolment.refresh_from_db()
    return enrolment.status


def test_it_starts_with_its_first_course_and_completes_with_its_last():
    whole = enter(a_programme(online(), online()))
    first, second = whole.parts.order_by("pk")
    assert status_of(whole) == S.ENROLLED
    by_system(first, S.STARTED)
    assert status_of(whole) == S.STARTED
    by_system(first)
    assert status_of(whole) == S.STARTED
    by_system(second)
    assert status_of(whole) == S.COMPLETED


def test_it_completes_without_a_course_that_it_does_not_need():
    needed, other = online(), online()
    whole = enter(a_programme(needed, other))
    whole.programme.programme_courses.filter(course=other).update(is_needed=False)
    by_system(whole.parts.get(course=other), S.STARTED)
    assert status_of(whole) == S.STARTED
    by_system(whole.parts.get(course=other))
    assert status_of(whole) == S.STARTED
    assert programmes.progress_of([whole])[whole.pk] == Progress(0, 1)
    by_system(whole.parts.get(course=needed))
    assert status_of(whole) == S.COMPLETED
    by_system(whole.parts.get(course=needed), S.STARTED)
    assert status_of(whole) == S.STARTED


def test_a_course_that_is_not_needed_does_not_complete_it_where_none_is():
    whole = enter(a_programme(online()))
    whole.programme.programme_courses.update(is_needed=False)
    by_system(whole.parts.get())
    assert status_of(whole) == S.STARTED


def test_exempt_counts():
    whole = enter(a_programme(online()))
    change_status(
        enrolment=whole.parts.get(), to=S.EXEMPT, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    assert status_of(whole) == S.COMPLETED


@pytest.mark.parametrize("to", [S.NOT_PASSED, S.ABSENT])
def test_what_is_not_done_does_not_count(to):
    whole = enter(a_programme(CourseFactory(), learners_choose_run=False))
    part = whole.parts.get()
    change_status(enrolment=part, to=to, by=an_administrator(), actor=Actor.TEACHER)
    assert status_of(whole) == S.ENROLLED
    assert programmes.progress_of([whole]) == {whole.pk: Progress(0, 1)}


def test_a_new_version_counts_for_the_old_one_and_the_next_for_the_first():
    old = online()
    newer = online(organisation=old.organisation, new_version_of=old)
    newest = online(organisation=old.organisation, new_version_of=newer)
    whole = enter(a_programme(old))
    by_system(an_enrolment(newest, whole.learner))
    assert status_of(whole) == S.COMPLETED


def test_a_course_completed_outside_the_programme_counts():
    course = online()
    whole = enter(a_programme(course))
    change_status(
        enrolment=whole.parts.get(), to=S.WITHDRAWN_VALID, by=whole.learner, actor=Actor.LEARNER
    )
    by_system(an_enrolment(course, whole.learner))
    assert status_of(whole) == S.COMPLETED


def test_taking_a_course_back_takes_the_programme_back():
    whole = enter(a_programme(CourseFactory(), learners_choose_run=False))
    part, by = whole.parts.get(), an_administrator()
    change = change_status(enrolment=part, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    assert status_of(whole) == S.COMPLETED
    undo_changes(changes=[change], by=by, actor=Actor.TEACHER)
    assert status_of(whole) == S.STARTED


def test_a_programme_that_was_begun_anew_is_not_taken_back():
    programme = a_programme(CourseFactory(), learners_choose_run=False)
    whole = enter(programme)
    by = an_administrator()
    part = whole.parts.get()
    change_status(enrolment=part, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    other = an_enrolment(CourseFactory(), whole.learner)
    other.course, other.programme = None, programme
    other.save()
    change_status(enrolment=part, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
    assert status_of(whole) == S.COMPLETED


def test_a_programme_of_an_exam_is_not_completed_by_its_courses():
    whole = enter(a_programme(online(), completed_by=CompletedBy.EXAM))
    by_system(whole.parts.get())
    assert status_of(whole) == S.STARTED


def test_an_empty_programme_is_not_complete():
    assert enter(a_programme()).status == S.ENROLLED


def test_one_course_moves_all_programmes_that_ask_for_it():
    course, learner = online(), UserFactory()
    both = [enter(a_programme(course), learner) for _programme in range(2)]
    by_system(learner.enrolments.get(course=course))
    assert [status_of(whole) for whole in both] == [S.COMPLETED, S.COMPLETED]


def test_somebody_elses_course_moves_nothing():
    course = online()
    whole = enter(a_programme(course))
    by_system(an_enrolment(course))
    assert status_of(whole) == S.ENROLLED


@pytest.mark.parametrize("rows", [1, 3])
def test_progress_asks_as_much_for_one_as_for_three(rows, django_assert_num_queries):
    wholes = [enter(a_programme(online(), online())) for _row in range(rows)]
    with django_assert_num_queries(2):
        programmes.progress_of(wholes)


def test_versions_form_chains_and_a_circle_ends():
    first = CourseFactory()
    second = CourseFactory(organisation=first.organisation, new_version_of=first)
    third = CourseFactory(organisation=first.organisation, new_version_of=second)
    assert versions.stand_ins() == {
        second.pk: {second.pk, first.pk},
        third.pk: {third.pk, second.pk, first.pk},
    }
    first.new_version_of = third
    first.save()
    assert versions.stand_ins()[first.pk] == {first.pk, second.pk, third.pk}


def test_done_means_completed_or_exempt():
    learner = UserFactory()
    kept = {}
    for status in S:
        course = CourseFactory()
        with_status(an_enrolment(course, learner), status)
        kept[status] = course.pk
    done = programmes.done_courses([learner.pk])[learner.pk]
    assert done == {kept[S.COMPLETED], kept[S.EXEMPT]}


def test_of_a_programme_that_was_completed_twice_only_the_last_is_taken_back():
    programme = a_programme(online())
    first = enter(programme)
    part = first.parts.get()
    by_system(part)
    again = enter(programme, first.learner)
    assert (status_of(first), status_of(again)) == (S.COMPLETED, S.COMPLETED)
    head_office = an_administrator()
    change_status(enrolment=part, to=S.ABSENT, by=head_office, actor=Actor.ADMINISTRATOR)
    assert (status_of(first), status_of(again)) == (S.COMPLETED, S.STARTED)
    settle_programmes([first.pk])
    assert status_of(first) == S.COMPLETED
