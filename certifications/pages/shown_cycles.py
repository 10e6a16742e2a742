"""The cycles of somebody in one certification: what fulfilled each, and why it stands so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from certifications.cycles import fulfilling, states
from certifications.models import (
    Certificate,
    Cycle,
    CycleState,
    Evidence,
    EvidenceFile,
    EvidenceState,
    Fulfilment,
    Requirement,
)
from certifications.pages import why


@dataclass(frozen=True)
class Facts:
    """What belongs to cycles: what each version asks, and of each cycle what fulfilled that, its
    evidence and its certificates, the last ones first."""

    asked: Mapping[int, Sequence[Requirement]]
    done: Mapping[int, Sequence[Fulfilment]]
    evidence: Mapping[int, Sequence[Evidence]]
    certificates: Mapping[int, Sequence[Certificate]]


@dataclass(frozen=True)
class ShownCycle:
    """One cycle as its history shows it."""

    cycle: Cycle
    state: CycleState
    done: Sequence[Fulfilment]
    certificate: Certificate | None
    evidence: Evidence | None
    reasons: Sequence[str]
    was_renewed: bool

    @property
    def is_over(self) -> bool:
        """Whether the cycle after it has taken its place."""
        return self.was_renewed


def facts_of(rows: Sequence[Cycle]) -> Facts:
    """Gather what belongs to these cycles, of one certification, in three queries: what is asked
    and done, or of an external one the evidence with its files; and the certificates."""
    certificates: dict[int, list[Certificate]] = defaultdict(list)
    given = Certificate.objects.filter(cycle__in=rows).select_related("organisation")
    for certificate in given.order_by("-pk"):
        certificates[certificate.cycle_id or 0].append(certificate)
    if rows and rows[0].certification.is_external:
        return Facts({}, {}, _evidence(rows), certificates)
    asked = fulfilling.requirements_of({row.version_id for row in rows})
    return Facts(asked, _done(rows), {}, certificates)


def _evidence(rows: Sequence[Cycle]) -> Mapping[int, Sequence[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    files = Prefetch("files", EvidenceFile.objects.select_related("file"))
    theirs = Evidence.objects.filter(cycle__in=rows).select_related("decided_by")
    for evidence in theirs.prefetch_related(files).order_by("-pk"):
        found[evidence.cycle_id].append(evidence)
    return found


def _done(rows: Sequence[Cycle]) -> Mapping[int, Sequence[Fulfilment]]:
    found: dict[int, list[Fulfilment]] = defaultdict(list)
    related = ("enrolment", "requirement__course", "requirement__programme")
    for one in Fulfilment.objects.filter(cycle__in=rows).select_related(*related):
        found[one.cycle_id].append(one)
    return found


def cycles_of(rows: Sequence[Cycle], facts: Facts) -> list[ShownCycle]:
    """Return the cycles of an assignment, the last one first as they come: no query."""
    found = []
    later: Cycle | None = None
    for row in rows:
        found.append(
            ShownCycle(
                cycle=row,
                state=states.state_of(row),
                done=facts.done.get(row.pk, ()),
                certificate=_certificate(facts.certificates.get(row.pk, ())),
                evidence=_accepted(row, facts),
                reasons=reasons_of(row, facts),
                was_renewed=later is not None and later.completed_on is not None,
            )
        )
        later = row
    return found


def reasons_of(cycle: Cycle, facts: Facts) -> list[str]:
    """Say why a cycle stands as it does: no query."""
    asked = fulfilling.asked_in(cycle, facts.asked.get(cycle.version_id, ()))
    return why.reasons(cycle, asked, facts.done.get(cycle.pk, ()), _accepted(cycle, facts))


def _certificate(given: Sequence[Certificate]) -> Certificate | None:
    """Return the certificate that stands, else the last one."""
    standing = (one for one in given if not one.revoked_at)
    return next(standing, given[0] if given else None)


def _accepted(cycle: Cycle, facts: Facts) -> Evidence | None:
    """Return the evidence of a cycle that was accepted."""
    evidence = facts.evidence.get(cycle.pk, ())
    return next((one for one in evidence if one.state == EvidenceState.ACCEPTED), None)
