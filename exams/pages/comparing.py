"""What changed from one version of a work to the next: words of the text, and files by their
checksum. Pure: it asks nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from learners.models import StoredFile

Kind = Literal["same", "added", "removed"]
# Comparing takes as long as the one side times the other; what is longer is shown as replaced.
MOST_COMPARED = 2_000_000  # a quarter of a second
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_WORD = re.compile(r"\w+")


@dataclass
class Patience:
    """How much a page may still compare, in all its texts together."""

    left: int = MOST_COMPARED

    def is_enough(self, before: Sequence[str], after: Sequence[str]) -> bool:
        """Take what comparing these costs, where there is that much left."""
        cost = len(before) * len(after)
        if cost > self.left:
            return False
        self.left -= cost
        return True


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, came, or went."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Comparison:
    """What changed: the stretches of the text in order, and the files that came and went."""

    pieces: Sequence[Piece]
    files_added: Sequence[StoredFile] = ()
    files_removed: Sequence[StoredFile] = ()

    @cached_property
    def words_added(self) -> int:
        return sum(len(_WORD.findall(one.text)) for one in self.pieces if one.kind == "added")

    @cached_property
    def words_removed(self) -> int:
        return sum(len(_WORD.findall(one.text)) for one in self.pieces if one.kind == "removed")

    @property
    def text_changed(self) -> bool:
        return any(one.kind != "same" for one in self.pieces)

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return self.text_changed or bool(self.files_added or self.files_removed)


def compare(
    before: str,
    after: str,
    files_before: Sequence[StoredFile] = (),
    files_after: Sequence[StoredFile] = (),
    patience: Patience | None = None,
) -> Comparison:
    """Compare a version with the one before it. A file with the same content is the same file,
    whatever it is called. Several comparisons of one page share its patience."""
    had = {one.sha256 for one in files_before}
    has = {one.sha256 for one in files_after}
    return Comparison(
        pieces_of(before, after, patience),
        [one for one in files_after if one.sha256 not in had],
        [one for one in files_before if one.sha256 not in has],
    )


def pieces_of(before: str, after: str, patience: Patience | None = None) -> list[Piece]:
    """Return the text of both, each part once: what stayed and came is the text after, what stayed
    and went is the text before."""
    patience = patience or Patience()
    found: list[Piece] = []
    for is_same, went, came in _blocks(_lines(before), _lines(after), patience):
        if is_same:
            _add(found, "same", went)
            continue
        for same_words, gone, new in _blocks(_WORDS.findall(went), _WORDS.findall(came), patience):
            if same_words:
                _add(found, "same", gone)
            else:
                _add(found, "removed", gone)
                _add(found, "added", new)
    return found


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _blocks(
    before: Sequence[str], after: Sequence[str], patience: Patience
) -> Iterator[tuple[bool, str, str]]:
    """Return block after block whether it stayed, and how it was before and after."""
    if not patience.is_enough(before, after):
        yield before == after, "".join(before), "".join(after)
        return
    found = SequenceMatcher(None, before, after, autojunk=False)
    for tag, begin, end, new_begin, new_end in found.get_opcodes():
        yield tag == "equal", "".join(before[begin:end]), "".join(after[new_begin:new_end])


def _add(found: list[Piece], kind: Kind, text: str) -> None:
    if not text:
        return
    if found and found[-1].kind == kind:
        text = found.pop().text + text
    found.append(Piece(kind, text))
