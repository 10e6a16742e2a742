"""How much somebody attended: the meetings at which they were, in hundredths of those recorded.

Who came late was present; who was excused was not there: excuses are said beside the percentage,
not in it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from attendance.marking.values import MarkValue, in_hundredths


@dataclass(frozen=True)
class Attended:
    """Marks, counted: of how many meetings, at how many somebody was, how many were excused."""

    recorded: int
    present: int
    excused: int

    @property
    def percentage(self) -> int:
        """Present in hundredths of what is recorded, half of one upwards."""
        return in_hundredths(self.present, self.recorded)


def attended(marks: Collection[MarkValue]) -> Attended | None:
    """Count the marks of meetings that took place; None where nothing is recorded."""
    if not marks:
        return None
    return Attended(
        recorded=len(marks),
        present=sum(value.is_present for value in marks),
        excused=sum(value.is_excused for value in marks),
    )
