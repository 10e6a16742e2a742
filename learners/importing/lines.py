"""The lines of a file as a page shows them: what stands there, what becomes of it, and where that
is found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from learners.importing import blocks
from learners.importing.cells import Findings, LearnerKey, learner_of
from learners.models import (
    Enrolment,
    FindingKind,
    ImportColumn,
    ImportFinding,
    ImportJob,
    LineOutcome,
    Membership,
    Role,
    User,
)
from learners.spreadsheets.reading import Row

C = ImportColumn
PAGE = 50
BESIDE = frozenset({C.LEARNER, C.NAME, C.COURSE, C.RUN})  # which have a place of their own


@dataclass
class Shown:
    """One line: its cells in words, its outcome, what was found, and the rows that it is about."""

    row: Row
    outcome: LineOutcome
    findings: list[ImportFinding] = field(default_factory=list)
    person: User | None = None
    enrolment: Enrolment | None = None

    @property
    def who(self) -> str:
        return str(self.row.cells.get(C.NAME) or self.row.cells.get(C.LEARNER, ""))

    @property
    def what(self) -> str:
        """The course, with its run."""
        said = (self.row.cells.get(C.COURSE), self.row.cells.get(C.RUN))
        return " · ".join(str(value) for value in said if value)

    @property
    def rest(self) -> list[tuple[str, str]]:
        """What else stands in the line, by column."""
        return [
            (str(column.label), str(value))
            for column, value in self.row.cells.items()
            if column not in BESIDE
        ]


def number_of(job: ImportJob, outcome: str = "") -> int:
    """Count the lines of a checked file, or those of which this becomes."""
    return job.outcomes.count(outcome) if outcome else len(job.outcomes)


def page_of(job: ImportJob, number: int, outcome: str = "") -> list[Shown]:
    """Return a page of lines, with who and what they are about: five queries."""
    first = (number - 1) * PAGE
    places = _places(job.outcomes, outcome)[first : first + PAGE]
    rows = blocks.lines_at(job, places)
    shown = [
        Shown(row, LineOutcome(job.outcomes[at])) for at, row in zip(places, rows, strict=False)
    ]
    _add_findings(job, shown)
    _add_people(job, shown)
    return shown


def _places(outcomes: str, wanted: str) -> Sequence[int]:
    """Return where in the file the lines are of which this becomes; without a wish, all."""
    if not wanted:
        return range(len(outcomes))
    return [at for at, letter in enumerate(outcomes) if letter == wanted]


def _add_findings(job: ImportJob, shown: Sequence[Shown]) -> None:
    by_line = {line.row.line: line for line in shown}
    found = job.findings.filter(line__in=by_line).exclude(kind=FindingKind.COLUMN_PASSED_OVER)
    for finding in found:
        by_line[finding.line].findings.append(finding)


def _add_people(job: ImportJob, shown: Sequence[Shown]) -> None:
    """Say who is known by now, and which enrolment a line made or is about, the newest."""
    keys = {line.row.line: learner_of(line.row, Findings()) for line in shown}
    people = _known(job, [key for key in keys.values() if key])
    enrolments = _enrolments(job, people.values(), {_course(line) for line in shown})
    for line in shown:
        line.person = people.get(keys[line.row.line])
        if line.person:
            line.enrolment = enrolments.get((line.person.pk, _course(line)))


def _course(line: Shown) -> str:
    return str(line.row.cells.get(C.COURSE, "")).casefold()


def _known(job: ImportJob, keys: Sequence[LearnerKey]) -> dict[LearnerKey, User]:
    by_email = User.objects.filter(email__in=[key.email for key in keys if key.email])
    found = {LearnerKey(email=user.email or ""): user for user in by_email}
    members = Membership.objects.filter(
        organisation=job.organisation_id,
        role=Role.LEARNER,
        number__in=[key.number for key in keys if key.number],
    )
    for member in members.select_related("user"):
        found[LearnerKey(number=member.number)] = member.user
    return found


def _enrolments(
    job: ImportJob, people: Collection[User], courses: set[str]
) -> dict[tuple[int, str], Enrolment]:
    mine: QuerySet[Enrolment] = Enrolment.objects.filter(
        learner__in=people,
    )
    here = Q(course__organisation=job.organisation_id)
    here |= Q(programme__organisation=job.organisation_id)
    rows = mine.filter(here).select_related("course", "programme", "learner").order_by("pk")
    # Where a course and a programme have the same code, a line is about the course.
    ordered = sorted(rows, key=lambda row: row.course_id is not None)
    return {
        (row.learner_id, row.subject.code.casefold()): row
        for row in ordered
        if row.subject.code.casefold() in courses
    }


def outcomes_of(job: ImportJob) -> list[tuple[str, str, int]]:
    """Return what becomes of the lines, each with how many there are."""
    counted = [(o.value, str(o.label), number_of(job, o)) for o in LineOutcome]
    return [(value, label, number) for value, label, number in counted if number]
