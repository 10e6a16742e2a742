"""A row of a register as it is shown: what is recorded, with what was typed laid over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString

from attendance.marking.registers import Participant
from attendance.marking.values import MarkValue, in_common
from attendance.models import Presence
from attendance.register import bases, dropdowns
from attendance.register.drafts import Typed
from attendance.register.rows import TypedRow
from learners.models import WITHDRAWN, Enrolment


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """A participant with what was typed about them."""

    participant: Participant
    typed: TypedRow
    recorded: str  # present, absent, mixed or '' for the meetings that are shown
    details: MarkValue  # what the marks of the meetings that are shown say besides, in common
    is_filled: bool  # 'all present' will fill it
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        return self.participant.pk

    @property
    def key(self) -> str:
        """The key as text, which stands in a row so often that writing it out each time counts."""
        return str(self.pk)

    @property
    def enrolment(self) -> Enrolment:
        return self.participant.enrolment

    @property
    def mark(self) -> str:
        """Return what the tick says: what was typed, else what is recorded."""
        typed = self.typed.presence if self.recorded in ("", "mixed") else self.typed.mark
        return typed or (Presence.PRESENT.value if self.is_filled else self.recorded)

    @property
    def is_ticked(self) -> bool:
        return self.mark == Presence.PRESENT

    @property
    def is_touched(self) -> bool:
        return self.typed.is_touched

    @property
    def is_touched_beside_mark(self) -> bool:
        return replace(self.typed, mark="").is_touched

    @property
    def late(self) -> str:
        """Return the minutes as their field shows them: what was typed, else what is recorded."""
        typed = self.typed.late
        return (str(self.details.minutes_late or "")) if typed is None else typed

    @property
    def early(self) -> str:
        typed = self.typed.early
        return (str(self.details.minutes_early or "")) if typed is None else typed

    @property
    def is_excused(self) -> bool:
        typed = self.typed.excused
        return self.details.is_excused if typed is None else typed

    @property
    def excuse(self) -> str:
        typed = self.typed.excuse
        return self.details.excuse if typed is None else typed

    @property
    def said(self) -> list[str]:
        """Return the details in words; those that were typed stand in their fields."""
        return self.typed.over(self.details._replace(presence=self.mark)).details

    @property
    def is_detailed(self) -> bool:
        """Whether the details are open from the start: something was typed there, or is wrong."""
        wrong = self.errors.keys() & {"late", "early", "excused", "excuse"}
        return self.typed.touches_details or bool(wrong)

    @property
    def base(self) -> str:
        return self.typed.base or bases.write_base(self.participant)

    @property
    def effort(self) -> str:
        typed = self.typed.effort
        return self.enrolment.effort if typed is None else typed

    @property
    def remark(self) -> str:
        typed = self.typed.remark
        return self.enrolment.remark if typed is None else typed

    @property
    def can_choose(self) -> bool:
        return bool(self.participant.choices)

    @property
    def can_be_withdrawn(self) -> bool:
        return not WITHDRAWN.isdisjoint(self.participant.choices)

    @property
    def status_options(self) -> SafeString:
        return dropdowns.statuses(self.participant.choices, self.typed.status)

    @property
    def effort_options(self) -> SafeString:
        return dropdowns.efforts(self.effort)


def show_row(
    participant: Participant, typed: Typed, chosen: frozenset[int], errors: Mapping[str, str]
) -> ShownRow:
    """Return the row of a participant for these meetings."""
    row = typed.rows.get(participant.pk, TypedRow())
    recorded = participant.seen_in(chosen)
    values = participant.values_in(chosen)
    found = {value.presence for value in values}
    is_fillable = participant.is_expected and "" in found and Presence.ABSENT not in found
    return ShownRow(
        participant=participant,
        typed=row,
        recorded=recorded,
        details=in_common(values),
        is_filled=typed.all_present and is_fillable,
        errors=errors,
    )
