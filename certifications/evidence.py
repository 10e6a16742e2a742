"""Evidence of what was earned elsewhere: handed in, judged, and what follows.

Nothing is accepted without a file; only the file is asked of the learner, whoever judges fills in
the rest. No certificate is made in the institution's name: the public page says who issued it, and
who verified the evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.assigning import answering
from certifications.cycles import renewing, settling
from certifications.cycles.validity import dates_of
from certifications.models import (
    CertificationAssignment,
    Cycle,
    Evidence,
    EvidenceFile,
    EvidenceState,
)
from learners import audit
from learners.evidence import judging
from learners.evidence.judging import KINDS as KINDS
from learners.evidence.judging import MAX_SIZE as MAX_SIZE
from learners.evidence.judging import EvidenceRefused
from learners.evidence.judging import store as store
from learners.files import keeping
from learners.models import StoredFile, User
from learners.telling import notify

SUBMITTED = ("submitted_at", "submitted_on")
MOST_FILES = 10  # of one hand-in: a front, a back, and some pages


@dataclass(frozen=True)
class Facts:
    """What evidence says of itself, as far as it is known."""

    obtained_on: date | None = None
    ends_on: date | None = None
    issuer: str = ""
    number: str = ""


@transaction.atomic
def hand_in(*, cycle: Cycle, files: Sequence[StoredFile], by: User, facts: Facts) -> Evidence:
    """Hand in evidence for a cycle; that accepts the assignment, and tells who judges it.

    Raises `EvidenceRefused` without a file, or where nothing is expected.
    """
    locked = _locked(cycle.pk)
    if not locked.is_open or not locked.certification.is_external:
        raise EvidenceRefused(_("No proof is expected of you in this certification now."))
    if locked.submitted_at:
        raise EvidenceRefused(_("Your proof is being judged already."))
    if not files:
        raise EvidenceRefused(_("Choose the file that is your proof."))
    if locked.assignment.accepted_at is None:
        answering.accept(assignment=locked.assignment, by=by)
    made = Evidence.objects.create(cycle=locked, **vars(facts))
    for file in files:
        EvidenceFile.objects.create(evidence=made, file=keeping.claim(stored=file))
    locked.submitted_at = made.submitted_at
    locked.submitted_on = locked.organisation.day_of(made.submitted_at)
    locked.started_on = locked.started_on or locked.submitted_on
    locked.save(update_fields=[*SUBMITTED, "started_on"])
    audit.record(action="certifications.proof_handed_in", on=made, by=by)
    _tell_judges(made)
    return made


@transaction.atomic
def accept(*, evidence: Evidence, by: User, facts: Facts) -> Evidence:
    """Accept evidence: the cycle is completed on the day on which it was obtained, and valid until
    the earlier of the evidence's own end and what the certification says."""
    locked, cycle = _to_decide(evidence)
    if locked.state == EvidenceState.ACCEPTED:
        return locked
    judging.refuse_decided(locked)
    if not cycle.is_open:
        raise EvidenceRefused(_("Nothing is expected of this learner here any more."))
    judging.refuse_unread(locked.files)
    if facts.obtained_on is None or facts.obtained_on > cycle.today:
        raise EvidenceRefused(_("Say on which day it was obtained; that cannot lie ahead."))
    if why := settling.why_not_renewed(cycle, facts.obtained_on, facts.ends_on):
        raise EvidenceRefused(why)
    for name, value in vars(facts).items():
        setattr(locked, name, value)
    language = cycle.assignment.learner.language
    locked.issuer = facts.issuer or cycle.certification.issued_by
    locked.learner_name = cycle.assignment.learner.name
    locked.title = cycle.certification.title_in(language)
    _decide(locked, EvidenceState.ACCEPTED, by, "")
    before = settling.cycle_before(cycle)
    dates = dates_of(cycle.version, facts.obtained_on, before, evidence_ends_on=facts.ends_on)
    settling.write_dates(cycle, dates)
    cycle.submitted_at = cycle.submitted_on = None
    cycle.save(update_fields=[*settling.WRITTEN, *SUBMITTED])
    until = dates.valid_until.isoformat() if dates.valid_until else ""
    _tell_learner("proof_accepted", locked, valid_until=until)
    return locked


@transaction.atomic
def refuse(*, evidence: Evidence, by: User, reason: str) -> Evidence:
    """Refuse evidence, with a reason that the learner reads; they may try again."""
    locked, cycle = _to_decide(evidence)
    if locked.state == EvidenceState.REFUSED:
        return locked
    judging.refuse_decided(locked)
    _decide(locked, EvidenceState.REFUSED, by, judging.said_why(reason))
    cycle.submitted_at = cycle.submitted_on = None
    cycle.save(update_fields=SUBMITTED)
    _tell_learner("proof_refused", locked)
    return locked


@transaction.atomic
def revoke(*, cycle: Cycle, by: User, reason: str) -> Cycle:
    """Withdraw what accepted evidence gave; its public page says so."""
    locked = _locked(cycle.pk)
    if not reason.strip():
        raise EvidenceRefused(_("Say why."))
    if locked.revoked_at is None:
        renewing.begin_among([locked.assignment])
        locked.revoke(timezone.now())
        audit.record(action="certifications.cycle_revoked", on=locked, by=by, reason=reason)
        settling.settle([locked.pk])
        for one in Evidence.objects.accepted().filter(cycle=locked):
            one.cycle = locked
            _tell_learner("proof_revoked", one)
    return locked


def _locked(pk: int) -> Cycle:
    """Lock the assignment of a cycle, then the cycle, as everything does that changes it."""
    CertificationAssignment.objects.select_for_update(of=("self",)).get(cycles=pk)
    related = ("assignment__learner", "assignment__certification__organisation", "version")
    rows = Cycle.objects.select_related(*related).select_for_update(of=("self",))
    return rows.get(pk=pk)


def _to_decide(evidence: Evidence) -> tuple[Evidence, Cycle]:
    """Lock the cycle, then the evidence in it."""
    cycle = _locked(evidence.cycle_id)
    locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    locked.cycle = cycle
    return locked, cycle


def _decide(evidence: Evidence, state: EvidenceState, by: User, reason: str) -> None:
    judging.decide(
        evidence=evidence, state=state, by=by, reason=reason, action="certifications.proof"
    )


def _tell_judges(evidence: Evidence) -> None:
    """Tell whom the administrators named; they themselves find it in the inbox."""
    certification = evidence.cycle.certification
    notify.tell(
        kind="certifications/proof_waits",
        messages=[
            notify.Message(
                user_id=judge.pk,
                organisation_id=certification.organisation_id,
                key=f"proof_waits:{evidence.pk}",
                params={**_titles(evidence), "learner": evidence.cycle.assignment.learner.name},
                url=evidence.get_absolute_url(),
            )
            for judge in certification.judges()
        ],
    )


def _tell_learner(name: str, evidence: Evidence, **said: str) -> None:
    message = notify.Message(
        user_id=evidence.cycle.assignment.learner_id,
        organisation_id=evidence.cycle.certification.organisation_id,
        key=f"{name}:{evidence.pk}",
        params={**_titles(evidence), "reason": evidence.reason, **said},
        url=evidence.cycle.certification.get_absolute_url(),
    )
    notify.tell(kind=f"certifications/{name}", messages=[message])


def _titles(evidence: Evidence) -> dict[str, object]:
    certification = evidence.cycle.certification
    return {"title_nl": certification.title_nl, "title_en": certification.title_in("en")}
