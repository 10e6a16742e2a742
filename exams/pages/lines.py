"""A text of a hand-in, line by line, with what was remarked on each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exams.models import Remark


@dataclass(frozen=True)
class Line:
    """A line of a text, counted from 1."""

    number: int
    text: str
    remarks: Sequence[Remark] = ()


def lines_of(text: str, remarks: Iterable[Remark] = ()) -> list[Line]:
    """Return the lines of a text, each with its remarks; none of an empty text."""
    of_line: dict[int | None, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.file_id is None:
            of_line[remark.place].append(remark)
    lines = text.split("\n") if text else ()
    return [Line(number, line, of_line[number]) for number, line in enumerate(lines, 1)]
