"""What a teacher typed in one row of a register: the cells that they touched.

A cell is touched when the form comes back with something else than the page showed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from attendance.marking.values import ABSENT, PRESENT, MarkValue, read_minutes
from attendance.register.bases import Base, read_base, remark_sum


@dataclass(frozen=True, kw_only=True)
class TypedRow:
    """The touched cells of one row; None, and '' for mark and status, are cells nobody touched."""

    base: str = ""
    mark: str = ""
    late: str | None = None
    early: str | None = None
    excused: bool | None = None
    excuse: str | None = None
    status: str = ""
    effort: str | None = None
    remark: str | None = None

    @property
    def is_touched(self) -> bool:
        return bool(self.mark or self.status) or any(
            cell is not None for cell in (*self._details, self.effort, self.remark)
        )

    @property
    def touches_details(self) -> bool:
        return any(cell is not None for cell in self._details)

    @property
    def touches_mark(self) -> bool:
        """Whether something was said about being there."""
        return bool(self.mark) or self.touches_details

    @property
    def _details(self) -> tuple[str | bool | None, ...]:
        return (self.late, self.early, self.excused, self.excuse)

    @property
    def says_minutes(self) -> bool:
        return any(text and read_minutes(text) != 0 for text in (self.late, self.early))

    @property
    def says_excused(self) -> bool:
        return bool(self.excused or self.excuse)

    @property
    def presence(self) -> str:
        """What they were, by the tick; else by what only who was present or absent can be."""
        return self.mark or (PRESENT if self.says_minutes else ABSENT if self.says_excused else "")

    def over(self, now: MarkValue) -> MarkValue:
        """Return what a mark says with the touched cells of this row laid over it."""
        presence = self.presence or now.presence
        kept = now if presence == now.presence else MarkValue(presence)
        typed: dict[str, Any] = {
            "minutes_late": _minutes(self.late),
            "minutes_early": _minutes(self.early),
            "is_excused": True if self.says_excused else self.excused,
            "excuse": self.excuse,
        }
        said = {name: value for name, value in typed.items() if value is not None}
        return kept._replace(**said).tidied() if presence else now


def _minutes(text: str | None) -> int | None:
    return None if text is None else read_minutes(text)


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """What the boxes of a page say, for all its rows."""

    present: frozenset[int]
    before: frozenset[int]
    absent: frozenset[int]
    taken_back: frozenset[int]
    excused: frozenset[int]
    all_present: bool
    seen: Collection[int]  # the meetings whose marks the page showed


def read_row(pk: int, post: QueryDict, earlier: TypedRow, ticks: Ticks) -> TypedRow:
    """Read the touched cells of one row of a posted page, after what was typed in it before."""
    text = earlier.base or post.get(f"base-{pk}", "")
    base = read_base(text)
    effort = post.get(f"effort-{pk}")
    remark = post.get(f"remark-{pk}")
    if remark is not None:
        remark = remark.strip()
    return TypedRow(
        base=text,
        mark=_read_mark(pk, earlier, ticks),
        **_read_details(pk, post, base, ticks),
        status=post.get(f"status-{pk}", ""),
        effort=None if effort == base.effort else effort,
        remark=None if remark is None or remark_sum(remark) == base.remark_sum else remark,
    )


def _read_mark(pk: int, earlier: TypedRow, ticks: Ticks) -> str:
    """Return what was said about this presence: a tick put, a tick taken away, or nothing new."""
    if pk in ticks.taken_back:
        return ""
    is_ticked, was_ticked = pk in ticks.present, pk in ticks.before
    if is_ticked and not was_ticked:
        return PRESENT
    if pk in ticks.absent and not is_ticked:
        return ABSENT
    if was_ticked and not is_ticked:
        took_back = earlier.mark == PRESENT and not ticks.all_present
        return "" if took_back else ABSENT
    return earlier.mark


def _read_details(pk: int, post: QueryDict, base: Base, ticks: Ticks) -> dict[str, Any]:
    """Return the details that differ from what was shown; none where the page had no such cells."""
    if f"late-{pk}" not in post:
        return {}
    shown = base.details_in(ticks.seen)
    texts = {name: post.get(f"{name}-{pk}", "").strip() for name in ("late", "early", "excuse")}
    is_excused = pk in ticks.excused
    return {
        "late": None if read_minutes(texts["late"]) == shown.minutes_late else texts["late"],
        "early": None if read_minutes(texts["early"]) == shown.minutes_early else texts["early"],
        "excused": None if is_excused == shown.is_excused else is_excused,
        "excuse": None if texts["excuse"] == shown.excuse else texts["excuse"],
    }
