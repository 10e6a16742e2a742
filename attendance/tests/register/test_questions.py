import pytest

from attendance.tests.factories import Browser, a_class, asked, mark, save, typed
from learners.telling.days import day

pytestmark = pytest.mark.django_db


def test_marks_and_effort_are_saved_without_a_question():
    run, teacher, people = a_class(-7)
    rows = {one: {"mark": "present", "effort": "good"} for one in people}
    assert not asked(run, teacher, rows, run.meetings.get())


def test_who_is_left_open_is_named_once_and_only_who_is_not_recorded():
    run, teacher, people = a_class(-14, -7)
    save(run, teacher, typed(run, {people[1]: {"mark": "absent"}}, *run.meetings.all()))
    questions = asked(
        run, teacher, {people[0]: {"mark": "present"}}, *run.meetings.all(), shown=people
    )
    assert questions.people_left_open == [people[2]]
    assert questions


def test_absent_is_saved_without_a_question():
    run, teacher, people = a_class(-7)
    assert not asked(run, teacher, {people[0]: {"status": "absent"}})


def test_what_touches_more_than_this_page_is_asked():
    run, teacher, people = a_class(-7)
    rows = {one: {"mark": "present"} for one in people}
    seen = frozenset({people[0].pk})
    assert asked(run, teacher, rows, run.meetings.get(), on_page=seen)
    questions = asked(run, teacher, {}, run.meetings.get(), shown=people[:1], all_present=True)
    assert (questions.filled_elsewhere, bool(questions)) == (2, True)


def test_marks_of_a_meeting_that_was_not_looked_at_are_not_overwritten_unasked():
    run, teacher, people = a_class(-14, -7)
    first, second = run.meetings.all()
    save(run, teacher, typed(run, {people[0]: {"mark": "absent"}}, first))
    rows = {one: {"mark": "present"} for one in people}
    questions = asked(run, teacher, rows, first, second, seen_meetings=(second.pk,))
    assert [step.meeting_id for step in questions.overwritten] == [first.pk]
    assert questions


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
    questions = asked(run, teacher, rows, first, second)
    with django_assert_num_queries(0):
        assert (len(questions.overwritten_shown), questions.overwritten_more) == (10, 2)


def test_a_mark_that_is_put_right_at_the_one_meeting_that_is_shown_is_not_asked_about():
    run, teacher, people = a_class(-7)
    mark(run, teacher, run.meetings.get(), absent=people)
    rows = {one: {"mark": "present"} for one in people}
    assert not asked(run, teacher, rows, run.meetings.get())


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
