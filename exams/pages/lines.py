"""A text of a hand-in, line by line, with what was remarked on each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exams.models import Remark

MOST_LINES = 2_000  # a text of more is no answer, and would make a page of tens of megabytes


@dataclass(frozen=True)
class Line:
    """A line of a text, counted from 1."""

    number: int
    text: str
    remarks: Sequence[Remark] = ()


def lines_of(text: str, remarks: Iterable[Remark] = ()) -> list[Line]:
    """Return the lines of a text, each with its remarks; none of an empty text. Of one with very
    many the last has all that follows."""
    of_line: dict[int | None, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.file_id is None:
            of_line[min(remark.place or 0, MOST_LINES)].append(remark)
    lines = text.split("\n", MOST_LINES - 1) if text else ()
    return [Line(number, line, of_line[number]) for number, line in enumerate(lines, 1)]
