"""What a form of a register would do: what is written, and what must be asked.

The same plan is made for the question, from what is there, and for the saving, under locks.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

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


@dataclass(kw_only=True)
class Plan:
    """What saving this form does."""

    run: Run
    typed: Typed
    is_writable: bool  # whether the register is open to who typed this
    people: Mapping[int, Enrolment]
    columns: Sequence[MeetingColumn]
    recorded: MarksOf
    meetings: Sequence[MeetingColumn] = ()
    passed_over: Sequence[PassedOver] = ()
    marks: list[MarkStep] = field(default_factory=list)
    left_open: list[MarkStep] = field(default_factory=list)
    statuses: list[StatusStep] = field(default_factory=list)
    notes: list[NoteStep] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

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
        return doubts.completed_though_absent(self, steps=[*self.marks, *self.left_open])

    @cached_property
    def absent_if_left_open(self) -> list[Enrolment]:
        """Return those of them who are absent only once who was left open is registered so."""
        surely = doubts.completed_though_absent(self, steps=self.marks)
        return [one for one in self.completed_though_absent if one not in surely]

    @cached_property
    def away_though_present(self) -> list[Enrolment]:
        """Return whose withdrawal or absence as a study status goes against their being there."""
        return doubts.away_though_present(self, steps=self.marks)

    @cached_property
    def marks_though_withdrawn(self) -> list[MarkStep]:
        """Return the marks that make present who had withdrawn by then."""
        return doubts.present_though_withdrawn(self, steps=self.marks)

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

    def leave_statuses(self, people: Collection[Enrolment]) -> None:
        """Take the study statuses of these people out of what is saved."""
        ids = {enrolment.pk for enrolment in people}
        self.statuses = [step for step in self.statuses if step.enrolment.pk not in ids]

    def leave_marks(self, steps: Collection[MarkStep]) -> None:
        """Take these marks out of what is saved."""
        self.marks = [step for step in self.marks if step not in steps]

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
    plan = Plan(
        run=run,
        typed=typed,
        is_writable=is_writable,
        people=people,
        columns=columns,
        recorded=recorded,
    )
    _choose_meetings(plan)
    mark_plans.plan_marks(plan)
    for pk, enrolment in people.items():
        if row := typed.rows.get(pk):
            _plan_status(plan, enrolment, row)
            _plan_notes(plan, enrolment, row)
    return plan


def _people(run: Run, typed: Typed, *, lock: bool) -> dict[int, Enrolment]:
    """Return the participants that the form is about, in the order of their names."""
    rows = Enrolment.objects.participants_of(run)
    if not typed.all_present:
        rows = rows.filter(pk__in=typed.shown | typed.rows.keys())
    rows = rows.locked() if lock else rows.select_related("learner", "course__organisation")
    return {e.pk: e for e in sorted(rows, key=lambda e: (e.learner.sort_name, e.pk))}


def _choose_meetings(plan: Plan) -> None:
    typed = plan.typed
    wanted = set(typed.meetings)
    chosen = [c for c in plan.columns if typed.all_meetings or c.pk in wanted]
    plan.meetings = [column for column in chosen if column.is_recordable]
    plan.passed_over = [PassedOver(column=c) for c in chosen if not c.is_recordable]


def _plan_status(plan: Plan, enrolment: Enrolment, row: TypedRow) -> None:
    if row.status not in StudyStatus.values or row.status == enrolment.status:
        return
    if read_base(row.base).status != enrolment.status:
        plan.differences.append(
            Difference(
                enrolment_id=enrolment.pk,
                cell=STATUS,
                mine=row.status,
                theirs=enrolment.status,
            )
        )
        return
    plan.statuses.append(StatusStep(enrolment=enrolment, to=StudyStatus(row.status)))


def _plan_notes(plan: Plan, enrolment: Enrolment, row: TypedRow) -> None:
    base = read_base(row.base)
    was_shown = {EFFORT: base.effort, REMARK: base.remark_sum}
    is_now = {EFFORT: enrolment.effort, REMARK: remark_sum(enrolment.remark)}
    for name, mine in ((EFFORT, row.effort), (REMARK, row.remark)):
        theirs = getattr(enrolment, name)
        if mine is None or mine == theirs:
            continue
        if was_shown[name] != is_now[name]:
            plan.differences.append(
                Difference(enrolment_id=enrolment.pk, cell=name, mine=mine, theirs=theirs)
            )
            continue
        plan.notes.append(NoteStep(enrolment=enrolment, field=name, before=theirs, to=mine))
