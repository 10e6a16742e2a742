"""What a form of a register would write: marks, study statuses, efforts and remarks.

The same plan is made for the question, from what is there, and for the saving, under locks.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.utils import timezone

from attendance.marking import registers
from attendance.marking.differences import EFFORT, REMARK, STATUS, Difference
from attendance.marking.registers import MarksOf, MeetingColumn
from attendance.marking.steps import MarkStep, NoteStep, PassedOver, StatusStep
from attendance.register import mark_plans
from attendance.register.bases import read_base, remark_sum
from attendance.register.drafts import Typed
from attendance.register.rows import TypedRow
from learners.models import Enrolment, Run, StudyStatus, User


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What saving this form does."""

    run: Run
    typed: Typed
    is_writable: bool  # whether the register is open to who typed this
    people: Mapping[int, Enrolment]
    columns: Sequence[MeetingColumn]
    recorded: MarksOf
    meetings: Sequence[MeetingColumn]
    passed_over: Sequence[PassedOver]
    marks: Sequence[MarkStep]
    left_open: Sequence[MarkStep]
    statuses: Sequence[StatusStep]
    notes: Sequence[NoteStep]
    differences: Sequence[Difference]

    @property
    def changes_something(self) -> bool:
        return bool(self.marks or self.statuses or self.notes or self.differences)

    def with_left_open(self) -> Self:
        """Return this plan where who was left open is registered as absent."""
        return replace(self, marks=[*self.marks, *self.left_open], left_open=())

    def without_marks(self, steps: Collection[MarkStep]) -> Self:
        """Return this plan without these marks."""
        return replace(self, marks=[step for step in self.marks if step not in steps])

    def without_statuses(self, people: Collection[Enrolment]) -> Self:
        """Return this plan without the study statuses of these people."""
        ids = {enrolment.pk for enrolment in people}
        kept = [step for step in self.statuses if step.enrolment.pk not in ids]
        return replace(self, statuses=kept)


def make(
    *, run: Run, typed: Typed, by: User, lock: bool = False, now: datetime | None = None
) -> Plan:
    """Work out what this form does, in three queries; `lock` keeps the participants as they are."""
    now = now or timezone.now()
    is_writable = registers.may_write(run, by, now)
    columns = registers.meetings_of(run, now=now, booked=run.booked, is_locked=not is_writable)  # type: ignore[attr-defined]
    people = _people(run, typed, lock=lock)
    recorded = registers.marks_of(people, run=run)
    chosen = _chosen(typed, columns)
    meetings = [column for column in chosen if column.is_recordable]
    of_marks = mark_plans.plan_marks(typed, people=people, meetings=meetings, recorded=recorded)
    beside = [*_beside_marks(typed, people)]
    return Plan(
        run=run,
        typed=typed,
        is_writable=is_writable,
        people=people,
        columns=columns,
        recorded=recorded,
        meetings=meetings,
        passed_over=[PassedOver(column=c) for c in chosen if not c.is_recordable],
        marks=of_marks.marks,
        left_open=of_marks.left_open,
        statuses=[one for one in beside if isinstance(one, StatusStep)],
        notes=[one for one in beside if isinstance(one, NoteStep)],
        differences=[*of_marks.differences, *(d for d in beside if isinstance(d, Difference))],
    )


def _people(run: Run, typed: Typed, *, lock: bool) -> dict[int, Enrolment]:
    """Return the participants that the form is about, in the order of their names."""
    rows = Enrolment.objects.participants_of(run)
    if not typed.all_present:
        rows = rows.filter(pk__in=typed.shown | typed.rows.keys())
    rows = rows.locked() if lock else rows.select_related("learner", "course__organisation")
    return {e.pk: e for e in sorted(rows, key=lambda e: (e.learner.sort_name, e.pk))}


def _chosen(typed: Typed, columns: Sequence[MeetingColumn]) -> list[MeetingColumn]:
    wanted = set(typed.meetings)
    return [column for column in columns if typed.all_meetings or column.pk in wanted]


def _beside_marks(
    typed: Typed, people: Mapping[int, Enrolment]
) -> Iterator[StatusStep | NoteStep | Difference]:
    """Yield what the form does besides marks, person by person."""
    for pk, enrolment in people.items():
        if row := typed.rows.get(pk):
            yield from _of_status(enrolment, row)
            yield from _of_notes(enrolment, row)


def _of_status(enrolment: Enrolment, row: TypedRow) -> Iterator[StatusStep | Difference]:
    theirs = enrolment.status
    if row.status not in StudyStatus.values or row.status == theirs:
        return
    if read_base(row.base).status == theirs:
        yield StatusStep(enrolment=enrolment, to=StudyStatus(row.status))
    else:
        yield Difference(enrolment_id=enrolment.pk, cell=STATUS, mine=row.status, theirs=theirs)


def _of_notes(enrolment: Enrolment, row: TypedRow) -> Iterator[NoteStep | Difference]:
    base = read_base(row.base)
    was_shown = {EFFORT: base.effort, REMARK: base.remark_sum}
    is_now = {EFFORT: enrolment.effort, REMARK: remark_sum(enrolment.remark)}
    for name, mine in ((EFFORT, row.effort), (REMARK, row.remark)):
        theirs = getattr(enrolment, name)
        if mine is None or mine == theirs:
            continue
        if was_shown[name] == is_now[name]:
            yield NoteStep(enrolment=enrolment, field=name, before=theirs, to=mine)
        else:
            yield Difference(enrolment_id=enrolment.pk, cell=name, mine=mine, theirs=theirs)
