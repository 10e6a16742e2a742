"""A file of people: who, and where it says so by when and how."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from certifications.models import AssigningJob, Column, ModeForOthers, Problem
from learners.importing.cells import parse_day
from learners.models import Membership, User
from learners.names import folded, normalised_email
from learners.spreadsheets.columns import LEARNER_WORDS, columns
from learners.spreadsheets.reading import Row

C = Column
BATCH = 1_000
LONGEST = 200
KNOWN = columns(
    {
        C.LEARNER: LEARNER_WORDS,
        C.DUE_ON: "to be completed by|due|due on|due date|deadline|te voltooien voor"
        "|te voltooien tegen|voltooien voor|uiterlijk|uiterste datum|einddatum",
        C.MODE: "how|mode|mandatory or nominated|hoe|wijze|verplicht of voorgedragen",
    },
    required=(C.LEARNER,),
)
MODES = {
    "mandatory": ModeForOthers.MANDATORY,
    "required": ModeForOthers.MANDATORY,
    "verplicht": ModeForOthers.MANDATORY,
    "nominated": ModeForOthers.NOMINATED,
    "voorgedragen": ModeForOthers.NOMINATED,
    "genomineerd": ModeForOthers.NOMINATED,
}


@dataclass(frozen=True)
class Asked:
    """What is asked for one person, on which line; or what is wrong with that line."""

    line: int
    learner: User | None = None
    mode: str = ""
    due_on: date | None = None
    problem: Problem | None = None
    column: Column | None = None
    value: str = ""


def batches(rows: Iterable[Row], job: AssigningJob) -> Iterator[list[Asked]]:
    """Yield what the lines of a file ask for, in two queries for each batch."""
    rows = iter(rows)
    today = job.certification.organisation.today()
    while batch := list(islice(rows, BATCH)):
        people = _people(batch, job)
        yield [_asked(row, people, job, today) for row in batch]


def _said(row: Row) -> str:
    return str(row.cells.get(C.LEARNER, ""))


def _people(rows: Sequence[Row], job: AssigningJob) -> dict[str, User]:
    """Return whom these lines name, by address or by the number that the institution gave."""
    said = {_said(row) for row in rows}
    emails = {normalised_email(text) for text in said if "@" in text}
    found: dict[str, User] = {
        user.email or "": user for user in User.objects.filter(email__in=emails)
    }
    members = Membership.objects.filter(
        organisation=job.certification.organisation_id,
        number__in={text for text in said if text and "@" not in text},
    )
    return found | {member.number: member.user for member in members.select_related("user")}


def _asked(row: Row, people: dict[str, User], job: AssigningJob, today: date) -> Asked:
    text = _said(row)
    if not text:
        return Asked(row.line, problem=Problem.PERSON_MISSING, column=C.LEARNER)
    learner = people.get(normalised_email(text) if "@" in text else text)
    if learner is None:
        unknown = Problem.EMAIL_UNKNOWN if "@" in text else Problem.NUMBER_UNKNOWN
        return _wrong(row, unknown, C.LEARNER, text)
    how = str(row.cells.get(C.MODE, ""))
    mode = MODES.get(folded(how)) if how else ModeForOthers(job.mode)
    if mode is None:
        return _wrong(row, Problem.MODE_UNKNOWN, C.MODE, how)
    value = row.cells.get(C.DUE_ON)
    day = parse_day(value) if isinstance(value, str) else value
    if value and day is None:
        return _wrong(row, Problem.DATE_WRONG, C.DUE_ON, str(value))
    if day and day < today:
        return _wrong(row, Problem.DATE_OVER, C.DUE_ON, f"{day:%Y-%m-%d}")
    return Asked(row.line, learner, mode, day or job.due_on)


def _wrong(row: Row, problem: Problem, column: Column, value: str) -> Asked:
    return Asked(row.line, problem=problem, column=column, value=value[:LONGEST])
