"""What completes a programme is asked of whoever answers for its kind: here, small exams."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learners.enrolling import entering
from learners.models import (
    Actor,
    CompletedBy,
    CourseKind,
    Enrolment,
    ProgrammeCourse,
    StudyStatus,
    StudyStatusChange,
)
from learners.studying import outbox, terms
from learners.studying.study_status import (
    StatusRefused,
    change_status,
    refusal,
    settle_programmes,
    undo_changes,
)
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_programme,
    an_administrator,
    with_status,
)
from learners.tests.offering import Exams

S = StudyStatus
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def online(**fields):
    return CourseFactory(kind=CourseKind.ELEARNING, **fields)


def enter(programme, learner=None, **fields):
    learner = learner or UserFactory()
    return entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER, **fields
    )


def with_an_exam(*courses, **fields):
    return enter(a_programme(*courses, completed_by=CompletedBy.EXAM, **fields))


@pytest.fixture
def exams():
    made = Exams()
    with made.offered():
        yield made


@pytest.fixture
def whole():
    """A programme of two courses and an exam, both courses done; begun a month ago."""
    made = with_an_exam(online(), online())
    month_ago = made.organisation.today() - 30 * DAY
    Enrolment.objects.filter(pk=made.pk).update(registered_on=month_ago)
    for part in made.parts.order_by("pk"):
        change_status(enrolment=part, to=S.COMPLETED, by=None, actor=Actor.SYSTEM)
    return made


def days_ago(whole, number):
    return whole.organisation.today() - number * DAY


def lapsed(whole, number):
    """Let its study term be over since so many days."""
    Enrolment.objects.filter(pk=whole.pk).update(term_ends_on=days_ago(whole, number))
    terms.lapse_terms()


def status_of(enrolment):
    enrolment.refresh_from_db()
    return enrolment.status


def settled(whole):
    settle_programmes([whole.pk])
    return status_of(whole)


def test_where_nobody_answers_a_programme_is_never_completed_nor_taken_back(whole):
    assert settled(whole) == S.STARTED
    with_status(whole, S.COMPLETED)
    assert settled(whole) == S.COMPLETED
    part, by = whole.parts.first(), an_administrator()
    change_status(enrolment=part, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
    assert status_of(whole) == S.COMPLETED


def test_it_is_completed_when_the_exam_is_passed_and_counts_from_its_day(exams, whole):
    assert settled(whole) == S.STARTED
    exams.passed[whole.pk] = days_ago(whole, 3)
    assert settled(whole) == S.COMPLETED
    assert settled(whole) == S.COMPLETED
    change = whole.status_changes.get(to_status=S.COMPLETED)
    assert change.counts_from == days_ago(whole, 3)
    assert change.actor == Actor.SYSTEM


def test_a_course_that_is_done_last_completes_what_was_passed(exams):
    whole = with_an_exam(online())
    exams.passed[whole.pk] = whole.organisation.today()
    assert settled(whole) == S.ENROLLED
    change_status(enrolment=whole.parts.get(), to=S.COMPLETED, by=None, actor=Actor.SYSTEM)
    assert status_of(whole) == S.COMPLETED


def test_an_exam_that_was_released_before_the_term_lapsed_completes_it_whenever_it_is_passed(
    exams, whole
):
    lapsed(whole, 5)
    exams.released[whole.pk] = days_ago(whole, 5)  # its last day
    exams.passed[whole.pk] = days_ago(whole, 1)
    assert settled(whole) == S.COMPLETED


def test_an_exam_that_was_released_after_it_completes_only_once_the_term_is_extended(exams, whole):
    lapsed(whole, 5)
    exams.released[whole.pk] = days_ago(whole, 4)
    exams.passed[whole.pk] = days_ago(whole, 1)
    assert settled(whole) == S.TERM_LAPSED
    by = an_administrator()
    terms.extend_term(enrolment=whole, until=whole.organisation.today(), by=by)
    assert status_of(whole) == S.COMPLETED


def test_whoever_completes_a_lapsed_programme_by_hand_is_held_to_the_same_day(exams, whole):
    lapsed(whole, 5)
    whole.refresh_from_db()
    said = refusal(whole, S.COMPLETED, Actor.ADMINISTRATOR)
    assert said == f"The study term of {whole.learner.name} lapsed before the exam was released."
    with pytest.raises(StatusRefused):
        change_status(
            enrolment=whole, to=S.COMPLETED, by=an_administrator(), actor=Actor.ADMINISTRATOR
        )
    exams.released[whole.pk] = days_ago(whole, 5)
    assert refusal(whole, S.COMPLETED, Actor.ADMINISTRATOR) is None


def test_where_nobody_answers_a_lapsed_programme_has_to_be_extended_first(whole):
    lapsed(whole, 5)
    whole.refresh_from_db()
    assert "extend it first" in refusal(whole, S.COMPLETED, Actor.ADMINISTRATOR)


def test_an_exam_that_is_annulled_takes_it_back_and_another_counts_from_its_own_day(exams, whole):
    exams.passed[whole.pk] = days_ago(whole, 9)
    settle_programmes([whole.pk])
    del exams.passed[whole.pk]
    assert settled(whole) == S.STARTED
    exams.passed[whole.pk] = days_ago(whole, 2)
    assert settled(whole) == S.COMPLETED
    assert outbox.newest_changes([whole.pk])[whole.pk].counts_from == days_ago(whole, 2)


def test_a_course_that_is_taken_back_takes_the_whole_back_where_it_is_needed(exams):
    needed = CourseFactory()
    whole = with_an_exam(needed, learners_choose_run=False)
    part, by = whole.parts.get(), an_administrator()
    change = change_status(enrolment=part, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    exams.passed[whole.pk] = whole.organisation.today()
    assert settled(whole) == S.COMPLETED
    undo_changes(changes=[change], by=by, actor=Actor.TEACHER)
    assert status_of(whole) == S.STARTED


def test_an_exam_waits_until_its_courses_may_be_seen(exams):
    whole = with_an_exam(CourseFactory(), learners_choose_run=False)
    part, by = whole.parts.get(), an_administrator()
    change_status(enrolment=part, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    exams.passed[whole.pk] = whole.organisation.today()
    settle_programmes([whole.pk])
    dues = StudyStatusChange.objects.waiting().values_list("due_at", flat=True)
    assert len(dues) == 2
    assert len(set(dues)) == 1


def test_a_programme_that_was_begun_anew_is_not_taken_back_by_an_answer(exams, whole):
    exams.passed[whole.pk] = days_ago(whole, 3)
    settle_programmes([whole.pk])
    anew = enter(whole.programme, whole.learner, results_from=whole.organisation.today())
    del exams.passed[whole.pk]
    assert settled(whole) == S.COMPLETED
    assert anew.is_open


@pytest.mark.parametrize("status", [S.WITHDRAWN_VALID, S.NOT_PASSED, S.CANCELLED, S.EXEMPT])
def test_what_has_ended_otherwise_stays_so(exams, whole, status):
    with_status(whole, status)
    exams.passed[whole.pk] = days_ago(whole, 3)
    assert settled(whole) == status


def test_one_answerer_is_asked_of_its_own_kind_alone(exams):
    course = online()
    by_courses = enter(a_programme(course))
    exams.passed[by_courses.pk] = by_courses.organisation.today()
    assert settled(by_courses) == S.ENROLLED


def test_settling_asks_as_much_for_one_as_for_three(exams, django_assert_num_queries):
    for rows in (1, 3):
        wholes = [with_an_exam(online()) for _row in range(rows)]
        for whole in wholes:
            change_status(enrolment=whole.parts.get(), to=S.COMPLETED, by=None, actor=Actor.SYSTEM)
            lapsed(whole, 5)
            exams.released[whole.pk] = days_ago(whole, 9)
            exams.passed[whole.pk] = whole.organisation.today()
        with django_assert_num_queries(8):
            settle_programmes([whole.pk for whole in wholes])
        assert {status_of(whole) for whole in wholes} == {S.COMPLETED}


STEPS = st.lists(
    st.sampled_from(["first", "second", "pass", "annul", "undo first", "look"]), max_size=9
)


@given(steps=STEPS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_things_happen_it_stands_as_they_are_now(exams, steps):
    courses = [CourseFactory() for _course in range(2)]
    whole = with_an_exam(*courses, learners_choose_run=False)
    parts, by = list(whole.parts.order_by("pk")), an_administrator()
    today = whole.organisation.today()
    for step in [*steps, "look"]:
        if step in ("first", "second"):
            part = parts[step == "second"]
            change_status(enrolment=part, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
        elif step == "undo first":
            change_status(enrolment=parts[0], to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
        elif step == "pass":
            exams.passed[whole.pk] = today
        elif step == "annul":
            exams.passed.pop(whole.pk, None)
        if step in ("pass", "annul", "look"):
            settle_programmes([whole.pk])
    for part in parts:
        part.refresh_from_db()
    is_done = whole.pk in exams.passed and all(part.status == S.COMPLETED for part in parts)
    assert (status_of(whole) == S.COMPLETED) == is_done


def test_a_course_that_is_added_later_is_asked_when_somebody_looks(exams, whole):
    exams.passed[whole.pk] = days_ago(whole, 1)
    settle_programmes([whole.pk])
    ProgrammeCourse.objects.create(programme=whole.programme, course=online(), position=3)
    assert settled(whole) == S.STARTED
