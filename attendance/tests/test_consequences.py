import pytest
from django.utils import timezone

from attendance import plans
from attendance.tests.factories import a_class, save, typed
from certifications.models import Certificate
from learners.models import PointsOn
from learners.tests.factories import CourseFactory

pytestmark = pytest.mark.django_db


def plan_of(run, by, rows, *meetings, **more):
    form = typed(run, rows, *meetings, **more)
    found = plans.registers.runs_for(by).get(pk=run.pk)
    return plans.make(run=found, typed=form, by=by)


def test_marks_and_effort_are_saved_without_a_question():
    run, teacher, people = a_class(-7)
    rows = {one: {"mark": "present", "effort": "good"} for one in people}
    assert not plan_of(run, teacher, rows, run.meetings.get()).questions


def test_who_is_left_open_is_named_once_and_only_who_is_not_recorded():
    run, teacher, people = a_class(-14, -7)
    save(run, teacher, typed(run, {people[1]: {"mark": "absent"}}, *run.meetings.all()))
    plan = plan_of(
        run, teacher, {people[0]: {"mark": "present"}}, *run.meetings.all(), shown=people
    )
    assert plan.people_left_open == [people[2]]
    assert plan.questions


def test_completed_says_until_when_the_certificate_is_held():
    run, teacher, people = a_class(-7, 7)
    foreseen = plan_of(run, teacher, {people[0]: {"status": "completed"}}).consequences
    assert (list(foreseen.completed), foreseen.held_until) == ([people[0]], run.ends_at)
    run, teacher, people = a_class(-7)
    foreseen = plan_of(run, teacher, {people[0]: {"status": "completed"}}).consequences
    assert (list(foreseen.completed), foreseen.held_until) == ([people[0]], None)


def test_leaving_completed_names_whose_certificate_is_withdrawn_and_whose_was_held():
    run, teacher, people = a_class(-7)
    save(run, teacher, typed(run, {one: {"status": "completed"} for one in people[:2]}))
    Certificate.objects.create(
        number="X-1",
        kind="course",
        learner=people[0].learner,
        enrolment=people[0],
        organisation=run.course.organisation,
        language="nl",
        learner_name="X",
        title="X",
        achieved_on=timezone.localdate(),
        released_at=timezone.now(),
    )
    rows = {one: {"status": "not_passed"} for one in people[:2]}
    foreseen = plan_of(run, teacher, rows).consequences
    assert (list(foreseen.revoked), list(foreseen.taken_back)) == ([people[0]], [people[1]])


def test_withdrawals_are_said_beforehand():
    run, teacher, people = a_class(-7)
    foreseen = plan_of(run, teacher, {people[0]: {"status": "withdrawn_invalid"}}).consequences
    assert list(foreseen.withdrawn) == [people[0]]


@pytest.mark.parametrize("points_on", [PointsOn.COMPLETION, PointsOn.MEETING])
def test_the_maximum_says_who_gets_what_and_what_is_cut(points_on):
    course = CourseFactory(study_points=5, maximum_study_points=3, points_on=points_on)
    run, teacher, people = a_class(-7, course=course)
    rows = {people[0]: {"mark": "present", "status": "completed"}}
    (cut,) = plan_of(run, teacher, rows, run.meetings.get()).consequences.cuts
    assert (cut.enrolment, cut.gets, cut.cut) == (people[0], 3, 2)


def test_not_passed_is_saved_without_a_question():
    run, teacher, people = a_class(-7)
    assert not plan_of(run, teacher, {people[0]: {"status": "not_passed"}}).questions


def test_what_touches_more_than_this_page_is_asked():
    run, teacher, people = a_class(-7)
    rows = {one: {"mark": "present"} for one in people}
    seen = frozenset({people[0].pk})
    assert plan_of(run, teacher, rows, run.meetings.get(), on_page=seen).questions
    plan = plan_of(run, teacher, {}, run.meetings.get(), shown=people[:1], all_present=True)
    assert (plan.filled_elsewhere, bool(plan.questions)) == (2, True)


def test_marks_of_a_meeting_that_was_not_looked_at_are_not_overwritten_unasked():
    run, teacher, people = a_class(-14, -7)
    first, second = run.meetings.all()
    save(run, teacher, typed(run, {people[0]: {"mark": "absent"}}, first))
    rows = {one: {"mark": "present"} for one in people}
    plan = plan_of(run, teacher, rows, first, second, seen_meetings=(second.pk,))
    assert [step.meeting_id for step in plan.overwritten] == [first.pk]
    assert plan.questions
