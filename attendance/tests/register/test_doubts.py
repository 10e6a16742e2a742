from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.models import Attendance
from attendance.register.answers import Answers
from attendance.tests.factories import Browser, a_class, mark, questions_of, save, typed
from learners.enrolling import withdrawing
from learners.meetings import planning
from learners.models import Actor, Enrolment

pytestmark = pytest.mark.django_db

COMPLETED = {"status": "completed"}


def doubted(run, by, form) -> list[Enrolment]:
    return questions_of(run, by, form).completed_though_absent


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
    planning.cancel_meeting(meeting=last, by=teacher)
    assert doubted(run, teacher, typed(run, {people[0]: COMPLETED})) == [people[0]]


def test_another_status_than_completed_goes_well_with_an_absence():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "absent", "status": "absent"}}
    assert doubted(run, teacher, typed(run, rows, run.meetings.get())) == []


def test_who_did_not_mean_it_keeps_their_status_and_the_rest_is_saved():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "present", **COMPLETED}, people[1]: COMPLETED}
    form = typed(run, rows, run.meetings.get())
    save(run, teacher, form, Answers(left_open_are_absent=True, completed_though_absent=False))
    assert statuses(people[:2]) == ["completed", "enrolled"]
    assert Attendance.objects.get(enrolment=people[1]).presence == "absent"


def test_who_was_left_open_and_stays_unrecorded_was_not_absent_after_all():
    run, teacher, people = a_class(-7)
    rows = {people[0]: {"mark": "present"}, people[1]: COMPLETED}
    form = typed(run, rows, run.meetings.get())
    save(run, teacher, form, Answers(completed_though_absent=False))
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


def withdrawn_in_doubt(run, by, form) -> list[Enrolment]:
    return questions_of(run, by, form).away_though_present


def test_who_is_withdrawn_and_marked_present_at_once_is_asked_about():
    run, teacher, people = a_class(-14, -7)
    withdrawn = {"status": "withdrawn_invalid"}
    rows = {people[0]: {"mark": "present", **withdrawn}, people[1]: {"mark": "absent", **withdrawn}}
    assert withdrawn_in_doubt(run, teacher, typed(run, rows, run.meetings.first())) == [people[0]]


def test_who_came_at_first_and_withdrew_later_is_not_asked_about_but_who_was_there_last_is():
    run, teacher, people = a_class(-14, -7)
    first, last = run.meetings.all()
    mark(run, teacher, first, present=people[:1])
    mark(run, teacher, last, present=people[1:2])
    rows = {one: {"status": "withdrawn_valid"} for one in people[:2]}
    assert withdrawn_in_doubt(run, teacher, typed(run, rows)) == [people[1]]


@pytest.mark.parametrize(("answer", "status"), [("meant", "withdrawn_valid"), ("left", "enrolled")])
def test_the_answer_about_a_withdrawal_is_what_is_saved(client, answer, status):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people[1:])
    browser = Browser(client, run, teacher).open().tick(people[0])
    response = browser.choose(**{f"status_{people[0].pk}": "withdrawn_valid"}).press("continue")
    page = client.get(response.url)
    html = page.content.decode()
    assert html.count('name="though_present"') == 2
    assert not page.context["questions"].consequences
    browser.follow(response, though_present=answer)
    assert statuses(people[:1]) == [status]
    assert Attendance.objects.get(enrolment=people[0]).presence == "present"


@pytest.fixture
def gone():
    """A class of two meetings, of whom the first withdrew between them and the second is there."""
    run, teacher, people = a_class(-14, -7)
    withdrawing.withdraw(
        enrolment=people[0],
        by=teacher,
        actor=Actor.TEACHER,
        notified_on=timezone.localdate() - timedelta(days=10),
    )
    return run, teacher, people


def marked_in_doubt(run, by, form) -> list[Enrolment]:
    return questions_of(run, by, form).present_though_withdrawn


def test_who_withdrew_earlier_and_is_marked_present_later_is_asked_about(gone):
    run, teacher, people = gone
    rows = {one: {"mark": "present"} for one in people[:2]}
    assert marked_in_doubt(run, teacher, typed(run, rows, run.meetings.last())) == [people[0]]


def test_who_was_there_before_they_withdrew_is_not_asked_about(gone):
    run, teacher, people = gone
    rows = {people[0]: {"mark": "present"}}
    assert marked_in_doubt(run, teacher, typed(run, rows, run.meetings.first())) == []


def test_a_verdict_that_came_later_does_not_move_the_day_on_which_somebody_withdrew(gone):
    run, teacher, people = gone
    save(run, teacher, typed(run, {people[0]: {"status": "withdrawn_valid"}}))
    rows = {people[0]: {"mark": "present"}}
    assert marked_in_doubt(run, teacher, typed(run, rows, run.meetings.last())) == [people[0]]


def test_who_is_present_and_gets_another_status_by_the_same_form_is_not_asked_about(gone):
    run, teacher, people = gone
    rows = {people[0]: {"mark": "present", "status": "not_passed"}}
    assert marked_in_doubt(run, teacher, typed(run, rows, run.meetings.last())) == []


def test_who_was_asked_about_once_may_come_late_without_being_asked_again(gone):
    run, teacher, people = gone
    save(run, teacher, typed(run, {people[0]: {"mark": "present"}}, run.meetings.last()))
    rows = {people[0]: {"late": "10"}}
    assert marked_in_doubt(run, teacher, typed(run, rows, run.meetings.last())) == []


@pytest.mark.parametrize(("answer", "there"), [("present", 2), ("left", 1)])
def test_the_answer_about_who_had_withdrawn_is_what_is_saved(client, gone, answer, there):
    run, teacher, people = gone
    browser = Browser(client, run, teacher).open().tick(*people[:2])
    response = browser.press("continue")
    html = client.get(response.url).content.decode()
    assert html.count('name="though_withdrawn"') == 2
    browser.follow(response, though_withdrawn=answer)
    assert Attendance.objects.filter(presence="present").count() == there
    assert statuses(people[:1]) == ["withdrawn_invalid"]


def test_where_only_that_was_ticked_and_not_meant_nothing_is_changed(client, gone):
    run, teacher, people = gone
    browser = Browser(client, run, teacher).open().tick(people[0])
    response = browser.press("continue")
    answered = browser.follow(response, left_open="unrecorded", though_withdrawn="left")
    assert answered.url == browser.address
    assert not Attendance.objects.exists()


def test_the_question_counts_only_what_is_decided_and_says_the_rest_apart(client):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people[:1], present=people[1:])
    browser = Browser(client, run, teacher).open()
    completed = {f"status_{one.pk}": "completed" for one in people}
    html = client.get(browser.choose(**completed).press("continue").url).content.decode()
    assert "2 × voltooid: 2 certificaten" in html
    asked = html.index("Alleen als je ja antwoordt")
    assert asked < html.index("1 × voltooid: 1 certificaat") < html.index("In elk geval")
    assert "Opslaan</button>" in html


def test_who_gets_the_status_absent_and_is_marked_present_at_once_is_asked_about_as_well(client):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people[1:])
    browser = Browser(client, run, teacher).open().tick(people[0])
    response = browser.choose(**{f"status_{people[0].pk}": "absent"}).press("continue")
    html = client.get(response.url).content.decode()
    assert "1 deelnemer krijgt een studiestatus die niet past bij aanwezig zijn" in html
    assert f"Afwezig: {people[0].learner.name}" in html
    browser.follow(response, though_present="left")
    assert statuses(people[:1]) == ["enrolled"]


def test_who_is_absent_only_once_left_open_counts_so_is_asked_about_after_that_and_counted(client):
    run, teacher, people = a_class(-7)
    browser = Browser(client, run, teacher).open().tick(people[0])
    response = browser.choose(**{f"status_{people[1].pk}": "completed"}).press("continue")
    page = client.get(response.url)
    assert page.context["questions"].absent_if_left_open == [people[1]]
    html = page.content.decode()
    assert "Registreer je wie je open liet als afwezig, dan is 1 deelnemer voltooid" in html
    assert 'data-follows="left_open" data-value="absent"' in html
    assert "2 registraties ‘afwezig’, als je wie je open liet als afwezig registreert" in html
    assert "Afhankelijk van je antwoorden" in html


def test_who_was_recorded_absent_is_asked_about_whatever_becomes_of_who_was_left_open(client):
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people[:1])
    browser = Browser(client, run, teacher).open().tick(people[1])
    completed = {f"status_{one.pk}": "completed" for one in (people[0], people[2])}
    html = client.get(browser.choose(**completed).press("continue").url).content.decode()
    assert "2 deelnemers voltooid, maar afwezig" in html
    assert f"als afwezig registreert: {people[2].learner.name}" in html
    assert "data-follows" not in html
