"""A learner's certifications: the list with its modes, order and filters, and each one's page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.db.models import Case, F, IntegerField, Q, Value, When

from certifications.cycles import fulfilling, renewing, states, steps, whose_turn
from certifications.cycles.steps import Step
from certifications.cycles.whose_turn import Expected
from certifications.defining import publication
from certifications.models import (
    Anchor,
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
    CycleState,
    Evidence,
    Requirement,
    cycle_states,
)
from certifications.models.cycle import CycleQuerySet
from certifications.pages import cycle_counts, history, shown_cycles
from certifications.pages.history import Event
from certifications.pages.shown_cycles import ShownCycle
from certifications.pages.time_line import TimeLine, time_line
from learners.models import Enrolment, User

S = CycleState
PENDING, ALL = "pending", "all"
RELEVANCE, PUBLISHED, TITLE = "", "published", "title"


def mine(user: User) -> CycleQuerySet:
    """Keep the cycle of each certification that concerns this person now, with its numbers."""
    return cycle_counts.counted(Cycle.objects.for_user(user).newest())


def pending(user: User) -> CycleQuerySet:
    """Keep what waits for this person or for who judges their evidence, the most relevant first."""
    due_first = F("due_on").asc(nulls_last=True)
    return mine(user).pending().order_by(due_first, "-assignment__assigned_at", "-pk")


def asking_for(user: User, enrolment: Enrolment) -> CycleQuerySet:
    """Keep what waits for this person and asks for the course of an enrolment, or for the version
    of it before: one query."""
    asked = Q(course=enrolment.course_id) | Q(course__newer_versions=enrolment.course_id)
    asking = Requirement.objects.filter(asked).values("version")
    return pending(user).filter(version__in=asking)


def by_relevance(rows: CycleQuerySet) -> CycleQuerySet:
    """What is still to be done first, the earliest date first; then what can be renewed; then what
    is valid, the first to end first; then the rest."""
    waits = Q(completed_on=None, exempted_at=None, revoked_at=None, assignment__ended_at=None)
    days = cycle_states.todays()
    to_renew = cycle_states.where(S.RENEWABLE, days) | cycle_states.where(S.IN_GRACE, days)
    rank = Case(
        When(waits, then=Value(0)),
        When(to_renew, then=Value(1)),
        When(cycle_states.where(S.CERTIFIED, days), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    until = Case(When(waits, then=F("due_on")), default=F("valid_until"))
    return rows.order_by(rank, until.asc(nulls_last=True), "-assignment__assigned_at", "-pk")


def most_relevant(rows: Iterable[Cycle]) -> list[Cycle]:
    """Put the same first of what was fetched already, in no query."""
    return sorted(rows, key=_relevance)


def _relevance(cycle: Cycle) -> tuple[int, date, float, int]:
    state = states.state_of(cycle)
    ranks = {
        **dict.fromkeys(cycle_states.PENDING, 0),
        S.RENEWABLE: 1,
        S.IN_GRACE: 1,
        S.CERTIFIED: 2,
    }
    until = cycle.due_on if state in cycle_states.PENDING else cycle.valid_until
    newest = -cycle.assignment.assigned_at.timestamp()
    return ranks.get(state, 3), until or date.max, newest, -cycle.pk


def listed(user: User, wanted: Mapping[str, str]) -> CycleQuerySet:
    """Return the cycles of a list with these filters."""
    rows = mine(user)
    if wanted.get("mode") == PENDING:
        rows = rows.pending()
    if text := wanted.get("text"):
        title = "assignment__certification__title"
        rows = rows.filter(
            Q(**{f"{title}_nl__icontains": text}) | Q(**{f"{title}_en__icontains": text})
        )
    if state := wanted.get("state"):
        rows = rows.in_state(state)
    if kind := wanted.get("kind"):
        rows = rows.filter(assignment__certification__kind=kind)
    if wanted.get("sort") == PUBLISHED:
        return rows.order_by("-assignment__certification__published_at", "-pk")
    if wanted.get("sort") == TITLE:
        return rows.order_by("assignment__certification__title_nl", "-pk")
    return by_relevance(rows)


@dataclass(frozen=True)
class Shown:
    """Everything that the page of one certification shows."""

    certification: Certification
    version: CertificationVersion | None
    cycle: Cycle | None
    expected: Expected | None
    steps: list[Step]
    next: Step | None
    needed: int
    done: int
    certificate: Certificate | None
    evidence: Evidence | None
    history: list[Event]
    waits_for_answer: bool = False
    cycles: list[ShownCycle] = field(default_factory=list)

    @property
    def past_cycles(self) -> list[ShownCycle]:
        """The cycles as they are listed: none where there is one only and nothing recurs."""
        recurs = self.version is not None and self.version.is_recurring
        return self.cycles if recurs or len(self.cycles) > 1 else []

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is expected any more, so that nothing is waited for either."""
        return self.cycle is not None and not self.cycle.is_open

    @property
    def renewed(self) -> Cycle | None:
        """The last cycle that was completed and ends, as long as it is asked again: its days say
        when one renews."""
        if self.cycle is None or not self.cycle.goes_on:
            return None
        ends = (r.cycle for r in self.cycles if r.cycle.valid_until and not r.cycle.revoked_at)
        return next(ends, None)

    @property
    def renews_on(self) -> bool:
        """Whether a renewal goes on from the old end, rather than from its own day."""
        return self.version is not None and self.version.anchor != Anchor.COMPLETION

    @property
    def line(self) -> TimeLine | None:
        """The days of that cycle, to be drawn."""
        return time_line(self.renewed, self.renewed.today) if self.renewed else None


def shown(user: User, pk: int) -> Shown | None:
    """Gather the page of a certification for this person, in seven queries at most, however many
    cycles there were; None where it is neither theirs nor to be chosen."""
    rows = cycles_in(user, pk)
    if not rows or rows[0].assignment.ended_at:
        offered = Certification.objects.choosable_by(user).select_related("organisation", "badge")
        if certification := offered.filter(pk=pk).first():
            return _to_choose(certification)
    return _of_cycles(rows) if rows else None


def _of_cycles(rows: Sequence[Cycle]) -> Shown:
    cycle = rows[0]
    facts = shown_cycles.facts_of(rows)
    is_asked = states.waits_for_answer(cycle)
    asked, done = facts.asked.get(cycle.version_id, ()), facts.done.get(cycle.pk, ())
    if is_asked:
        done = fulfilling.foreseen(cycle, asked)
    own = steps.steps_among(cycle, asked, done)
    certificates = sorted(chain(*facts.certificates.values()), key=lambda one: -one.pk)
    evidence = facts.evidence.get(cycle.pk, ())
    needed = whose_turn.needed_of(cycle)
    return Shown(
        certification=cycle.certification,
        version=cycle.version,
        cycle=cycle,
        expected=whose_turn.expected(cycle),
        steps=own,
        next=_next(cycle, own) if not is_asked else None,
        needed=needed,
        done=steps.number_done(needed, own),
        certificate=next((c for c in certificates if not c.revoked_at), None),
        evidence=evidence[0] if evidence else None,
        history=history.history_of(rows, facts),
        waits_for_answer=is_asked,
        cycles=shown_cycles.cycles_of(rows, facts),
    )


def _next(cycle: Cycle, own: Sequence[Step]) -> Step | None:
    """Return what can be begun next; nothing while a result is awaited that may be the last one."""
    begins = cycle.is_open and not cycle.awaited_at
    return next(iter(steps.newest_first(own)), None) if begins else None


def cycles_in(user: User, pk: int) -> list[Cycle]:
    """Return the cycles of somebody's last assignment of a certification, the last one first,
    after beginning what is due there, so that it makes no difference whether a job ran."""
    mine = Cycle.objects.for_user(user).filter(assignment__certification=pk)
    rows = cycle_counts.counted(mine).select_related("assignment__certification__badge")
    rows = rows.order_by("-assignment_id", "-number")
    found = list(rows)
    if any(renewing.may_be_due(row) for row in found) and renewing.begin_for(user):
        found = list(rows.all())
    for row in found:
        row.version.certification = row.certification
    return [row for row in found if row.assignment_id == found[0].assignment_id]


def _to_choose(certification: Certification) -> Shown:
    """The page of what somebody may still choose: what it would ask."""
    version = publication.version_for(certification)
    asked = fulfilling.requirements_of([version.pk])[version.pk] if version else []
    lines = [Step(one, None, None) for one in asked]
    number = fulfilling.needed(version, asked) if version else 0
    return Shown(certification, version, None, None, lines, None, number, 0, None, None, [])
