"""A learner's certifications: the list with its modes, order and filters, and each one's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from certifications import defining, expecting, fulfilling, states, steps
from certifications.expecting import Expected
from certifications.models import (
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
    Evidence,
    EvidenceState,
    Fulfilment,
    Requirement,
)
from certifications.models.cycle import AssignmentEnd, CycleQuerySet
from certifications.states import CycleState
from certifications.steps import Step
from learners.counting import number_of
from learners.models import User

S = CycleState
PENDING, ALL = "pending", "all"
RELEVANCE, PUBLISHED, TITLE = "", "published", "title"


def mine(user: User) -> CycleQuerySet:
    """Keep the round of each certification that concerns this person now, with its numbers."""
    return numbered(Cycle.objects.for_user(user).newest())


def numbered(rows: CycleQuerySet) -> CycleQuerySet:
    """Fetch with each round what its sentence is made of: how much is asked, and done."""
    mandatory = Q(is_mandatory=True)
    return rows.select_related(
        "assignment__certification__organisation", "assignment__learner", "version"
    ).annotate(
        asked=_number(Requirement, "version", "version_id"),
        mandatory=_number(Requirement, "version", "version_id", mandatory),
        done=number_of(Fulfilment, "cycle"),
    )


def _number(model: type, key: str, outer: str, only: Q | None = None) -> Combinable:
    """Count rows of another table that share a key with the row at hand."""
    rows = model._default_manager.filter(only or Q(), **{key: OuterRef(outer)})  # type: ignore[attr-defined]
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def pending(user: User) -> CycleQuerySet:
    """Keep what waits for this person or for who judges their proof, the most relevant first."""
    due_first = F("due_on").asc(nulls_last=True)
    return mine(user).pending().order_by(due_first, "-assignment__assigned_at", "-pk")


def by_relevance(rows: CycleQuerySet) -> CycleQuerySet:
    """What is still to be done first, the earliest date first; then what can be renewed; then what
    is valid, the first to end first; then the rest."""
    waits = Q(completed_on=None, exempted_at=None, revoked_at=None, assignment__ended_at=None)
    days = states.todays()
    to_renew = states.where(S.RENEWABLE, days) | states.where(S.IN_GRACE, days)
    rank = Case(
        When(waits, then=Value(0)),
        When(to_renew, then=Value(1)),
        When(states.where(S.CERTIFIED, days), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    until = Case(When(waits, then=F("due_on")), default=F("valid_until"))
    return rows.order_by(rank, until.asc(nulls_last=True), "-assignment__assigned_at", "-pk")


def listed(user: User, wanted: Mapping[str, str]) -> CycleQuerySet:
    """Return the rounds of a list with these filters."""
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
class Event:
    """Something that happened in a certification, for its history."""

    at: datetime | date
    icon: str
    text: str
    reason: str = ""


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
    proof: Evidence | None
    history: list[Event]
    waits_for_answer: bool = False


def shown(user: User, certification: Certification) -> Shown:
    """Gather the page of a certification for this person, who may not be in it yet."""
    rows = mine(user).filter(assignment__certification=certification)
    cycle = rows.order_by("-assignment_id", "-number").first()
    if cycle is None or (cycle.assignment.ended_at and _can_choose(user, certification)):
        return _to_choose(certification)
    own = steps.steps_of(cycle)
    certificates = list(
        Certificate.objects.filter(cycle__assignment=cycle.assignment_id, learner=user)
        .select_related("organisation")
        .order_by("-pk")
    )
    proofs = list(cycle.evidence.prefetch_related("files__file").order_by("-pk"))
    needed = expecting.needed_of(cycle)
    return Shown(
        certification=certification,
        version=cycle.version,
        cycle=cycle,
        expected=expecting.expected(cycle),
        steps=own,
        next=next(iter(steps.newest_first(own)), None) if cycle.is_open else None,
        needed=needed,
        done=min(needed, sum(step.is_done for step in own)),
        certificate=next((c for c in certificates if not c.revoked_at), None),
        proof=proofs[0] if proofs else None,
        history=history_of(cycle, certificates, proofs),
        waits_for_answer=states.waits_for_answer(cycle),
    )


def _can_choose(user: User, certification: Certification) -> bool:
    return Certification.objects.choosable_by(user).filter(pk=certification.pk).exists()


def _to_choose(certification: Certification) -> Shown:
    """The page of what somebody may still choose: what it would ask."""
    version = defining.version_for(certification)
    asked = fulfilling.requirements_of([version.pk])[version.pk] if version else []
    lines = [Step(one, None, None) for one in asked]
    number = fulfilling.needed(version, asked) if version else 0
    return Shown(certification, version, None, None, lines, None, number, 0, None, None, [])


def history_of(
    cycle: Cycle, certificates: list[Certificate], proofs: list[Evidence]
) -> list[Event]:
    """Return what happened, the last first."""
    return sorted(_events(cycle, certificates, proofs), key=_moment, reverse=True)


def _moment(event: Event) -> tuple[date, time]:
    """Days without an hour come before what happened on them."""
    if isinstance(event.at, datetime):
        return event.at.date(), event.at.timetz().replace(tzinfo=None)
    return event.at, time.min


def _events(cycle: Cycle, certificates: list[Certificate], proofs: list[Evidence]) -> list[Event]:
    assignment = cycle.assignment
    made_by_oneself = assignment.by_id == assignment.learner_id
    found = [
        Event(
            assignment.assigned_at,
            "bookmark-plus",
            _("You chose it") if made_by_oneself else _("It was assigned to you"),
        )
    ]
    if assignment.accepted_at and not made_by_oneself:
        found.append(Event(assignment.accepted_at, "hand-thumbs-up", _("You accepted it")))
    if cycle.started_on:
        found.append(Event(cycle.started_on, "play-circle", _("You started")))
    for proof in proofs:
        found += _of_proof(proof)
    if cycle.completed_on:
        found.append(Event(cycle.completed_on, "check-circle-fill", _("You completed it")))
    for certificate in certificates:
        number = {"number": certificate.number}
        found.append(
            Event(certificate.created_at, "award", _("Certificate %(number)s was issued") % number)
        )
        if certificate.revoked_at:
            text = _("Certificate %(number)s was withdrawn") % number
            because = certificate.revoked_because
            found.append(Event(certificate.revoked_at, "x-octagon", text, because))
    if assignment.ended_at:
        text = _("It was taken back")
        if assignment.ended_as == AssignmentEnd.DECLINED:
            text = _("You declined it")
        found.append(Event(assignment.ended_at, "slash-circle", text, assignment.ended_because))
    return found


def _of_proof(proof: Evidence) -> list[Event]:
    found = [Event(proof.submitted_at, "upload", _("You handed in a proof"))]
    if proof.decided_at and proof.state == EvidenceState.ACCEPTED:
        found.append(Event(proof.decided_at, "patch-check-fill", _("Your proof was accepted")))
    elif proof.decided_at:
        text = _("Your proof was refused")
        found.append(Event(proof.decided_at, "x-circle", text, proof.reason))
    return found
