"""Proofs that somebody judges, whatever they prove: their files, and the decision.

A certification earned elsewhere and force majeure share this room; what each means is in
`certifications/evidence.py` and `force_majeure.py`.
"""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import audit
from learners.files import file_kinds, uploads
from learners.models import JudgedProof, ProofState, StoredFile, User

KINDS = (file_kinds.PDF, *file_kinds.IMAGES)
MAX_SIZE = 20 * uploads.MEGABYTE


class ProofRefused(Exception):
    """This proof cannot be handed in or judged; the message says why, in the user's language."""


def store(*, files: Sequence[UploadedFile], by: User) -> list[StoredFile]:
    """Store the files of a proof, unclaimed until it is handed in."""
    return [uploads.store(upload=f, owner=by, kinds=KINDS, max_size=MAX_SIZE) for f in files]


def forget_files(*, held: QuerySet) -> None:
    """Take these files from their proofs, and let them go for good."""
    files = list(StoredFile.objects.filter(pk__in=held.values("file")))
    held.delete()
    uploads.let_go(files=files)


def refuse_decided(proof: JudgedProof) -> None:
    """Raise `ProofRefused` where somebody has decided already."""
    if not proof.waits:
        raise ProofRefused(_("Somebody has judged this proof already."))


def said_why(reason: str) -> str:
    """Return the reason of a refusal as it is kept; raises `ProofRefused` where there is none."""
    if not reason.strip():
        raise ProofRefused(_("Say why; the learner reads it."))
    return reason.strip()[:500]


def decide(
    *, proof: JudgedProof, state: ProofState, by: User, reason: str = "", action: str
) -> None:
    """Write the verdict of a proof that the caller locked, and who gave it."""
    proof.state, proof.reason = state, reason
    proof.decided_at, proof.decided_by = timezone.now(), by
    proof.save()
    audit.record(action=f"{action}_{state.value}", on=proof, by=by, reason=reason)
