"""What a form of a register would do: what is written, and what must be asked.

The same plan is made for the question, from what is there, and for the saving, under locks.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from django.utils import timezone

from attendance import consequences, doubts, mark_plans, registers
from attendance.bases import read_base, remark_sum
from attendance.consequences import Consequences
from attendance.differences import EFFORT, REMARK, STATUS, Difference
from attendance.drafts import Typed
from attendance.registers import MarksOf, MeetingColumn
from attendance.rows import TypedRow
from attendance.steps import MarkStep, NoteStep, PassedOver, StatusPeople, StatusStep
from learners.models import WITHDRAWN, Enrolment, Meeting, Run, StudyStatus, User

SHOWN_OVERWRITTEN = 10


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

    @cached_property
    def people_left_open(self) -> list[Enrolment]:
        """Return who was left open and is not recorded yet, in the order of their names."""
        ids = {step.enrolment_id for step in self.left_open}
        return [enrolment for pk, enrolment in self.people.items() if pk in ids]

    @cached_property
    def completed_though_absent(self) -> list[Enrolment]:
        """Return whose 'completed' goes against their absence at the last meeting, recorded,
        made or following from being left open."""
        return doubts.completed_though_absent(self.with_left_open())

    @cached_property
    def absent_if_left_open(self) -> list[Enrolment]:
        """Return those of them who are absent only once who was left open is registered so."""
        surely = doubts.completed_though_absent(self)
        return [one for one in self.completed_though_absent if one not in surely]

    @cached_property
    def away_though_present(self) -> list[Enrolment]:
        """Return whose withdrawal or absence as a study status goes against their being there."""
        return doubts.away_though_present(self)

    @cached_property
    def marks_though_withdrawn(self) -> list[MarkStep]:
        """Return the marks that make present who had withdrawn by then."""
        return doubts.present_though_withdrawn(self)

    @property
    def present_though_withdrawn(self) -> list[Enrolment]:
        """Return whose being there goes against their having withdrawn, in the order of names."""
        ids = {step.enrolment_id for step in self.marks_though_withdrawn}
        return [enrolment for pk, enrolment in self.people.items() if pk in ids]

    @cached_property
    def _undecided(self) -> set[int]:
        """Whose study status is asked about, so that what it leads to is not sure yet."""
        asked = [*self.completed_though_absent, *self.away_though_present]
        return {enrolment.pk for enrolment in asked}

    @cached_property
    def overwritten(self) -> list[MarkStep]:
        """Return the earlier marks that change, but for those of the one meeting at which the row
        was touched: there, its earlier mark was seen."""
        chosen = {column.pk for column in self.meetings}
        if len(chosen) == 1 and chosen <= set(self.typed.seen_meetings) and not self.typed.carried:
            return []
        return [step for step in self.marks if step.before.presence]

    @property
    def overwritten_shown(self) -> list[tuple[Enrolment, Meeting, MarkStep]]:
        """Return the first of them, with whose they are and of which meeting."""
        meetings = {column.pk: column.meeting for column in self.meetings}
        first = self.overwritten[:SHOWN_OVERWRITTEN]
        return [(self.people[s.enrolment_id], meetings[s.meeting_id], s) for s in first]

    @property
    def overwritten_more(self) -> int:
        return max(0, len(self.overwritten) - SHOWN_OVERWRITTEN)

    @cached_property
    def filled_elsewhere(self) -> int:
        """How many people are touched who were not on this page."""
        touched = {step.enrolment_id for step in self.marks}
        return len(touched - self.typed.shown) if self.typed.all_present else 0

    @cached_property
    def consequences(self) -> Consequences:
        """Return what happens for certain when this is saved."""
        sure = [step for step in self.statuses if step.enrolment.pk not in self._undecided]
        return self._foresee(sure, self.marks)

    @cached_property
    def consequences_if_meant(self) -> Consequences:
        """Return what happens besides to those about whom a question is still open."""
        asked = [step for step in self.statuses if step.enrolment.pk in self._undecided]
        return self._foresee(asked, []) if asked else Consequences()

    def _foresee(self, steps: Sequence[StatusStep], marks: Sequence[MarkStep]) -> Consequences:
        return consequences.foresee(
            run=self.run,
            steps=[(step.enrolment, step.to) for step in steps],
            attended=Counter(s.enrolment_id for s in marks if _comes(s)),
            people=self.people,
            ignores_maximum=self.typed.ignore_maximum,
        )

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

    @property
    def questions(self) -> bool:
        """Whether something must be said or asked before this is saved."""
        return bool(
            self.people_left_open
            or self.overwritten
            or self.filled_elsewhere
            or self.touches_other_pages
            or self._undecided
            or self.marks_though_withdrawn
            or self.consequences
        )

    @property
    def touches_other_pages(self) -> bool:
        return any(pk not in self.typed.on_page for pk in self.typed.rows)

    @property
    def details(self) -> list[tuple[Enrolment, MarkStep]]:
        """Return the marks that say more than present or absent."""
        return [(self.people[s.enrolment_id], s) for s in self.marks if s.to.details]

    @property
    def other_statuses(self) -> list[StatusPeople]:
        """Return who gets which status, but for those that the consequences or a question name."""
        said = {StudyStatus.COMPLETED, StudyStatus.NOT_PASSED, *WITHDRAWN}
        other = [step for step in self.statuses if step.to not in said]
        return _by_status(step for step in other if step.enrolment.pk not in self._undecided)

    @property
    def away_groups(self) -> list[StatusPeople]:
        """Return by study status whose status goes against their being there."""
        away = {enrolment.pk for enrolment in self.away_though_present}
        return _by_status(step for step in self.statuses if step.enrolment.pk in away)


def _by_status(steps: Iterable[StatusStep]) -> list[StatusPeople]:
    by_status: dict[StudyStatus, list[Enrolment]] = {}
    for step in steps:
        by_status.setdefault(step.to, []).append(step.enrolment)
    return [StatusPeople(status=to, people=people) for to, people in by_status.items()]


def _comes(step: MarkStep) -> bool:
    """Whether somebody becomes present by it; who was already and came late does not."""
    return step.to.is_present and not step.before.is_present


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
