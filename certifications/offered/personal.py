"""What certificates hold of somebody: for themselves, and until it may be cleared."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F, Q

from certifications.models import (
    AssigningJob,
    AssigningLine,
    Certificate,
    CertificateState,
    CertificationAssignment,
    Cycle,
    Evidence,
    EvidenceFile,
)
from certifications.models.cycle_states import VALID
from learners.evidence import judging
from learners.files import keeping
from learners.hooks.personal import Personal
from learners.models import Organisation, User
from learners.models.importing import AT_WORK
from learners.pseudonyms import NAMELESS, clear_log, years_before


def export(user: User) -> Mapping[str, object]:
    """Return somebody's certificates, in plain values; what is held back has none yet."""
    fields = (
        *("number", "code", "kind", "language", "learner_name", "title", "details"),
        *("achieved_on", "valid_until", "created_at", "released_at"),
        *("suspended_at", "revoked_at", "file_sha256"),
    )
    return {
        "certificates": list(Certificate.objects.for_user(user).order_by("pk").values(*fields)),
        "certifications": _cycles_of(user),
        "proofs": _evidence_of(user),
    }


def _cycles_of(user: User) -> list[dict[str, object]]:
    """Return what somebody was to earn, and how far they came."""
    fields = (
        *("number", "begins_on", "due_on", "started_on", "completed_on", "valid_from"),
        *("valid_until", "awaited_at", "exempted_at", "exempted_because", "revoked_at"),
    )
    return list(
        Cycle.objects.for_user(user)
        .order_by("pk")
        .values(
            *fields,
            certification=F("assignment__certification__title_nl"),
            mode=F("assignment__mode"),
            accepted_at=F("assignment__accepted_at"),
            ended_as=F("assignment__ended_as"),
            ended_because=F("assignment__ended_because"),
        )
    )


def _evidence_of(user: User) -> list[dict[str, object]]:
    fields = (
        *("state", "submitted_at", "obtained_on", "ends_on", "issuer", "number"),
        *("decided_at", "reason", "code"),
    )
    mine = Evidence.objects.filter(cycle__assignment__learner=user).order_by("pk")
    names: dict[int, list[str]] = {}
    files = EvidenceFile.objects.filter(evidence__in=mine.order_by()).order_by("pk")
    for evidence, name in files.values_list("evidence", "file__name"):
        names.setdefault(evidence, []).append(name)
    rows = mine.values("pk", *fields, certification=F("cycle__assignment__certification__title_nl"))
    return [row | {"files": names.get(row.pop("pk"), [])} for row in rows]


def active_since(since: datetime) -> Q:
    """Keep people with a certificate that was made, achieved or ran out since then."""
    young = Q(created_at__gte=since) | Q(achieved_on__gte=since.date())
    found = Certificate.objects.active().filter(young | Q(valid_until__gte=since.date()))
    assigned = CertificationAssignment.objects.filter(assigned_at__gte=since)
    handed_in = Evidence.objects.filter(submitted_at__gte=since)
    valid = Cycle.objects.filter(valid_until__gte=since.date())
    return (
        Q(pk__in=found.values("learner"))
        | Q(pk__in=assigned.values("learner"))
        | Q(pk__in=handed_in.values("cycle__assignment__learner"))
        | Q(pk__in=valid.values("assignment__learner"))
    )


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Take the name from certificates that do not count any more, with their PDF.

    A valid one keeps it: whoever shows it must be able to prove it. The public page goes on to
    answer for both.
    """
    _forget_evidence(ids)
    theirs = Certificate.objects.filter(learner__in=ids)
    counting = theirs.in_state(CertificateState.VALID) | theirs.in_state(CertificateState.SUSPENDED)
    over = theirs.exclude(pk__in=list(counting.values_list("pk", flat=True)))
    keys = list(over.values_list("pk", flat=True))
    files = [name for name in over.values_list("file", flat=True) if name]
    rows = Certificate.objects.filter(pk__in=keys)
    rows.exclude(revoked_because="").update(revoked_because=NAMELESS)
    rows.update(learner_name="", file="", file_sha256="", rendered_at=None)
    clear_log("certifications.certificate", keys)
    storage = Certificate.file.field.storage
    for name in files:
        transaction.on_commit(partial(storage.delete, name))


def _forget_evidence(ids: Collection[int]) -> None:
    """Delete the files of evidence, and take the name from what does not count any more; what
    people wrote about somebody goes as well."""
    theirs = Evidence.objects.filter(cycle__assignment__learner__in=ids)
    valid = Cycle.objects.filter(assignment__learner__in=ids)
    counting = valid.in_state(VALID[0]) | valid.in_state(VALID[1])
    over = theirs.exclude(cycle__in=list(counting.values_list("pk", flat=True)))
    judging.forget_files(held=EvidenceFile.objects.filter(evidence__in=theirs))
    over.exclude(learner_name="").update(learner_name=NAMELESS, number="")
    theirs.exclude(reason="").update(reason=NAMELESS)
    Cycle.objects.filter(assignment__learner__in=ids).exclude(exempted_because="").update(
        exempted_because=NAMELESS
    )
    assignments = CertificationAssignment.objects.filter(learner__in=ids)
    assignments.exclude(ended_because="").update(ended_because=NAMELESS)
    AssigningLine.objects.filter(learner__in=ids).delete()
    clear_log("certifications.certificationassignment", assignments.values("pk"))
    clear_log("certifications.cycle", valid.values("pk"))
    clear_log("certifications.evidence", theirs.values("pk"))


def forget(organisation: Organisation, now: datetime) -> None:
    """Delete the files of people that are older than the institution keeps personal data."""
    forget_files(organisation, before=years_before(now, organisation.personal_data_kept_years))


def forget_files(organisation: Organisation, *, before: datetime) -> int:
    """Delete files of people to whom an institution assigned something before this, and what they
    asked for; return how many there were. Who was assigned what stays."""
    old = AssigningJob.objects.filter(
        certification__organisation=organisation, created_at__lt=before, file__isnull=False
    )
    gone = old.exclude(state__in=AT_WORK).select_related("file")
    files = [job.file for job in gone if job.file]
    AssigningJob.objects.filter(file__in=files).delete()
    keeping.let_go(files=files)
    return len(files)


PERSONAL = Personal(
    export=export, active_since=active_since, pseudonymise=pseudonymise, forget=forget
)
