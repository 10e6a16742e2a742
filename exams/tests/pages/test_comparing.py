"""What changed between two versions."""

import math

from hypothesis import given
from hypothesis import strategies as st

from exams.pages import comparing
from exams.pages.comparing import Piece, compare, pieces_of
from learners.models import StoredFile

TEXTS = st.text(alphabet=st.sampled_from("ab é,.\n\t"), max_size=60) | st.text(max_size=40)


@given(before=TEXTS, after=TEXTS)
def test_both_texts_can_be_read_from_what_changed(before, after):
    pieces = pieces_of(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after
    assert compare(before, after).changed == (before != after)


def test_what_is_too_much_to_compare_is_shown_as_replaced():
    many = math.isqrt(comparing.MOST_COMPARED) + 1
    before, after = "a," * many, "b," * many
    assert pieces_of(before, after) == [Piece("removed", before), Piece("added", after)]


def test_many_stretches_together_have_the_patience_of_one_page():
    stretches = range(100)
    before = "\n".join(f"{n}\n" + "!?" * 1_000 for n in stretches)
    after = "\n".join(f"{n}\n" + "?!" * 1_000 for n in stretches)
    patience = comparing.Patience()
    pieces = pieces_of(before, after, patience)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert 0 <= patience.left < comparing.MOST_COMPARED


def test_changed_words_are_marked_and_the_others_stay():
    pieces = pieces_of("We talked for ten minutes.", "We talked for twenty minutes.")
    assert pieces == [
        Piece("same", "We talked for "),
        Piece("removed", "ten"),
        Piece("added", "twenty"),
        Piece("same", " minutes."),
    ]


def test_words_are_counted_and_marks_are_not():
    found = compare("One, two.", "One, two, three four.")
    assert (found.words_added, found.words_removed) == (2, 0)


def test_a_file_that_was_renamed_is_the_same_file():
    before = [StoredFile(name="a.pdf", sha256="1"), StoredFile(name="b.pdf", sha256="2")]
    after = [StoredFile(name="c.pdf", sha256="1"), StoredFile(name="b.pdf", sha256="3")]
    found = compare("", "", before, after)
    assert (found.files_added, found.files_removed) == ([after[1]], [before[1]])
