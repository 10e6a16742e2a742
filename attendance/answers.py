"""What a teacher answered to the questions that are put before a form is saved."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Whether each thing that was asked about is meant; what was not answered is as it was typed,
    and who was left open is not recorded."""

    left_open_are_absent: bool = False
    completed_though_absent: bool = True
    away_though_present: bool = True
    present_though_withdrawn: bool = True

    @property
    def leave_something(self) -> bool:
        """Whether something that was typed was not meant, and stays as it was."""
        return not (
            self.completed_though_absent
            and self.away_though_present
            and self.present_though_withdrawn
        )


AS_TYPED = Answers()


def read_form(post: Mapping[str, str]) -> Answers:
    """Read what the page with the questions sends."""
    return Answers(
        left_open_are_absent=post.get("left_open") == "absent",
        completed_though_absent=post.get("though_absent") != "left",
        away_though_present=post.get("though_present") != "left",
        present_though_withdrawn=post.get("though_withdrawn") != "left",
    )
