"""Boxes, of which films and the pictures of phones are made (ISO/IEC 14496-12, and QuickTime).

Only what stands before each box is read; what it holds is passed over, so that a film of gigabytes
takes no longer than a short one. A file is not believed: no box reaches out of what holds it, each
is at least as long as what stands before it, and of one file only so many are looked at.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 1_000  # a phone's film has some hundred
BEFORE, BEFORE_LONG = 8, 16  # bytes before what a box holds: its length and its name
TO_THE_END, IS_LONG = 0, 1  # what may stand where the length is expected


@dataclass(frozen=True)
class Box:
    """A box: its name, where what it holds begins and ends, and whether all of that is there."""

    name: bytes
    start: int
    end: int
    is_whole: bool = True


class Boxes:
    """The boxes of one file."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self._left = MOST_BOXES
        self.file = Box(b"", 0, content.seek(0, io.SEEK_END))

    def within(self, box: Box, *, after: int = 0) -> Iterator[Box]:
        """Yield the boxes that one holds, which begin after so many bytes. One that is cut off is
        the last."""
        at = box.start + after
        while at + BEFORE <= box.end and self._left > 0:
            self._left -= 1
            found = self._at(at, box.end)
            if found is None:
                return
            yield found
            at = found.end

    def find(self, box: Box, *path: bytes) -> Box | None:
        """Return the first whole box of this name within the first of that name, and so on."""
        for name in path:
            inner = (each for each in self.within(box) if each.name == name and each.is_whole)
            if (found := next(inner, None)) is None:
                return None
            box = found
        return box

    def read(self, box: Box, length: int) -> bytes:
        """Return the first bytes that a box holds."""
        self._content.seek(box.start)
        return self._content.read(min(length, box.end - box.start))

    def _at(self, at: int, end: int) -> Box | None:
        """Read what stands before a box; None where that says less than it is itself."""
        self._content.seek(at)
        header = self._content.read(BEFORE_LONG)
        length, before = int.from_bytes(header[:4]), BEFORE
        if length == TO_THE_END:
            length = end - at
        elif length == IS_LONG:
            length, before = int.from_bytes(header[8:]), BEFORE_LONG
        if length < before or len(header) < before:
            return None
        return Box(header[4:8], at + before, min(at + length, end), is_whole=at + length <= end)
