import pytest
from django.utils import timezone

from attendance import plans
from attendance.tests.factories import Browser, a_class, mark, save, typed
from certifications.models import Certificate
from learners.models import PointsOn
from learners.offers.questions import Closing
from learners.templatetags.learners import day
from learners.tests.factories import CourseFactory
from learners.tests.offering import Opened

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


def test_withdrawals_are_said_beforehand_with_which_of_the_two_it_is():
    run, teacher, people = a_class(-7, 7)
    rows = {
        people[0]: {"status": "withdrawn_invalid"},
        people[1]: {"status": "withdrawn_valid"},
    }
    foreseen = plan_of(run, teacher, rows).consequences
    assert [(group.status, list(group.people)) for group in foreseen.withdrawn] == [
        ("withdrawn_invalid", [people[0]]),
        ("withdrawn_valid", [people[1]]),
    ]
    assert foreseen.frees_places


def test_a_class_that_is_over_frees_no_place():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"status": "withdrawn_invalid"}}
    assert not plan_of(run, teacher, rows).consequences.frees_places


@pytest.mark.parametrize("points_on", [PointsOn.COMPLETION, PointsOn.MEETING])
def test_the_maximum_says_who_gets_what_and_what_is_cut(points_on):
    course = CourseFactory(study_points=5, maximum_study_points=3, points_on=points_on)
    run, teacher, people = a_class(-7, course=course)
    rows = {people[0]: {"mark": "present", "status": "completed"}}
    (cut,) = plan_of(run, teacher, rows, run.meetings.get()).consequences.cuts
    assert (cut.enrolment, cut.gets, cut.cut) == (people[0], 3, 2)


def test_who_did_not_pass_is_named_because_they_are_told():
    run, teacher, people = a_class(-7)
    plan = plan_of(run, teacher, {people[0]: {"status": "not_passed"}})
    assert list(plan.consequences.not_passed) == [people[0]]
    assert plan.questions


def test_absent_is_saved_without_a_question():
    run, teacher, people = a_class(-7)
    assert not plan_of(run, teacher, {people[0]: {"status": "absent"}}).questions


def test_certificates_that_are_still_undecided_are_not_counted():
    run, teacher, people = a_class(-7)
    rows = {
        people[0]: {"mark": "present", "status": "completed"},
        people[1]: {"mark": "absent", "status": "completed"},
    }
    plan = plan_of(run, teacher, rows, run.meetings.get())
    assert list(plan.consequences.completed) == [people[0]]
    assert list(plan.consequences_if_meant.completed) == [people[1]]


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


def test_earlier_marks_that_one_more_meeting_changes_are_named_with_who_when_and_from_what_to_what(
    client,
):
    run, teacher, people = a_class(-14, -7)
    first, second = run.meetings.all()
    excused = {"mark": "absent", "excused": True, "excuse": "griep"}
    save(run, teacher, typed(run, {people[0]: excused}, first))
    browser = Browser(client, run, teacher).open(f"?meeting={first.pk}&meeting={second.pk}")
    browser.tick(*people)
    html = client.get(browser.press("continue").url).content.decode()
    assert "1 eerdere registratie verandert" in html
    whose = f"{people[0].learner.name}, {day(first.begins_at)}"
    assert f"{whose}: Afwezig, verontschuldigd (griep) → Aanwezig" in html


def test_of_many_earlier_marks_that_change_the_first_ten_are_named_and_the_rest_is_counted(
    client, django_assert_num_queries
):
    run, teacher, people = a_class(-14, -7, people=12)
    first, second = run.meetings.all()
    mark(run, teacher, first, absent=people)
    rows = {one: {"mark": "present"} for one in people}
    plan = plan_of(run, teacher, rows, first, second)
    with django_assert_num_queries(0):
        assert (len(plan.overwritten_shown), plan.overwritten_more) == (10, 2)


def test_a_mark_that_is_put_right_at_the_one_meeting_that_is_shown_is_not_asked_about():
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people)
    rows = {one: {"mark": "present"} for one in people}
    assert not plan_of(run, teacher, rows, run.meetings.get()).questions


def test_marks_typed_before_another_meeting_was_chosen_are_not_written_over_its_own_unasked(client):
    run, teacher, people = a_class(-14, -7)
    first, _second = run.meetings.all()
    mark(run, teacher, first, absent=people[:1])
    browser = Browser(client, run, teacher).open().tick(*people)
    kept = browser.press("keep", meeting=[str(first.pk)], filter="1")
    page = client.get(kept.url)
    browser.read(page.context["register"])
    html = client.get(browser.press("continue").url).content.decode()
    assert "1 eerdere registratie verandert" in html


def test_withdrawing_names_what_is_still_open_with_whom():
    run, teacher, people = a_class(-7)
    opened = Opened()
    for one in people[:2]:
        opened.add(one, "Practice film")
    rows = {people[0]: {"status": "withdrawn_valid"}, people[1]: {"status": "absent"}}
    with opened.offered():
        foreseen = plan_of(run, teacher, rows).consequences
    (line,) = foreseen.still_open
    assert (line.enrolment, line.words) == (
        people[0],
        "Practice film is closed: its work is kept",
    )
    assert opened.asked == [Closing.WITHDRAWING]
