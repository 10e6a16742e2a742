"""What a form of a register would do: what is written, what is in the way, what must be asked.

The same plan is made for the question, from what is there, and for the saving, under locks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from django.utils import timezone

from attendance import checks, consequences, doubts, registers
from attendance.checks import Problem
from attendance.consequences import Consequences
from attendance.differences import EFFORT, MARK, REMARK, STATUS, Difference
from attendance.drafts import Typed, TypedRow, read_base, remark_sum
from attendance.models import Presence
from attendance.registers import MarksOf, MeetingColumn
from attendance.steps import MarkStep, NoteStep, PassedOver, StatusPeople, StatusStep
from learners.models import FREES_PLACE, WITHDRAWN, Enrolment, Run, StudyStatus, User


class LeftOpen(StrEnum):
    """What the people are whom a teacher left open; the seed's open tick means absent."""

    ABSENT = "absent"
    UNRECORDED = "unrecorded"

    @classmethod
    def of(cls, text: str | None) -> "LeftOpen":
        return cls.ABSENT if text == cls.ABSENT else cls.UNRECORDED


@dataclass(kw_only=True)
class Plan:
    """What saving this form does."""

    run: Run
    typed: Typed
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
    problems: list[Problem] = field(default_factory=list)

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
    def overwritten(self) -> list[MarkStep]:
        """Return marks that are there already, of meetings that the page did not show."""
        seen = set(self.typed.seen_meetings)
        return [step for step in self.marks if step.before and step.meeting_id not in seen]

    @cached_property
    def filled_elsewhere(self) -> int:
        """How many people are touched who were not on this page."""
        touched = {step.enrolment_id for step in self.marks}
        return len(touched - self.typed.shown) if self.typed.all_present else 0

    @cached_property
    def consequences(self) -> Consequences:
        return consequences.foresee(
            run=self.run,
            steps=[(step.enrolment, step.to) for step in self.statuses],
            marks=[(step.enrolment_id, step.before, step.to) for step in self.marks],
            people=self.people,
            ignores_maximum=self.typed.ignore_maximum,
        )

    def leave_statuses(self, people: Collection[Enrolment]) -> None:
        """Take the study statuses of these people out of what is saved."""
        ids = {enrolment.pk for enrolment in people}
        self.statuses = [step for step in self.statuses if step.enrolment.pk not in ids]

    @property
    def questions(self) -> bool:
        """Whether something must be said or asked before this is saved."""
        return bool(
            self.people_left_open
            or self.overwritten
            or self.filled_elsewhere
            or self.touches_other_pages
            or self.consequences
        )

    @property
    def touches_other_pages(self) -> bool:
        return any(pk not in self.typed.on_page for pk in self.typed.rows)

    @property
    def other_statuses(self) -> list["StatusPeople"]:
        """Return who gets which status, but for those that the consequences name already."""
        said = {StudyStatus.COMPLETED, *WITHDRAWN}
        by_status: dict[StudyStatus, list[Enrolment]] = {}
        for step in self.statuses:
            if step.to not in said:
                by_status.setdefault(step.to, []).append(step.enrolment)
        return [StatusPeople(status=to, people=people) for to, people in by_status.items()]

    @property
    def cell_errors(self) -> dict[int, dict[str, str]]:
        """Return the problems of rows, by participant and cell."""
        errors: dict[int, dict[str, str]] = {}
        for problem in self.problems:
            if problem.enrolment_id:
                errors.setdefault(problem.enrolment_id, {})[problem.where] = problem.text
        return errors

    @property
    def meetings_error(self) -> str:
        return self._error("meetings")

    @property
    def maximum_error(self) -> str:
        return self._error("ignore_maximum")

    @property
    def reason_error(self) -> str:
        return self._error("reason")

    def _error(self, where: str) -> str:
        return next((problem.text for problem in self.problems if problem.where == where), "")


def make(
    *, run: Run, typed: Typed, by: User, lock: bool = False, now: datetime | None = None
) -> Plan:
    """Work out what this form does, in three queries; `lock` keeps the participants as they are."""
    now = now or timezone.now()
    is_writable = registers.may_write(run, by, now)
    columns = registers.meetings_of(run, now=now, booked=run.booked, is_locked=not is_writable)  # type: ignore[attr-defined]
    people = _people(run, typed, lock=lock)
    recorded = registers.marks_of(people, run=run)
    plan = Plan(run=run, typed=typed, people=people, columns=columns, recorded=recorded)
    _choose_meetings(plan)
    _plan_marks(plan)
    for pk, row in typed.rows.items():
        if pk in people:
            _plan_status(plan, people[pk], row)
            _plan_notes(plan, people[pk], row)
    plan.problems = checks.find_problems(plan, by=by, is_writable=is_writable)
    return plan


def _people(run: Run, typed: Typed, *, lock: bool) -> dict[int, Enrolment]:
    """Return the participants that the form is about, in the order of their names."""
    rows = Enrolment.objects.participants_of(run).select_related("learner", "course__organisation")
    if not typed.all_present:
        rows = rows.filter(pk__in=typed.shown | typed.rows.keys())
    rows = rows.select_for_update(of=("self",)).order_by("pk") if lock else rows
    return {e.pk: e for e in sorted(rows, key=lambda e: (e.learner.sort_name, e.pk))}


def _choose_meetings(plan: Plan) -> None:
    typed = plan.typed
    wanted = set(typed.meetings)
    chosen = [c for c in plan.columns if typed.all_meetings or c.pk in wanted]
    plan.meetings = [column for column in chosen if column.is_recordable]
    plan.passed_over = [PassedOver(column=c) for c in chosen if not c.is_recordable]


def _plan_marks(plan: Plan) -> None:
    """Plan touched cells, what 'all present' fills, and who was left open."""
    if not plan.typed.touches_presence:
        return
    for pk, enrolment in plan.people.items():
        row = plan.typed.rows.get(pk, TypedRow())
        for column in plan.meetings:
            now, version = plan.recorded.get(pk, {}).get(column.pk, ("", 0))
            if row.mark:
                _plan_touched(plan, pk, column.pk, row, (now, version))
            elif not now and _is_expected(enrolment, row):
                to = Presence.PRESENT if plan.typed.all_present else Presence.ABSENT
                step = MarkStep(enrolment_id=pk, meeting_id=column.pk, before="", to=to.value)
                (plan.marks if plan.typed.all_present else plan.left_open).append(step)


def _is_expected(enrolment: Enrolment, row: TypedRow) -> bool:
    """Whether they were to be there: not who withdrew, nor who is withdrawn by this form."""
    return enrolment.status not in FREES_PLACE and row.status not in FREES_PLACE


def _plan_touched(
    plan: Plan, pk: int, meeting: int, row: TypedRow, current: tuple[str, int]
) -> None:
    """The same value is no event; another one than was shown is a difference to ask about."""
    now, version = current
    if now == row.mark:
        return
    _shown, shown_version = read_base(row.base).marks.get(meeting, ("", 0))
    if version != shown_version:
        plan.differences.append(
            Difference(enrolment_id=pk, cell=MARK, mine=row.mark, theirs=now, meeting_id=meeting)
        )
        return
    step = MarkStep(enrolment_id=pk, meeting_id=meeting, before=now, to=row.mark, version=version)
    plan.marks.append(step)


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
