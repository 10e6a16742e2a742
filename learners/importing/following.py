"""Lines about programmes: who follows one, and who coaches them there."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from learners.enrolling import coaches, entering
from learners.importing.cells import Findings, Line
from learners.importing.deciding import Step
from learners.importing.ledger import NO_RUN, Ledger
from learners.importing.plans import Person, Plan
from learners.models import (
    Actor,
    Coaching,
    Enrolment,
    FindingKind,
    ImportColumn,
    ImportJob,
    LineOutcome,
    Membership,
    Organisation,
    Programme,
    Role,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.names import normalised_email
from learners.spreadsheets.reading import Row
from learners.studying import outbox

C = ImportColumn
K = FindingKind
S = StudyStatus
BETWEEN_ADDRESSES = re.compile(r"[;,\s]+")
OF_COURSES_ALONE = (C.RUN, C.WITHDRAWN_ON, C.RESULT)


@dataclass
class Following:
    """What one line asks for: a learner in a programme, and coaches whom they lack there."""

    source: Line
    person: Person
    programme: Programme
    coaches: list[User]
    enrolment: Enrolment | None = None


@dataclass
class EnrolmentPlan(Plan[Step]):
    """What a batch of lines asks for, of courses and of programmes."""

    following: list[Following] = field(default_factory=list)


class Coaches:
    """Finds who is named as a coach, by address; each asked for once in a file."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.known: dict[str, User | None] = {}

    def look_up(self, rows: Iterable[Row]) -> None:
        """See who has these addresses, of whom nobody asked yet: one query at most."""
        named = {address for row in rows for address in addresses_in(row)}
        new = named - self.known.keys()
        if not new:
            return
        roles = Membership.objects.filter(
            user=OuterRef("pk"), role=Role.COACH, organisation=self.organisation
        )
        found = User.objects.filter(email__in=new).annotate(coaches_here=Exists(roles))
        self.known |= dict.fromkeys(new) | {user.email or "": user for user in found}

    def of(self, row: Row, findings: Findings) -> list[User]:
        """Return the coaches whom a line names; what is wrong with one is said."""
        people = []
        for address in addresses_in(row):
            user = self.known[address]
            if user is None:
                findings.add(K.COACH_UNKNOWN, row.line, C.COACH, address)
            elif not (user.coaches_here and user.is_active):  # type: ignore[attr-defined]
                findings.add(K.COACH_NO_ROLE, row.line, C.COACH, address)
            else:
                people.append(user)
        return people


def refuses_own_coach(one: Following, findings: Findings) -> bool:
    """Whether a line names its learner as their own coach, which is said."""
    learner = one.person.user
    if learner is None or learner not in one.coaches:
        return False
    findings.add(K.COACH_THEMSELVES, one.source.number, C.COACH, learner.email)
    return True


def addresses_in(row: Row) -> list[str]:
    """Return the addresses of coaches in a line, each once."""
    words = BETWEEN_ADDRESSES.split(str(row.cells.get(C.COACH, "")))
    return list(dict.fromkeys(normalised_email(word) for word in words if word))


def refuses_coaches(row: Row, findings: Findings) -> bool:
    """Whether a line about a course names a coach, which is said."""
    if C.COACH in row.cells:
        findings.add(K.COACH_OF_COURSE, row.line, C.COACH)
    return C.COACH in row.cells


def refuse_cells_of_courses(row: Row, findings: Findings) -> None:
    """Say which cells a line about a programme leaves empty."""
    for column in OF_COURSES_ALONE:
        if value := row.cells.get(column):
            findings.add(K.NOT_OF_PROGRAMME, row.line, column, value, column.label)


class ProgrammePlanner:
    """Plans the lines about programmes of one file, and counts."""

    def __init__(self, ledger: Ledger, counts: Counter[str]) -> None:
        self.ledger = ledger
        self.counts = counts
        self.told: set[int] = set()

    def plan(self, asked: Sequence[Following], plan: EnrolmentPlan) -> None:
        """Work out what these lines ask for, given what their learners follow: two queries."""
        have = _enrolments(asked)
        coaching = _coaching(list(have.values()))
        for one in asked:
            if self._was_said(one, plan):
                continue
            user = one.person.user
            one.enrolment = have.get((user.pk, one.programme.pk)) if user else None
            known = coaching[one.enrolment.pk] if one.enrolment else set()
            one.coaches = [coach for coach in one.coaches if coach.pk not in known]
            self._decide(one, plan)

    def _was_said(self, one: Following, plan: EnrolmentPlan) -> bool:
        """Whether an earlier line was about the same learner and programme."""
        key = -one.programme.pk  # beside those of courses
        what = f"{one.source.registered_on}|{sorted(coach.pk for coach in one.coaches)}"
        if said := self.ledger.said(one.person.token, key, NO_RUN):
            same = said.what == what
            kind = K.TWICE_SAME if same else K.TWICE_DIFFERENT
            plan.findings.add(kind, one.source.number, C.LEARNER, one.person.key, said.line)
            self.counts["unchanged"] += same
            return True
        self.ledger.say(one.person.token, key, NO_RUN, line=one.source.number, what=what)
        return False

    def _decide(self, one: Following, plan: EnrolmentPlan) -> None:
        """Say what becomes of a line; who followed the programme before keeps that enrolment."""
        if one.enrolment is None:
            outcome = LineOutcome.NEW
            self.counts["new_enrolments"] += 1
            self.counts["to_tell"] += 1
        else:
            outcome = LineOutcome.CHANGED if one.coaches else LineOutcome.UNCHANGED
            self.counts["changed" if one.coaches else "unchanged"] += 1
            for coach in one.coaches:
                plan.findings.add(K.COACH_ADDED, one.source.number, C.COACH, coach.email)
            if not one.enrolment.is_open:
                kept = S(one.enrolment.status).label
                plan.findings.add(K.STATUS_KEPT, one.source.number, C.COURSE, hint=kept)
        self._count_coaches(one)
        plan.outcomes[one.source.number] = outcome
        if one.enrolment is None or one.coaches:
            plan.following.append(one)

    def _count_coaches(self, one: Following) -> None:
        """Count who gets a coach; learners are told of each, and a coach once."""
        self.counts["coachings"] += len(one.coaches)
        if one.enrolment is None or one.enrolment.is_open:
            self.counts["to_tell"] += len(one.coaches)
        new = {coach.pk for coach in one.coaches} - self.told
        self.counts["to_tell"] += len(new)
        self.told |= new


def apply(asked: Sequence[Following], job: ImportJob) -> None:
    """Enrol who does not follow the programme yet, and assign their coaches."""
    made = []
    for one in asked:
        if one.enrolment is None:
            assert one.person.user is not None, "introduced before"
            one.enrolment = entering.enrol_in_programme(
                learner=one.person.user,
                programme=one.programme,
                by=job.by,
                actor=Actor.ADMINISTRATOR,
                registered_on=one.source.registered_on,
                tells_learner=job.tells,
            )
            made.append(one.enrolment)
    if not job.with_certificates:
        done = StudyStatusChange.objects.waiting().filter(enrolment__in=made)
        outbox.settle(changes=list(done.filter(to_status=S.COMPLETED)))
    _assign(asked, job)


def _assign(asked: Sequence[Following], job: ImportJob) -> None:
    by_coach: dict[User, list[Enrolment]] = defaultdict(list)
    for one in asked:
        for coach in one.coaches:
            assert one.enrolment is not None, "enrolled before"
            by_coach[coach].append(one.enrolment)
    for coach, enrolments in by_coach.items():
        coaches.assign(
            enrolments=enrolments, coach=coach, replaces=False, by=job.by, tells=job.tells
        )


def _enrolments(asked: Sequence[Following]) -> dict[tuple[int, int | None], Enrolment]:
    """Return what these learners have of these programmes: the open one, else the newest."""
    users = {one.person.user.pk for one in asked if one.person.user}
    if not users:
        return {}
    rows = Enrolment.objects.filter(
        learner__in=users, programme__in={one.programme.pk for one in asked}
    )
    ordered = sorted(rows, key=lambda row: (row.is_open, row.pk))
    return {(row.learner_id, row.programme_id): row for row in ordered}


def _coaching(enrolments: Sequence[Enrolment]) -> dict[int, set[int]]:
    """Return who coaches each of these enrolments."""
    found: dict[int, set[int]] = defaultdict(set)
    if enrolments:
        rows = Coaching.objects.filter(enrolment__in=enrolments)
        for enrolment, coach in rows.values_list("enrolment", "coach"):
            found[enrolment].add(coach)
    return found
