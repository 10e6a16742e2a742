"""What the lines of a file ask for, batch by batch.

Planning only reads, in a number of queries that does not grow with the batch. The same plan is made
for the preview and, under the locks, when the file is applied.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from learners.enrolling.withdrawing import withdrawal_status
from learners.hooks.questions import Closing
from learners.importing import following, open_lines
from learners.importing.catalogue import Catalogue
from learners.importing.cells import Findings, Line, understand
from learners.importing.deciding import Decision, Existing, Step
from learners.importing.following import Coaches, EnrolmentPlan, Following, ProgrammePlanner
from learners.importing.ledger import NO_RUN, Ledger
from learners.importing.people import Known, People
from learners.importing.plans import Person, Plan
from learners.models import (
    WITHDRAWN,
    Course,
    FindingKind,
    ImportColumn,
    Organisation,
    Programme,
    Run,
    StudyStatus,
    User,
)
from learners.spreadsheets.reading import Row


@dataclass(frozen=True)
class Read:
    """A row as we understand it: a course with its run, or a programme with its coaches; neither
    where that is not clear."""

    line: Line
    course: Course | None
    run: Run | None
    programme: Programme | None = None
    coaches: list[User] = field(default_factory=list)


class EnrolmentPlanner:
    """Plans one file of enrolments batch by batch, and counts."""

    def __init__(self, organisation: Organisation, ledger: Ledger) -> None:
        self.organisation = organisation
        self.today = organisation.today()
        self.catalogue = Catalogue(organisation)
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.people = People(organisation, ledger, self.counts)
        self.coaches = Coaches(organisation)
        self.programmes = ProgrammePlanner(ledger, self.counts)
        self.run_ids: set[int] = set()

    def plan(self, rows: Sequence[Row]) -> EnrolmentPlan:
        """Return what these rows ask for, after all the rows before them."""
        plan = EnrolmentPlan()
        self.coaches.look_up(rows)
        lines = [self._read(row, plan.findings) for row in rows]
        people = self.people.known({one.line.learner for one in lines})
        decision = self._decision(lines, people, plan.findings)
        followed = []
        for one in lines:
            line = one.line
            # Also of a line in which something else is wrong: all of it is said at once.
            person = line.learner and self._person(line, people, plan)
            if person and one.course and line.is_sound:
                step = Step(line.number, person, one.course, one.run, line.registered_on)
                self._plan_line(line, step, decision, plan)
            elif person and one.programme and line.is_sound:
                asked = Following(line, person, one.programme, one.coaches)
                if not following.refuses_own_coach(asked, plan.findings):
                    followed.append(asked)
        self.programmes.plan(followed, plan)
        leaving = {s.line: s.enrolment for s in plan.steps if s.enrolment and s.to in WITHDRAWN}
        open_lines.name(leaving, Closing.WITHDRAWING, ImportColumn.RESULT, plan.findings)
        plan.findings.rows.sort(key=lambda finding: finding.line)
        self.run_ids |= {one.run.pk for one in lines if one.run}
        self.counts["lines"] += len(rows)
        self.counts.update(finding.severity for finding in plan.findings.rows)
        return plan

    def _decision(self, lines: Sequence[Read], people: Known, findings: Findings) -> Decision:
        """Look up what the lines about courses are decided by."""
        users = [person.user for person in people.values() if person.user]
        existing = Existing.of(users, {one.course for one in lines if one.course})
        self.catalogue.measure({one.run for one in lines})
        return Decision(existing, self.ledger, self.catalogue, findings)

    def _read(self, row: Row, findings: Findings) -> Read:
        """Understand a row: what it is about, and what else it says; a line in which something is
        wrong is not sound."""
        programme = self.catalogue.programme(row)
        if programme is None:
            course, run = self.catalogue.find(row, findings)
            line = understand(row, today=self.today, findings=findings)
            if course and following.refuses_coaches(row, findings):
                line.is_sound = False
            return Read(line, course, run)
        before = len(findings.rows)
        following.refuse_cells_of_courses(row, findings)
        coaches = self.coaches.of(row, findings)
        is_sound = len(findings.rows) == before
        line = understand(row, today=self.today, findings=findings)
        line.is_sound &= is_sound
        return Read(line, None, None, programme, coaches)

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
