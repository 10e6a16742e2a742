"""What certificates hold of somebody: for themselves, and until it may be cleared."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from certifications.models import Certificate, CertificateState
from learners.models import User
from learners.pseudonyms import NAMELESS, clear_log


def export(user: User) -> Mapping[str, object]:
    """Return somebody's certificates, in plain values; what is held back has none yet."""
    fields = (
        *("number", "code", "kind", "language", "learner_name", "title", "details"),
        *("achieved_on", "valid_until", "created_at", "released_at"),
        *("suspended_at", "revoked_at", "file_sha256"),
    )
    return {"certificates": list(Certificate.objects.for_user(user).order_by("pk").values(*fields))}


def active_since(since: datetime) -> Q:
    """Keep people with a certificate that was made, achieved or ran out since then."""
    young = Q(created_at__gte=since) | Q(achieved_on__gte=since.date())
    found = Certificate.objects.active().filter(young | Q(valid_until__gte=since.date()))
    return Q(pk__in=found.values("learner"))


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Take the name from certificates that do not count any more, with their PDF.

    A valid one keeps it: whoever shows it must be able to prove it. The public page goes on to
    answer for both.
    """
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
