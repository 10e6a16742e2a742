"""Proofs of what was earned elsewhere: handed in, judged, and what follows.

Nothing is accepted without a file; only the file is asked of the learner, whoever judges fills in
the rest. No certificate is made in the institution's name: the public page says who issued it, and
who verified the proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications import assigning, cycles
from certifications.models import Cycle, Evidence, EvidenceFile, EvidenceState
from certifications.states import waits_for_answer
from certifications.validity import dates_of
from learners import audit, file_kinds, notify, uploads
from learners.models import StoredFile, User

KINDS = (file_kinds.PDF, *file_kinds.IMAGES)
MAX_SIZE = 20 * uploads.MEGABYTE


class ProofRefused(Exception):
    """This proof cannot be handed in or judged; the message says why, in the user's language."""


@dataclass(frozen=True)
class Facts:
    """What a proof says of itself, as far as it is known."""

    obtained_on: date | None = None
    ends_on: date | None = None
    issuer: str = ""
    number: str = ""


def store(*, files: Sequence[UploadedFile], by: User) -> list[StoredFile]:
    """Store the files of a proof, unclaimed until it is handed in."""
    return [uploads.store(upload=f, owner=by, kinds=KINDS, max_size=MAX_SIZE) for f in files]


@transaction.atomic
def hand_in(*, cycle: Cycle, files: Sequence[StoredFile], by: User, facts: Facts) -> Evidence:
    """Hand in a proof for a round; that accepts the assignment, and tells who judges it.

    Raises `ProofRefused` without a file, or where nothing is expected.
    """
    locked = _locked(cycle.pk)
    if not locked.is_open or not locked.certification.is_external:
        raise ProofRefused(_("No proof is expected of you in this certification now."))
    if locked.submitted_at:
        raise ProofRefused(_("Your proof is being judged already."))
    if not files:
        raise ProofRefused(_("Choose the file that is your proof."))
    if waits_for_answer(locked):
        assigning.accept(assignment=locked.assignment, by=by)
    made = Evidence.objects.create(cycle=locked, **vars(facts))
    for file in files:
        EvidenceFile.objects.create(evidence=made, file=uploads.claim(stored=file))
    locked.submitted_at = made.submitted_at
    locked.started_on = locked.started_on or locked.today
    locked.save(update_fields=["submitted_at", "started_on"])
    audit.record(action="certifications.proof_handed_in", on=made, by=by)
    _tell_judges(made)
    return made


@transaction.atomic
def accept(*, evidence: Evidence, by: User, facts: Facts) -> Evidence:
    """Accept a proof: the round is completed on the day on which it was obtained, and valid until
    the earlier of the proof's own end and what the certification says."""
    locked, cycle = _to_decide(evidence)
    if locked.state == EvidenceState.ACCEPTED:
        return locked
    _refuse_decided(locked)
    if not locked.files.exists():
        raise ProofRefused(_("Nothing can be accepted without a file."))
    if facts.obtained_on is None or facts.obtained_on > cycle.today:
        raise ProofRefused(_("Say on which day it was obtained; that cannot lie ahead."))
    for name, value in vars(facts).items():
        setattr(locked, name, value)
    language = cycle.assignment.learner.language
    locked.issuer = facts.issuer or cycle.certification.issued_by
    locked.learner_name = cycle.assignment.learner.name
    locked.title = cycle.certification.title_in(language)
    _decide(locked, EvidenceState.ACCEPTED, by, "")
    dates = dates_of(
        cycle.version, facts.obtained_on, cycles.round_before(cycle), proof_ends_on=facts.ends_on
    )
    cycles.write_dates(cycle, dates)
    cycle.submitted_at = None
    cycle.save(update_fields=[*cycles.WRITTEN, "submitted_at"])
    _tell_learner("proof_accepted", locked)
    return locked


@transaction.atomic
def refuse(*, evidence: Evidence, by: User, reason: str) -> Evidence:
    """Refuse a proof, with a reason that the learner reads; they may try again."""
    locked, cycle = _to_decide(evidence)
    if locked.state == EvidenceState.REFUSED:
        return locked
    _refuse_decided(locked)
    if not reason.strip():
        raise ProofRefused(_("Say why; the learner reads it."))
    _decide(locked, EvidenceState.REFUSED, by, reason.strip()[:500])
    cycle.submitted_at = None
    cycle.save(update_fields=["submitted_at"])
    _tell_learner("proof_refused", locked)
    return locked


@transaction.atomic
def revoke(*, cycle: Cycle, by: User, reason: str) -> Cycle:
    """Withdraw what an accepted proof gave; its public page says so."""
    locked = _locked(cycle.pk)
    if not reason.strip():
        raise ProofRefused(_("Say why."))
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        audit.record(action="certifications.cycle_revoked", on=locked, by=by, reason=reason)
    return locked


def _locked(pk: int) -> Cycle:
    related = ("assignment__learner", "assignment__certification__organisation", "version")
    rows = Cycle.objects.select_related(*related).select_for_update(of=("self",))
    return rows.get(pk=pk)


def _to_decide(evidence: Evidence) -> tuple[Evidence, Cycle]:
    """Lock the round, then the proof in it."""
    cycle = _locked(evidence.cycle_id)
    locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    locked.cycle = cycle
    return locked, cycle


def _refuse_decided(evidence: Evidence) -> None:
    if evidence.state != EvidenceState.SUBMITTED:
        raise ProofRefused(_("Somebody has judged this proof already."))


def _decide(evidence: Evidence, state: EvidenceState, by: User, reason: str) -> None:
    evidence.state, evidence.reason = state, reason
    evidence.decided_at, evidence.decided_by = timezone.now(), by
    evidence.save()
    audit.record(action=f"certifications.proof_{state.value}", on=evidence, by=by, reason=reason)


def _tell_judges(evidence: Evidence) -> None:
    """Tell whom the administrators named; they themselves find it in the inbox."""
    certification = evidence.cycle.certification
    notify.tell(
        kind="certifications/proof_waits",
        messages=[
            notify.Message(
                user_id=judge.pk,
                key=f"proof_waits:{evidence.pk}",
                params={**_titles(evidence), "learner": evidence.cycle.assignment.learner.name},
                url=evidence.get_absolute_url(),
            )
            for judge in certification.approvers.filter(is_active=True)
        ],
    )


def _tell_learner(name: str, evidence: Evidence) -> None:
    message = notify.Message(
        user_id=evidence.cycle.assignment.learner_id,
        key=f"{name}:{evidence.pk}",
        params={**_titles(evidence), "reason": evidence.reason},
        url=evidence.cycle.certification.get_absolute_url(),
    )
    notify.tell(kind=f"certifications/{name}", messages=[message])


def _titles(evidence: Evidence) -> dict[str, object]:
    certification = evidence.cycle.certification
    return {"title_nl": certification.title_nl, "title_en": certification.title_in("en")}
