import pytest

from attendance.register.answers import AS_TYPED, Answers, read_form


def test_what_was_not_asked_is_as_it_was_typed_and_who_was_left_open_is_not_recorded():
    assert read_form({}) == AS_TYPED
    assert not AS_TYPED.left_open_are_absent
    assert not AS_TYPED.leave_something


def test_who_was_left_open_is_absent_by_an_answer_that_leaves_nothing():
    answered = read_form({"left_open": "absent"})
    assert answered == Answers(left_open_are_absent=True)
    assert not answered.leave_something


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("though_absent", Answers(completed_though_absent=False)),
        ("though_present", Answers(away_though_present=False)),
        ("though_withdrawn", Answers(present_though_withdrawn=False)),
    ],
)
def test_what_was_not_meant_is_left_as_it_was(name, expected):
    answered = read_form({name: "left"})
    assert answered == expected
    assert answered.leave_something
