"""What a teacher answered to the questions that are put before a form is saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from attendance.register import doubts
from attendance.register.plans import Plan


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

    def apply_to(self, plan: Plan) -> Plan:
        """Return what of this plan is written: without what was not meant, and with who was left
        open where they were absent."""
        if not self.present_though_withdrawn:
            plan = plan.without_marks(doubts.present_though_withdrawn(plan))
        if self.left_open_are_absent:
            plan = plan.with_left_open()
        if not self.completed_though_absent:
            plan = plan.without_statuses(doubts.completed_though_absent(plan))
        if not self.away_though_present:
            plan = plan.without_statuses(doubts.away_though_present(plan))
        return plan


AS_TYPED = Answers()


def read_form(post: Mapping[str, str]) -> Answers:
    """Read what the page with the questions sends."""
    return Answers(
        left_open_are_absent=post.get("left_open") == "absent",
        completed_though_absent=post.get("though_absent") != "left",
        away_though_present=post.get("though_present") != "left",
        present_though_withdrawn=post.get("though_withdrawn") != "left",
    )
