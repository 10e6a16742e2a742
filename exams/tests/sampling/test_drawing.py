"""Who is drawn from a list and a seed, today and for ever, and by whoever draws it again."""

import json
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from exams.sampling import drawing
from exams.sampling.drawing import Candidate, as_list, draw, from_list
from learners.tests.searching import searching

# Works 11 to 13 are of the first theme, 21 and 22 of the second, 31 of the third; the hand-ins
# have other keys, on which nothing depends.
LIST = [Candidate(work // 10, work, 900 - work) for work in (11, 12, 13, 21, 22, 31)]
ORDERS = {  # `printf 'zaad:%s' 31 | sha256sum`, in order
    "zaad": [31, 13, 12, 22, 11, 21],
    "5f1d": [22, 21, 11, 12, 31, 13],
}
# seed, size, works that must be drawn → works that are. Never to be changed: samples of years ago
# are drawn again by these.
DRAWN = [
    ("zaad", 1, (), [13, 22, 31]),
    ("zaad", 3, (), [13, 22, 31]),
    ("zaad", 4, (), [12, 13, 22, 31]),
    ("zaad", 5, (), [11, 12, 13, 22, 31]),
    ("zaad", 6, (), [11, 12, 13, 21, 22, 31]),
    ("zaad", 100, (), [11, 12, 13, 21, 22, 31]),
    ("zaad", 1, (21,), [13, 21, 31]),
    ("zaad", 4, (21,), [12, 13, 21, 31]),
    ("zaad", 2, (11, 12, 21), [11, 12, 21, 31]),
    ("5f1d", 3, (), [11, 22, 31]),
    ("5f1d", 4, (), [11, 21, 22, 31]),
    ("5f1d", 3, (13,), [13, 22, 31]),
]
AGAIN = Path(__file__).with_name("draw_again.js")

CANDIDATES = st.lists(
    st.builds(
        Candidate, st.integers(1, 8), st.integers(1, 999), st.integers(1, 999), st.booleans()
    ),
    unique_by=lambda one: one.work,
    max_size=25,
)
SIZES, SEEDS = st.integers(1, 12), st.text("0123456789abcdef", min_size=1, max_size=32)


def with_must(works):
    return [Candidate(one.theme, one.work, one.hand_in, one.work in works) for one in LIST]


def works_of(candidates):
    return [one.work for one in candidates]


@pytest.mark.parametrize("seed", ORDERS)
def test_the_order_is_that_of_the_sums(seed):
    ordered = sorted(LIST, key=lambda one: drawing.rank(one, seed))
    assert works_of(ordered) == ORDERS[seed]


def test_a_sum_is_that_of_the_seed_a_colon_and_the_work():
    said = "02a6c647326182388f1be84dda0b306e558df31bc04ba4910da7d3c04c67773b"
    assert drawing.rank(LIST[-1], "zaad") == said


@pytest.mark.parametrize(("seed", "size", "must", "drawn"), DRAWN)
def test_a_seed_and_a_list_draw_these_for_ever(seed, size, must, drawn):
    assert works_of(draw(with_must(must), size=size, seed=seed)) == drawn


def test_another_language_on_another_machine_draws_the_same(tmp_path):
    """What an inspector would write from the description alone, with nothing of ours."""
    asked = [
        {"seed": seed, "size": size, "list": as_list(with_must(must))}
        for seed, size, must, _drawn in DRAWN
    ]
    said = subprocess.run(
        ["node", str(AGAIN)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout) == [drawn for *_asked, drawn in DRAWN]


@given(candidates=CANDIDATES, size=SIZES, seed=SEEDS)
@searching(60)
def test_as_many_as_asked_one_of_each_theme_and_all_that_must_be(candidates, size, seed):
    drawn = draw(candidates, size=size, seed=seed)
    themes = {one.theme for one in candidates}
    musts = [one for one in candidates if one.must]
    lacking = themes - {one.theme for one in musts}
    assert len(set(drawn)) == len(drawn)
    assert len(drawn) == max(min(size, len(candidates)), len(musts) + len(lacking))
    assert {one.theme for one in drawn} == themes
    assert set(musts) <= set(drawn) <= set(candidates)


@given(candidates=CANDIDATES, size=SIZES, seed=SEEDS, data=st.data())
@searching(40)
def test_the_order_of_the_list_changes_nothing_but_that_of_the_answer(candidates, size, seed, data):
    other = data.draw(st.permutations(candidates))
    drawn = draw(candidates, size=size, seed=seed)
    again = draw(other, size=size, seed=seed)
    assert set(drawn) == set(again)
    assert drawn == [one for one in candidates if one in set(drawn)]


@given(candidates=CANDIDATES, size=SIZES, seed=SEEDS)
@searching(30)
def test_stored_and_read_again_it_is_drawn_the_same(candidates, size, seed):
    read = from_list(json.loads(json.dumps(as_list(candidates))))
    assert read == candidates
    assert draw(read, size=size, seed=seed) == draw(candidates, size=size, seed=seed)


def test_another_seed_draws_others():
    seeds = [f"{number:x}" for number in range(40)]
    found = {tuple(works_of(draw(LIST, size=3, seed=seed))) for seed in seeds}
    assert len(found) == 6  # three of the first theme, two of the second, one of the third


@pytest.mark.parametrize("stored", [[{"theme": 1}], [{"theme": 1, "work": 2, "by": 3}]])
def test_a_form_that_is_not_known_is_not_guessed_at(stored):
    with pytest.raises(ImproperlyConfigured, match="not known"):
        from_list(stored)
