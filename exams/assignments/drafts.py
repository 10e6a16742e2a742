"""Drafts that keep themselves: what a learner types is stored as they type, and no window ever
overwrites what it did not see.

Each saving says which revision it began from. Where another window or device was ahead, its text is
the draft, and what comes in is kept beside it until the writer has chosen. So nothing is lost, and
which text counts is always said.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import in_time
from exams.assignments.states import WorkRefused
from exams.models import (
    LONGEST_TEXT,
    AssignmentVersion,
    Draft,
    DraftCopy,
    DraftFile,
    HandIn,
    Work,
)
from learners.files import keeping
from learners.models import StoredFile, User

MOST_FILES = 20
MOST_COPIES = 20  # texts of other windows beside a draft
LONGEST_WINDOW = 40  # characters of the name of a window


@dataclass(frozen=True)
class Saved:
    """What became of a text that was sent: `is_ahead` where it is the draft now; else it was kept
    as `copy`, beside the draft of another window. A text of nothing but spaces needs no copy."""

    draft: Draft
    is_ahead: bool = True
    copy: DraftCopy | None = None


def of(work: Work | None) -> Draft:
    """Return somebody's draft to be shown; an empty one that is not stored where they have none.
    What was handed in last stays in it, so that who improves something goes on from there."""
    found = Draft.objects.filter(work=work).first() if work else None
    return found or (Draft(work_id=work.pk) if work else Draft())


@transaction.atomic
def save_text(
    *,
    work: Work,
    by: User,
    text: str,
    revision: int,
    window: str = "",
    turn: int = 0,
    at: datetime | None = None,
) -> Saved:
    """Keep what somebody typed in a window, which began from this revision.

    Sent twice, it is kept once; `turn` counts what the window sends, so that what arrives late does
    not take the place of what it sent afterwards. Raises `WorkRefused` for a text that is too long,
    or one too many beside the draft; it is then for the page to keep it.
    """
    text = refuse_too_long(text)
    draft = locked(work)
    window = window[:LONGEST_WINDOW] or _window_of(draft, text)
    is_last = window == draft.window
    copy = DraftCopy.objects.filter(draft=draft, window=window).first()
    if turn < (draft.turn if is_last else copy.turn if copy else 0):
        return Saved(draft, is_last, copy)
    if text == draft.text:
        _agree(draft, window, turn)
        return Saved(draft)
    if revision == draft.revision or is_last:
        write(draft, text=text, window=window, turn=turn, at=at)
        return Saved(draft)
    return Saved(draft, False, _keep_beside(draft, text, window, turn, at))


@transaction.atomic
def take_copy(*, copy: DraftCopy, by: User) -> Draft:
    """Make a text that was kept beside the draft the draft; what was the draft is kept instead."""
    draft = locked(copy.draft.work)
    taken = DraftCopy.objects.filter(pk=copy.pk, draft=draft).first()
    if taken is None:
        return draft
    before, typed_at = draft.text, draft.saved_at
    window, turn = draft.window or _a_window(), draft.turn
    taken.delete()
    write(draft, text=taken.text, window=_a_window())
    if before.strip():
        _keep_beside(draft, before, window, turn, typed_at)
    return draft


@transaction.atomic
def let_copy_go(*, copy: DraftCopy, seen: str, by: User) -> None:
    """Forget a text that was kept beside the draft, as its writer asks who saw it.

    Raises `WorkRefused` where they went on with it since: nobody forgets what they did not see.
    """
    draft = locked(copy.draft.work)
    found = DraftCopy.objects.filter(pk=copy.pk, draft=draft).first()
    if found is None:
        return
    if found.seen != seen:
        words = _("You went on with this text meanwhile. Look at it before you delete it.")
        raise WorkRefused(words)
    found.delete()


@transaction.atomic
def add_files(
    *, work: Work, files: Collection[StoredFile], by: User, at: datetime | None = None
) -> Draft:
    """Put files into a draft. What is there already stays there once, also where it was sent a
    second time under the same name; that second one is let go. Raises `WorkRefused` for one too
    many, and where their programme is closed and they did not begin to come in in time."""
    draft = locked(work, at)
    there = [row.file for row in draft.files.select_related("file")]
    new, again = _sorted_out(there, files)
    if len(there) + len(new) > MOST_FILES:
        words = _("There are too many files; at most %(n)d are possible. Take some away.")
        raise WorkRefused(words % {"n": MOST_FILES})
    if new:
        in_time.refuse_late(work, new, at)
    for stored in new:
        keeping.claim(stored=stored, owner=work.enrolment.learner)
        DraftFile.objects.create(draft=draft, file=stored)
    keeping.let_go(files=again)
    if new:
        _keep_at(draft, at)
    return draft


@transaction.atomic
def remove_file(*, work: Work, file: int, by: User) -> Draft:
    """Take a file out of a draft; what was handed in keeps it."""
    draft = locked(work)
    rows = draft.files.filter(file=file).select_related("file")
    gone = [row.file for row in rows]
    rows.delete()
    keeping.let_go(files=gone)
    if gone:
        _keep_at(draft)
    return draft


def write(
    draft: Draft, *, text: str, window: str, turn: int = 0, at: datetime | None = None
) -> None:
    """Write the text of a locked draft, as its next revision."""
    draft.text, draft.window, draft.turn = text, window, turn
    draft.revision += 1
    draft.saved_at = at or timezone.now()
    draft.save()
    DraftCopy.objects.filter(draft=draft, window=window).delete()


def refuse_too_long(text: str) -> str:
    """Return a text with the line ends of one kind; raises `WorkRefused` where it is too long."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if len(text) > LONGEST_TEXT:
        words = _("This text is too long. Characters: %(n)d; at most %(most)d are possible.")
        raise WorkRefused(words % {"n": len(text), "most": LONGEST_TEXT})
    return text


def differs(
    draft: Draft, handed_in: HandIn | None, version: AssignmentVersion | None = None
) -> bool:
    """Whether a draft says something else than what was handed in last, as far as the version that
    is asked takes it; without one, that which was handed in."""
    files = set(draft.files.values_list("file", flat=True)) if draft.pk else set()
    if handed_in is None:
        return bool(draft.text.strip() or files)
    version = version or handed_in.version
    had = set(handed_in.files.values_list("file", flat=True))
    return (version.takes_text and draft.text.strip() != handed_in.text.strip()) or (
        version.takes_files and files != had
    )


def is_unsent(draft: Draft) -> bool:
    """Whether a draft that is stored says something else than what was handed in last."""
    return Draft.objects.unsent().filter(pk=draft.pk).exists()


def locked(work: Work, at: datetime | None = None) -> Draft:
    """Lock somebody's draft, begun where there is none: now, unless said otherwise."""
    begun = Draft(work_id=work.pk, saved_at=at or timezone.now())
    Draft.objects.bulk_create([begun], ignore_conflicts=True)
    return Draft.objects.select_for_update(of=("self",)).get(work=work)


def same_in(work: Work, files: Collection[StoredFile]) -> set[int]:
    """Return the files of a draft, by their keys, that are these, or the same under another key."""
    wanted = {_looks(stored) for stored in files}
    rows = DraftFile.objects.filter(draft__work=work).select_related("file")
    return {row.file_id for row in rows if _looks(row.file) in wanted}


def _sorted_out(
    there: Collection[StoredFile], files: Collection[StoredFile]
) -> tuple[list[StoredFile], list[StoredFile]]:
    """Return which of these files are new beside those that are there, and which are the same as
    one of them under another key."""
    keys, looks = {stored.pk for stored in there}, {_looks(stored) for stored in there}
    new: list[StoredFile] = []
    again: list[StoredFile] = []
    for stored in files:
        if stored.pk in keys:
            continue
        (again if _looks(stored) in looks else new).append(stored)
        keys.add(stored.pk)
        looks.add(_looks(stored))
    return new, again


def _looks(stored: StoredFile) -> tuple[str, str]:
    """Return what makes two files the same to who chose them."""
    return stored.sha256, stored.name


def _keep_at(draft: Draft, at: datetime | None = None) -> None:
    """Note when a draft was kept last, where its text stays as it is."""
    draft.saved_at = at or timezone.now()
    draft.save(update_fields=["saved_at"])


def _a_window() -> str:
    """Return a name for a window that has none, so that no text takes the place of another's."""
    return secrets.token_urlsafe(12)


def _window_of(draft: Draft, text: str) -> str:
    """Return the window that a text without one is of: that which sent the same before, so that it
    is kept once."""
    same = draft.copies.filter(text=text).values_list("window", flat=True).first()
    return same or _a_window()


def _agree(draft: Draft, window: str, turn: int) -> None:
    """Note that a window says what the draft says, whatever it kept beside it before."""
    DraftCopy.objects.filter(draft=draft, window=window).delete()
    if window == draft.window:
        draft.turn = turn
        draft.save(update_fields=["turn"])


def _keep_beside(
    draft: Draft, text: str, window: str, turn: int, typed_at: datetime | None = None
) -> DraftCopy | None:
    """Keep a text as that of its window; where nothing is left of it, nothing is kept."""
    if not text.strip():
        DraftCopy.objects.filter(draft=draft, window=window).delete()
        return None
    others = DraftCopy.objects.filter(draft=draft).exclude(window=window)
    if others.count() >= MOST_COPIES:
        words = _(
            "You have %(n)d other texts beside this one already. Delete one that you need no more."
        )
        raise WorkRefused(words % {"n": MOST_COPIES})
    values = {"text": text, "turn": turn, "typed_at": typed_at or timezone.now()}
    copy, _new = DraftCopy.objects.update_or_create(draft=draft, window=window, defaults=values)
    return copy
