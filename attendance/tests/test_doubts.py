import pytest

from attendance import plans, registers
from attendance.doubts import ThoughAbsent
from attendance.models import Attendance
from attendance.plans import LeftOpen
from attendance.tests.factories import Browser, a_class, mark, save, typed
from learners import meetings
from learners.models import Enrolment

pytestmark = pytest.mark.django_db

COMPLETED = {"status": "completed"}


def doubted(run, by, form) -> list[Enrolment]:
    plan = plans.make(run=registers.runs_for(by).get(pk=run.pk), typed=form, by=by)
    return plan.completed_though_absent


def statuses(people) -> list[str]:
    found = dict(Enrolment.objects.values_list("pk", "status"))
    return [found[one.pk] for one in people]


def test_who_is_made_absent_at_the_last_meeting_and_completed_at_once_is_asked_about():
    run, teacher, people = a_class(-14, -7)
    rows = {people[0]: {"mark": "absent", **COMPLETED}, people[1]: {"mark": "present", **COMPLETED}}
    assert doubted(run, teacher, typed(run, rows, run.meetings.last())) == [people[0]]


def test_who_was_left_open_beside_a_touched_presence_is_asked_about():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "present"}, people[1]: COMPLETED}
    assert doubted(run, teacher, typed(run, rows, run.meetings.get())) == [people[1]]


def test_an_absence_that_was_recorded_before_counts_unless_this_form_corrects_it():
    run, teacher, people = a_class(-14, -7)
    last = run.meetings.last()
    mark(run, teacher, last, absent=people[:2])
    rows = {people[0]: COMPLETED, people[1]: {"mark": "present", **COMPLETED}}
    assert doubted(run, teacher, typed(run, rows, last)) == [people[0]]


def test_who_is_merely_not_recorded_or_missed_an_earlier_meeting_is_not_asked_about():
    run, teacher, people = a_class(-14, -7)
    first = run.meetings.first()
    mark(run, teacher, first, absent=people[:1])
    assert doubted(run, teacher, typed(run, dict.fromkeys(people, COMPLETED))) == []
    rows = {people[1]: {"mark": "absent", **COMPLETED}}
    assert doubted(run, teacher, typed(run, rows, first)) == []


def test_a_meeting_that_was_cancelled_is_not_the_last_one():
    run, teacher, people = a_class(-14, -7)
    first, last = run.meetings.all()
    mark(run, teacher, first, absent=people[:1])
    meetings.cancel_meeting(meeting=last, by=teacher)
    assert doubted(run, teacher, typed(run, {people[0]: COMPLETED})) == [people[0]]


def test_another_status_than_completed_goes_well_with_an_absence():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "absent", "status": "absent"}}
    assert doubted(run, teacher, typed(run, rows, run.meetings.get())) == []


def test_who_did_not_mean_it_keeps_their_status_and_the_rest_is_saved():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "present", **COMPLETED}, people[1]: COMPLETED}
    form = typed(run, rows, run.meetings.get())
    save(run, teacher, form, LeftOpen.ABSENT, ThoughAbsent.LEFT)
    assert statuses(people[:2]) == ["completed", "enrolled"]
    assert Attendance.objects.get(enrolment=people[1]).presence == "absent"


def test_who_was_left_open_and_stays_unrecorded_was_not_absent_after_all():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "present"}, people[1]: COMPLETED}
    form = typed(run, rows, run.meetings.get())
    save(run, teacher, form, LeftOpen.UNRECORDED, ThoughAbsent.LEFT)
    assert statuses(people[:2]) == ["enrolled", "completed"]


@pytest.mark.parametrize(("answer", "status"), [("completed", "completed"), ("left", "enrolled")])
def test_the_question_names_them_once_and_its_answer_is_what_is_saved(client, answer, status):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people[:1])
    browser = Browser(client, run, teacher).open()
    response = browser.choose(**{f"status_{people[0].pk}": "completed"}).press("continue")
    html = client.get(response.url).content.decode()
    assert html.count('name="though_absent"') == html.count("required") == 2
    browser.follow(response, though_absent=answer)
    assert statuses(people[:1]) == [status]


def test_who_takes_everything_back_is_told_that_nothing_is_changed(client):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people[:1])
    browser = Browser(client, run, teacher).open()
    response = browser.choose(**{f"status_{people[0].pk}": "completed"}).press("continue")
    answered = browser.follow(response, though_absent="left")
    assert answered.url == browser.address
    assert "Er is niets gewijzigd" in client.get(answered.url).content.decode()
