"""What the lines of a file ask for, batch by batch.

Planning only reads, in a number of queries that does not grow with the batch. The same plan is made
for the preview and, under the locks, when the file is applied.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from learners.enrolling.withdrawing import withdrawal_status
from learners.hooks.questions import Closing
from learners.importing import open_lines
from learners.importing.catalogue import Catalogue
from learners.importing.cells import Findings, Line, understand
from learners.importing.deciding import Decision, Existing, Step
from learners.importing.ledger import NO_RUN, Ledger
from learners.importing.people import Known, People
from learners.importing.plans import Person, Plan
from learners.models import (
    WITHDRAWN,
    Course,
    FindingKind,
    ImportColumn,
    Organisation,
    Run,
    StudyStatus,
)
from learners.spreadsheets.reading import Row


class EnrolmentPlanner:
    """Plans one file of enrolments batch by batch, and counts."""

    def __init__(self, organisation: Organisation, ledger: Ledger) -> None:
        self.organisation = organisation
        self.today = organisation.today()
        self.catalogue = Catalogue(organisation)
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.people = People(organisation, ledger, self.counts)
        self.run_ids: set[int] = set()

    def plan(self, rows: Sequence[Row]) -> Plan:
        """Return what these rows ask for, after all the rows before them."""
        plan: Plan[Step] = Plan()
        lines = list(self._read(rows, plan.findings))
        people = self.people.known({line.learner for line, _course, _run in lines})
        users = [person.user for person in people.values() if person.user]
        existing = Existing.of(users, {course for _line, course, _run in lines if course})
        self.catalogue.measure({run for _line, _course, run in lines})
        decision = Decision(existing, self.ledger, self.catalogue, plan.findings)
        for line, course, run in lines:
            # Also of a line in which something else is wrong: all of it is said at once.
            person = line.learner and self._person(line, people, plan)
            if person and course and line.is_sound:
                step = Step(line.number, person, course, run, line.registered_on)
                self._plan_line(line, step, decision, plan)
        leaving = {s.line: s.enrolment for s in plan.steps if s.enrolment and s.to in WITHDRAWN}
        open_lines.name(leaving, Closing.WITHDRAWING, ImportColumn.RESULT, plan.findings)
        plan.findings.rows.sort(key=lambda finding: finding.line)
        self.run_ids |= {run.pk for _line, _course, run in lines if run}
        self.counts["lines"] += len(rows)
        self.counts.update(finding.severity for finding in plan.findings.rows)
        return plan

    def _read(
        self, rows: Sequence[Row], findings: Findings
    ) -> Iterable[tuple[Line, Course | None, Run | None]]:
        for row in rows:
            course, run = self.catalogue.find(row, findings)
            yield understand(row, today=self.today, findings=findings), course, run

    def _person(self, line: Line, people: Known, plan: Plan[Step]) -> Person | None:
        return self.people.meant(line.learner, line.name, line.number, people, plan)

    def _plan_line(self, line: Line, step: Step, decision: Decision, plan: Plan[Step]) -> None:
        """Work out what one line asks for, remember it, and put it in the plan."""
        token, course = step.person.token, step.course
        run_id = step.run.pk if step.run else NO_RUN
        what = f"{line.registered_on}|{line.withdrawn_on}|{line.result}"
        if said := self.ledger.said(token, course.pk, run_id):
            same = said.what == what
            kind = FindingKind.TWICE_SAME if same else FindingKind.TWICE_DIFFERENT
            value, column = step.person.key, ImportColumn.LEARNER
            plan.findings.add(kind, line.number, column, value, said.line)
            self.counts["unchanged"] += same
            return
        possible = decision.decide(line, step, self._target(line, step))
        self.ledger.say(token, course.pk, run_id, line=line.number, what=what)
        if not possible:
            return
        if step.is_about_what_is_open:
            self.ledger.leave(token, course.pk, line=line.number, is_open=step.leaves_open)
        self._count(step)
        plan.outcomes[line.number] = step.outcome
        if step.changes_something:
            plan.steps.append(step)

    def _target(self, line: Line, step: Step) -> StudyStatus:
        """Return the status that a line asks for; the 15-day rule says what 'withdrawn' means."""
        if line.result is not None:
            return line.result
        return withdrawal_status(
            first_day=step.run.first_day(self.organisation) if step.run else None,
            notified_on=line.withdrawn_on,
            limit_days=step.course.withdrawal_limit_days,
        )

    def _count(self, step: Step) -> None:
        if step.is_new:
            self.counts["new_enrolments"] += 1
            self.counts["to_tell"] += step.leaves_open
        elif step.changes_something:
            self.counts["changed"] += 1
        else:
            self.counts["unchanged"] += 1
        if step.to:
            self.counts[f"to_{step.to}"] += 1
            is_about_certificate = step.is_about_completing and step.course.gives_certificate
            self.counts["certificates"] += is_about_certificate
