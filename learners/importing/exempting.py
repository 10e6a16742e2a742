"""A base list or an exemption file: who is exempt of which course, and on which ground."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from learners.enrolling import exempting
from learners.hooks.questions import Closing
from learners.importing import open_lines
from learners.importing.catalogue import Catalogue
from learners.importing.cells import Findings, LearnerKey, learner_of, name_of
from learners.importing.ledger import NO_RUN, Ledger
from learners.importing.people import Known, People, introduce
from learners.importing.plans import Person, Plan
from learners.models import (
    Course,
    Enrolment,
    FindingKind,
    ImportColumn,
    ImportJob,
    LineOutcome,
    Organisation,
    StudyStatus,
    User,
)
from learners.spreadsheets.reading import Row

C = ImportColumn
K = FindingKind
S = StudyStatus
LONGEST_GROUND = 500


@dataclass
class Asked:
    """What one line asks for: an exemption, of the enrolment that is open or of a new one."""

    line: int
    person: Person
    course: Course
    ground: str
    enrolment: Enrolment | None = None


@dataclass
class Line:
    """A row as we understand it; where it is not sound the findings say why."""

    number: int
    learner: LearnerKey
    name: str
    course: Course | None
    ground: str
    is_sound: bool


class ExemptionPlanner:
    """Plans one file of exemptions batch by batch, and counts."""

    def __init__(self, organisation: Organisation, ledger: Ledger) -> None:
        self.catalogue = Catalogue(organisation)
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.people = People(organisation, ledger, self.counts)
        self.run_ids: set[int] = set()

    def plan(self, rows: Sequence[Row]) -> Plan[Asked]:
        """Return what these rows ask for, after all the rows before them."""
        plan: Plan[Asked] = Plan()
        lines = [self._read(row, plan.findings) for row in rows]
        known = self.people.known({line.learner for line in lines})
        have = _enrolments(known, {line.course for line in lines if line.course})
        for line in lines:
            person = self._person(line, known, plan) if line.learner else None
            if person and line.course and line.is_sound:
                asked = Asked(line.number, person, line.course, line.ground)
                self._plan_line(asked, have.get(_key(person, line.course), []), plan)
        ending = {step.line: step.enrolment for step in plan.steps if step.enrolment}
        open_lines.name(ending, Closing.EXEMPTING, C.COURSE, plan.findings)
        plan.findings.rows.sort(key=lambda finding: finding.line)
        self.counts["lines"] += len(rows)
        self.counts.update(finding.severity for finding in plan.findings.rows)
        return plan

    def _read(self, row: Row, findings: Findings) -> Line:
        before = len(findings.rows)
        course, _run = self.catalogue.find(row, findings)
        ground = str(row.cells.get(C.GROUND, ""))
        if not ground:
            findings.add(K.GROUND_MISSING, row.line, C.GROUND)
        elif len(ground) > LONGEST_GROUND:
            findings.add(K.GROUND_TOO_LONG, row.line, C.GROUND)
        learner, name = learner_of(row, findings), name_of(row, findings)
        is_sound = len(findings.rows) == before
        return Line(row.line, learner, name, course, ground, is_sound)

    def _person(self, line: Line, known: Known, plan: Plan[Asked]) -> Person | None:
        return self.people.meant(line.learner, line.name, line.number, known, plan)

    def _plan_line(self, asked: Asked, mine: Sequence[Enrolment], plan: Plan[Asked]) -> None:
        """Work out what one line asks for, given what its learner has of the course already."""
        if self._was_said(asked, plan):
            return
        statuses = {enrolment.status for enrolment in mine}
        if S.COMPLETED in statuses:
            plan.findings.add(K.ALREADY_COMPLETED, asked.line, C.COURSE, asked.course.code)
        if statuses & {S.COMPLETED, S.EXEMPT}:
            self.counts["unchanged"] += 1
            return
        asked.enrolment = next((e for e in mine if e.is_open), None)
        plan.outcomes[asked.line] = LineOutcome.NEW
        if asked.enrolment:
            plan.outcomes[asked.line] = LineOutcome.CHANGED
            words = f"{S(asked.enrolment.status).label} → {S.EXEMPT.label}"
            plan.findings.add(K.STATUS_CHANGES, asked.line, C.COURSE, hint=words)
        self.counts["changed" if asked.enrolment else "new_enrolments"] += 1
        self.counts["to_tell"] += 1
        plan.steps.append(asked)

    def _was_said(self, asked: Asked, plan: Plan[Asked]) -> bool:
        """Whether an earlier line was about the same learner and course."""
        token = str(asked.person.user.pk) if asked.person.user else asked.person.token
        if said := self.ledger.said(token, asked.course.pk, NO_RUN):
            same = said.what == asked.ground
            kind = K.TWICE_SAME if same else K.TWICE_DIFFERENT
            plan.findings.add(kind, asked.line, C.LEARNER, asked.person.key, said.line)
            self.counts["unchanged"] += same
            return True
        self.ledger.say(token, asked.course.pk, NO_RUN, line=asked.line, what=asked.ground)
        return False


@dataclass
class ExemptionApplier:
    """Applies the plans of one job. Raises `StatusRefused` where something changed since."""

    job: ImportJob

    def apply(self, plan: Plan[Asked]) -> None:
        """Make the people known, and exempt them."""
        introduce(plan.newcomers, self.job.organisation)
        exempting.exempt(
            exemptions=[
                exempting.Exemption(
                    learner=_user(asked.person),
                    course=asked.course,
                    ground=asked.ground,
                    enrolment=asked.enrolment,
                )
                for asked in plan.steps
            ],
            by=self.job.by,
            tells_learners=self.job.tells,
        )


def _key(person: Person, course: Course) -> tuple[int, int]:
    return (person.user.pk if person.user else 0, course.pk)


def _user(person: Person) -> User:
    assert person.user is not None, "introduced before"
    return person.user


def _enrolments(
    known: Known, courses: Collection[Course]
) -> dict[tuple[int, int | None], list[Enrolment]]:
    """Return what these people have of these courses, the oldest first: one query."""
    users = [person.user for person in known.values() if person.user]
    found: dict[tuple[int, int | None], list[Enrolment]] = {}
    rows = Enrolment.objects.filter(learner__in=users, course__in=courses)
    for enrolment in rows.select_related("learner", "course__organisation").order_by("pk"):
        found.setdefault((enrolment.learner_id, enrolment.course_id), []).append(enrolment)
    return found
