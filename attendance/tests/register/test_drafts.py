import uuid

import pytest
from django.http import QueryDict
from django.utils import timezone

from attendance.marking.values import MarkValue
from attendance.register import bases, drafts
from attendance.register.drafts import Typed, TypedRow
from attendance.tests.factories import a_class

BASE = f"s=enrolled e=good r={bases.remark_sum('late')} 12:p7 13:a9"


def posted(**fields: object) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in {"row": "5", "base-5": BASE, "effort-5": "good", **fields}.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def read(earlier: Typed | None = None, **fields: object) -> Typed:
    fields = {"remark-5": "late", "status-5": "", **fields}
    return drafts.read_form(posted(**fields), earlier or Typed())


def test_what_was_shown_comes_back_as_it_was_written():
    base = bases.read_base(BASE)
    assert dict(base.marks) == {12: (MarkValue("present"), 7), 13: (MarkValue("absent"), 9)}
    assert (base.status, base.effort) == ("enrolled", "good")


@pytest.mark.parametrize("nonsense", ["", "::: = x", "12:z3 a:p1 14:p", "s", "😀:p1", "²:p1 12:p²"])
def test_nonsense_counts_as_not_shown(nonsense):
    assert bases.read_base(nonsense).marks == {}


def test_a_form_that_comes_back_as_it_was_shown_touches_nothing():
    assert read().rows == {}
    assert read(present="5", ticked="5").rows == {}


def test_a_tick_that_was_put_is_present():
    assert read(present="5").rows[5].mark == "present"


def test_a_tick_that_was_taken_away_is_absent():
    assert read(ticked="5").rows[5].mark == "absent"


def test_absent_can_be_said_outright():
    assert read(absent="5").rows[5].mark == "absent"


def test_each_cell_is_touched_by_itself():
    row = read(**{"status-5": "completed"}).rows[5]
    assert (row.mark, row.status, row.effort, row.remark) == ("", "completed", None, None)
    row = read(**{"effort-5": ""}).rows[5]
    assert (row.mark, row.status, row.effort, row.remark) == ("", "", "", None)
    row = read(**{"remark-5": "on time"}).rows[5]
    assert (row.mark, row.status, row.effort, row.remark) == ("", "", None, "on time")


def test_what_was_typed_on_another_page_is_kept():
    earlier = Typed(rows={9: TypedRow(mark="present")}, shown=frozenset({9}))
    both = read(earlier, present="5")
    assert {pk: row.mark for pk, row in both.rows.items()} == {5: "present", 9: "present"}
    assert (both.shown, both.on_page) == ({5, 9}, {5})


@pytest.mark.parametrize("mark", ["present", "absent"])
def test_a_mark_that_was_typed_can_be_taken_back_outright(mark):
    earlier = Typed(rows={5: TypedRow(base=BASE, mark=mark)})
    assert read(earlier, taken_back="5").rows == {}


def test_a_tick_that_was_typed_and_is_taken_back_is_forgotten():
    earlier = Typed(rows={5: TypedRow(base="s=enrolled", mark="present")})
    again = read(earlier, ticked="5", **{"effort-5": "", "remark-5": None})
    assert again.rows.get(5, TypedRow()).mark == ""


def test_who_is_unticked_after_all_present_is_absent():
    assert read(Typed(all_present=True), ticked="5").rows[5].mark == "absent"


def test_the_versions_of_a_typed_row_are_those_of_when_it_was_typed():
    earlier = Typed(rows={5: TypedRow(base="s=enrolled 12:p3", mark="absent")})
    assert read(earlier, **{"base-5": BASE}).rows[5].base == "s=enrolled 12:p3"


def test_what_is_typed_survives_being_stored():
    typed = read(present="5", meeting=["12", "13"], seen="12", reason="because")
    assert drafts.from_json(drafts.to_json(typed)) == typed


def test_the_same_form_is_recognised_whatever_its_token():
    assert read(present="5").digest == read(present="5").digest
    assert read(present="5").digest != read(absent="5").digest


@pytest.mark.django_db
def test_a_draft_is_of_one_person_and_one_run():
    run, teacher, people = a_class()
    _other_run, other, _people = a_class()
    typed = Typed(rows={people[0].pk: TypedRow(mark="present")})
    drafts.keep(run=run, by=teacher, typed=typed)
    assert drafts.find(run=run, by=teacher) == typed
    assert drafts.find(run=run, by=other) is None
    assert drafts.find(run=run, by=teacher, token=uuid.uuid4()) is None


@pytest.mark.django_db
def test_a_draft_is_forgotten_after_a_week(time_machine):
    run, teacher, _people = a_class()
    drafts.keep(run=run, by=teacher, typed=Typed())
    time_machine.move_to(timezone.now() + drafts.KEPT)
    assert drafts.find(run=run, by=teacher) is None


@pytest.mark.django_db
def test_nobody_takes_the_draft_of_somebody_else_by_its_token():
    run, teacher, people = a_class()
    other_run, other, _people = a_class()
    mine = Typed(rows={people[0].pk: TypedRow(mark="present")})
    drafts.keep(run=run, by=teacher, typed=mine)
    drafts.keep(run=other_run, by=other, typed=Typed(token=mine.token))
    assert drafts.find(run=run, by=teacher) == mine
