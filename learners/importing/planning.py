"""What the lines of a file ask for, batch by batch.

Planning only reads, in a number of queries that does not grow with the batch. The same plan is made
for the preview and, under the locks, when the file is applied.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from learners.importing.catalogue import Catalogue
from learners.importing.cells import Findings, LearnerKey, Line, understand
from learners.importing.deciding import Decision, Existing, Person, Step
from learners.importing.ledger import NO_RUN, Ledger
from learners.importing.reading import Row
from learners.models import (
    Course,
    FindingKind,
    ImportColumn,
    Membership,
    Organisation,
    Role,
    Run,
    StudyStatus,
    User,
)
from learners.withdrawing import withdrawal_status

People = dict[LearnerKey, Person]


@dataclass
class Plan:
    """What a batch of lines asks for, and what was found in it."""

    steps: list[Step] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


class Planner:
    """Plans one file batch by batch, and counts."""

    def __init__(self, organisation: Organisation, ledger: Ledger) -> None:
        self.organisation = organisation
        self.today = organisation.today()
        self.catalogue = Catalogue(organisation)
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.run_ids: set[int] = set()

    def plan(self, rows: Sequence[Row]) -> Plan:
        """Return what these rows ask for, after all the rows before them."""
        plan = Plan()
        lines = list(self._understood(rows, plan.findings))
        people = self._people({line.learner for line, _course, _run in lines})
        users = [person.user for person in people.values() if person.user]
        existing = Existing.of(users, {course for _line, course, _run in lines})
        self.catalogue.measure({run for _line, _course, run in lines})
        decision = Decision(existing, self.ledger, self.catalogue, plan.findings)
        for line, course, run in lines:
            if person := self._person(line, people, plan):
                self._plan_line(
                    line, Step(line.number, person, course, run, line.registered_on), decision, plan
                )
        plan.findings.rows.sort(key=lambda finding: finding.line)
        self.run_ids |= {run.pk for _line, _course, run in lines if run}
        self.counts["lines"] += len(rows)
        self.counts.update(finding.severity for finding in plan.findings.rows)
        return plan

    def _understood(
        self, rows: Sequence[Row], findings: Findings
    ) -> Iterable[tuple[Line, Course, Run | None]]:
        for row in rows:
            course, run = self.catalogue.find(row, findings)
            line = understand(row, today=self.today, findings=findings)
            if line and course:
                yield line, course, run

    def _people(self, keys: Iterable[LearnerKey]) -> People:
        """Return whom we know of these, in two queries."""
        emails = [key.email for key in keys if key.email]
        numbers = [key.number for key in keys if key.number]
        found = {LearnerKey(email=u.email or ""): u for u in User.objects.filter(email__in=emails)}
        members = Membership.objects.filter(
            organisation=self.organisation, role=Role.LEARNER, number__in=numbers
        )
        for member in members.select_related("user"):
            found[LearnerKey(number=member.number)] = member.user
        return {key: Person(key, user, user.name) for key, user in found.items()}

    def _person(self, line: Line, people: People, plan: Plan) -> Person | None:
        """Return whom a line is about; the first line about a stranger introduces them."""
        introduced = self.ledger.name_of(str(line.learner))
        person = people.get(line.learner)
        if person is None:
            name = introduced or line.name
            if not name:
                plan.findings.add(
                    FindingKind.NAME_MISSING, line.number, ImportColumn.NAME, line.learner
                )
                return None
            person = people[line.learner] = Person(line.learner, None, name)
            plan.newcomers.append(person)
        if person.user is None and introduced is None:
            self.ledger.introduce(str(line.learner), person.name)
            self.counts["new_people"] += 1
        if line.name and line.name != person.name:
            plan.findings.add(
                FindingKind.NAME_KEPT, line.number, ImportColumn.NAME, line.name, person.name
            )
        return person

    def _plan_line(self, line: Line, step: Step, decision: Decision, plan: Plan) -> None:
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
        elif step.changes_something:
            self.counts["changed"] += 1
        else:
            self.counts["unchanged"] += 1
        if step.to:
            self.counts[f"to_{step.to}"] += 1
