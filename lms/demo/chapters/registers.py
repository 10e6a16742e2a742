"""Keeping the registers of the demo, meeting after meeting, by the form that teachers use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from attendance.marking import registers
from attendance.models import Presence
from attendance.register import bases, closing, savings
from attendance.register.drafts import Typed, TypedRow
from learners.models import WITHDRAWN, Actor, Effort, Meeting, Run, StudyStatus, User
from lms.demo.world import Participant, World

S = StudyStatus
AFTER = timedelta(minutes=10)  # a teacher saves the register so long after a meeting
UNFINISHED = timedelta(days=5)  # a register younger than that is half kept, today's not at all
EFFORTS = ["", "", Effort.SUFFICIENT, Effort.GOOD, Effort.GOOD, Effort.VERY_GOOD]
# How many in a hundred come, by how the run ends for them.
COMES: Mapping[str, int] = {S.COMPLETED: 92, S.NOT_PASSED: 75, S.ABSENT: 0}
COMES_WHILE_OPEN = 88
# Minutes late and early, by the place in the list and the number of the meeting together.
LATE = {3: "10", 7: "5", 11: "20"}
EARLY = {5: "30"}
EXCUSES = ("", "Ziek gemeld", "Examen op school", "Begrafenis", "Trein rijdt niet")


@dataclass(frozen=True)
class Visit:
    """One meeting as one participant sees it."""

    participant: Participant
    is_early: bool  # completed after the first meeting
    misses_one: bool  # and absent at the second
    number: int
    is_last: bool

    def mark(self, random: Random) -> Presence:
        """Return whether they come."""
        outcome = self.participant.outcome
        if self.is_early:
            comes = not (self.misses_one and self.number == 1)
        elif self.is_last and outcome == S.COMPLETED:
            comes = True
        else:
            comes = random.randrange(100) < COMES.get(outcome, COMES_WHILE_OPEN)
        return Presence.PRESENT if comes else Presence.ABSENT

    @property
    def status(self) -> str:
        """Return what the teacher decides after this meeting, if anything."""
        decides = self.number == 0 if self.is_early else self.is_last
        return self.participant.outcome if decides else ""

    def details(self, mark: Presence, place: int) -> dict[str, Any]:
        """Return that a few come late or leave early, and why some are not there."""
        if mark is Presence.PRESENT:
            late, early = LATE.get(place + self.number, ""), EARLY.get(place + self.number, "")
            return {"late": late or None, "early": early or None}
        return {"excused": True, "excuse": EXCUSES[place % len(EXCUSES)]} if place % 2 else {}

    def effort(self, random: Random) -> str | None:
        """Return what the teacher thinks of them, at the end."""
        judged = self.is_last and self.participant.outcome in (S.COMPLETED, S.NOT_PASSED)
        return (random.choice(EFFORTS) or None) if judged else None


def keep(world: World, row: Mapping[str, Any], key: str) -> None:
    """Save the register of each meeting that is over, the decisions with the last one."""
    run = world.runs[key]
    random = Random(f"register of {key}")
    meetings = [m for m in run.meetings.all() if m.ends_at <= world.clock.loaded_at]
    coming = [p for p in world.participants[key] if p.outcome not in WITHDRAWN]
    for number, meeting in enumerate(meetings):
        is_last = number == len(meetings) - 1
        visits = [
            Visit(p, n < row.get("early", 0), n == 0, number, is_last) for n, p in enumerate(coming)
        ]
        kept = visits[: _kept(len(visits), meeting, world)]
        if kept:
            _save(run, meeting, kept, by=world.teachers[row["teacher"]], random=random)
    if row.get("closed"):
        closing.close_register(run=run, by=world.teachers[row["teacher"]])


def _kept(number: int, meeting: Meeting, world: World) -> int:
    """Return how many rows of the register have been filled by now."""
    ago = world.clock.loaded_at - meeting.ends_at
    return 0 if ago < timedelta(days=1) else number // 2 if ago < UNFINISHED else number


def _save(run: Run, meeting: Meeting, visits: list[Visit], *, by: User, random: Random) -> None:
    """Fill in the form as its page shows it, and save it ten minutes after the meeting."""
    seen = registers.read_participants(
        list(registers.participants_of(run)), run=run, actor=Actor.TEACHER
    )
    shown = {participant.pk: bases.write_base(participant) for participant in seen}
    rows: dict[int, TypedRow] = {}
    for place, visit in enumerate(visits):
        mark = visit.mark(random)
        rows[visit.participant.enrolment.pk] = TypedRow(
            base=shown[visit.participant.enrolment.pk],
            mark=mark,
            **visit.details(mark, place),
            status=visit.status,
            effort=visit.effort(random),
        )
    typed = Typed(rows=rows, shown=frozenset(shown), meetings=(meeting.pk,))
    savings.save_register(run=run, typed=typed, by=by, at=meeting.ends_at + AFTER)
