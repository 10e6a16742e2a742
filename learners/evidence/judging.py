"""Evidence that somebody judges, whatever it proves: its files, and the decision.

What it means is in `certifications/evidence.py`, of a certification earned elsewhere, and in
`learners/enrolling/force_majeure.py`, of why somebody withdrew too late.
"""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Manager, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import audit
from learners.files import file_kinds, keeping
from learners.models import EvidenceState, JudgedEvidence, StoredFile, User

KINDS = (file_kinds.PDF, *file_kinds.PHOTOS)
MAX_SIZE = 20 * keeping.MEGABYTE


class EvidenceRefused(Exception):
    """This evidence cannot be handed in or judged; the message says why, in the user's language."""


def store(*, files: Sequence[UploadedFile], by: User) -> list[StoredFile]:
    """Store the files of evidence, unclaimed until it is handed in."""
    return [keeping.store(upload=f, owner=by, kinds=KINDS, max_size=MAX_SIZE) for f in files]


def forget_files(*, held: QuerySet) -> None:
    """Take these files from what was handed in, and let them go for good."""
    files = list(StoredFile.objects.filter(pk__in=held.values("file")))
    held.delete()
    keeping.let_go(files=files)


def refuse_decided(evidence: JudgedEvidence) -> None:
    """Raise `EvidenceRefused` where somebody has decided already."""
    if not evidence.waits:
        raise EvidenceRefused(_("Somebody has judged this proof already."))


def refuse_unread(held: Manager | QuerySet) -> None:
    """Raise `EvidenceRefused` where nobody can have looked at what was handed in: there is no file,
    or something harmful was found in all of them."""
    files = StoredFile.objects.filter(pk__in=held.values("file"))
    if not files:
        raise EvidenceRefused(_("Nothing can be accepted without a file."))
    if all(stored.is_infected for stored in files):
        raise EvidenceRefused(
            _("Nobody can open what was handed in. Refuse the proof, and ask for a clean file.")
        )


def said_why(reason: str) -> str:
    """Return the reason of a refusal as it is kept; raises `EvidenceRefused` without one."""
    if not reason.strip():
        raise EvidenceRefused(_("Say why; the learner reads it."))
    return reason.strip()[:500]


def decide(
    *, evidence: JudgedEvidence, state: EvidenceState, by: User, reason: str = "", action: str
) -> None:
    """Write the verdict of evidence that the caller locked, and who gave it."""
    evidence.state, evidence.reason = state, reason
    evidence.decided_at, evidence.decided_by = timezone.now(), by
    evidence.save()
    audit.record(action=f"{action}_{state.value}", on=evidence, by=by, reason=reason)
