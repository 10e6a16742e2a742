import pytest
from django.utils import timezone
from django.utils.translation import override

from attendance.tests.factories import a_class, asked, save, typed
from certifications.models import Certificate
from learners.hooks.questions import Closing
from learners.models import PointsOn
from learners.tests.factories import CourseFactory
from learners.tests.offering import Opened

pytestmark = pytest.mark.django_db


def test_completed_says_until_when_the_certificate_is_held():
    run, teacher, people = a_class(-7, 7)
    foreseen = asked(run, teacher, {people[0]: {"status": "completed"}}).consequences
    assert (list(foreseen.completed), foreseen.held_until) == ([people[0]], run.ends_at)
    run, teacher, people = a_class(-7)
    foreseen = asked(run, teacher, {people[0]: {"status": "completed"}}).consequences
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
    foreseen = asked(run, teacher, rows).consequences
    assert (list(foreseen.revoked), list(foreseen.taken_back)) == ([people[0]], [people[1]])


def test_withdrawals_are_said_beforehand_with_which_of_the_two_it_is():
    run, teacher, people = a_class(-7, 7)
    rows = {
        people[0]: {"status": "withdrawn_invalid"},
        people[1]: {"status": "withdrawn_valid"},
    }
    foreseen = asked(run, teacher, rows).consequences
    assert [(group.status, list(group.people)) for group in foreseen.withdrawn] == [
        ("withdrawn_invalid", [people[0]]),
        ("withdrawn_valid", [people[1]]),
    ]
    assert foreseen.frees_places


def test_a_class_that_is_over_frees_no_place():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"status": "withdrawn_invalid"}}
    assert not asked(run, teacher, rows).consequences.frees_places


@pytest.mark.parametrize("points_on", [PointsOn.COMPLETION, PointsOn.MEETING])
def test_the_maximum_says_who_gets_what_and_what_is_cut(points_on):
    course = CourseFactory(study_points=5, maximum_study_points=3, points_on=points_on)
    run, teacher, people = a_class(-7, course=course)
    rows = {people[0]: {"mark": "present", "status": "completed"}}
    (cut,) = asked(run, teacher, rows, run.meetings.get()).consequences.cuts
    assert (cut.enrolment, cut.gets, cut.cut) == (people[0], 3, 2)


def test_who_did_not_pass_is_named_because_they_are_told():
    run, teacher, people = a_class(-7)
    questions = asked(run, teacher, {people[0]: {"status": "not_passed"}})
    assert list(questions.consequences.not_passed) == [people[0]]
    assert questions


def test_certificates_that_are_still_undecided_are_not_counted():
    run, teacher, people = a_class(-7)
    rows = {
        people[0]: {"mark": "present", "status": "completed"},
        people[1]: {"mark": "absent", "status": "completed"},
    }
    questions = asked(run, teacher, rows, run.meetings.get())
    assert list(questions.consequences.completed) == [people[0]]
    assert list(questions.consequences_if_meant.completed) == [people[1]]


def test_withdrawing_names_what_is_still_open_with_whom():
    run, teacher, people = a_class(-7)
    opened = Opened()
    for one in people[:2]:
        opened.add(one, "Practice film")
    rows = {people[0]: {"status": "withdrawn_valid"}, people[1]: {"status": "absent"}}
    with opened.offered(), override("en"):
        (line,) = asked(run, teacher, rows).consequences.still_open
        assert line.words == "Practice film is closed: its work is kept"
    assert line.enrolment == people[0]
    assert opened.asked == [Closing.WITHDRAWING]
