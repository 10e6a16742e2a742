"""Drafts that keep themselves: what each window typed is found again, and what counts is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assignments import drafts
from exams.assignments.states import WorkRefused
from exams.models import LONGEST_TEXT, AnswerKind, DraftCopy, Reaches
from exams.tests.factories import (
    a_follower,
    a_hand_in,
    a_stored_file,
    a_version,
    an_exam_programme,
    work_on,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return work_on(a_follower(an_exam_programme(1)))


def typed(work, text, revision, window="a"):
    me = work.enrolment.learner
    return drafts.save_text(work=work, by=me, text=text, revision=revision, window=window)


def test_the_window_that_is_behind_is_kept_beside_the_draft(work):
    typed(work, "thuis", 0, "desk")
    kept = typed(work, "in de trein", 0, "phone")
    assert not kept.is_ahead
    assert (kept.draft.text, kept.copy.text) == ("thuis", "in de trein")


def test_the_same_window_goes_on_though_it_did_not_hear_that_it_was_saved(work):
    typed(work, "een", 0)
    saved = typed(work, "een twee", 0)
    assert (saved.is_ahead, saved.draft.text, saved.draft.revision) == (True, "een twee", 2)


def test_a_text_that_is_chosen_changes_places_with_the_draft(work):
    typed(work, "thuis", 0, "desk")
    copy = typed(work, "in de trein", 0, "phone").copy
    draft = drafts.take_copy(copy=copy, by=work.enrolment.learner)
    assert (draft.text, draft.copies.get().text) == ("in de trein", "thuis")
    again = drafts.take_copy(copy=copy, by=work.enrolment.learner)
    assert (again.text, again.copies.count()) == ("in de trein", 1)


def test_a_window_without_a_name_keeps_the_same_text_once(work):
    typed(work, "thuis", 0, "desk")
    for _press in range(2):
        typed(work, "zonder script", 0, window="")
    assert list(DraftCopy.objects.values_list("text", flat=True)) == ["zonder script"]
    typed(work, "nog iets", 0, window="")
    assert DraftCopy.objects.count() == 2


def test_a_window_with_a_name_longer_than_is_kept_is_one_window(work):
    typed(work, "een", 0, "w" * 500)
    assert typed(work, "twee", 0, "w" * 500).is_ahead


def test_a_text_that_is_too_long_is_refused_and_the_draft_stays(work):
    typed(work, "thuis", 0)
    with pytest.raises(WorkRefused, match="Characters: 200001"):
        typed(work, "x" * (LONGEST_TEXT + 1), 1)
    assert drafts.of(work).text == "thuis"


def test_a_draft_has_at_most_twenty_files(work):
    me = work.enrolment.learner
    files = [a_stored_file(me, f"{n}.pdf") for n in range(drafts.MOST_FILES)]
    drafts.add_files(work=work, files=files, by=me)
    drafts.add_files(work=work, files=files[:1], by=me)
    with pytest.raises(WorkRefused, match="at most 20 are possible"):
        drafts.add_files(work=work, files=[a_stored_file(me)], by=me)
    assert drafts.of(work).files.count() == drafts.MOST_FILES


def test_a_file_taken_out_of_a_draft_stays_with_what_was_handed_in(
    work, django_capture_on_commit_callbacks
):
    me = work.enrolment.learner
    kept, gone = a_stored_file(me), a_stored_file(me, "foto.pdf")
    a_hand_in(work, files=(kept,))
    drafts.add_files(work=work, files=[gone], by=me)
    with django_capture_on_commit_callbacks(execute=True):
        for file in (kept, gone):
            drafts.remove_file(work=work, file=file.pk, by=me)
    assert not drafts.of(work).files.exists()
    kept.refresh_from_db()
    assert kept.let_go_at is None
    assert not type(gone).objects.filter(pk=gone.pk).exists()


def test_what_a_newer_version_asks_beside_it_is_something_new(work):
    hand_in = a_hand_in(work, "Ik zag drie mensen.")
    me = work.enrolment.learner
    drafts.add_files(work=work, files=[a_stored_file(me)], by=me)
    text = a_version(work.assignment, reaches=Reaches.IMPROVING, answer=AnswerKind.TEXT)
    both = a_version(work.assignment, reaches=Reaches.IMPROVING)
    draft = drafts.of(work)
    assert not drafts.differs(draft, hand_in, text)
    assert drafts.differs(draft, hand_in, both)


@pytest.mark.parametrize("answer", AnswerKind)
@pytest.mark.parametrize("text", ["", "Ik zag drie mensen.\n ", "Iets anders"])
@pytest.mark.parametrize("files", ["none", "same", "other", "more"])
def test_the_rows_that_are_unsent_are_those_that_differ(work, answer, text, files):
    me = work.enrolment.learner
    a_version(work.assignment, answer=answer)
    had, other = a_stored_file(me), a_stored_file(me)
    hand_in = a_hand_in(work, "Ik zag drie mensen.", (had,))
    typed(work, text, drafts.of(work).revision)
    if files in ("other", "more"):
        drafts.add_files(work=work, files=[other], by=me)
    if files in ("none", "other"):
        drafts.remove_file(work=work, file=had.pk, by=me)
    draft = drafts.of(work)
    assert drafts.is_unsent(draft) == drafts.differs(draft, hand_in)


def test_before_anything_was_handed_in_what_says_something_is_unsent(work):
    assert not drafts.is_unsent(typed(work, " \n", 0).draft)
    assert drafts.is_unsent(typed(work, "een", 1).draft)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["x", "y", "z"])),
        max_size=8,
    )
)
def test_the_newest_text_of_every_window_is_found_unless_it_was_read_and_gone_on_from(steps):
    """Whatever revision a window says that it knew, down to nonsense."""
    work = work_on(a_follower(an_exam_programme(1)))
    there: dict[str, str] = {}
    for window, back, text in steps:
        before = drafts.of(work)
        known = max(0, before.revision - back)
        saved = typed(work, text, known, window)
        if known == before.revision or window == before.window:
            there = {w: said for w, said in there.items() if said != before.text}
        there[window] = text
        found = {saved.draft.text, *saved.draft.copies.values_list("text", flat=True)}
        assert set(there.values()) <= found
