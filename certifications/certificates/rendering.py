"""Makes the PDFs that are missing: one by one, each claimed first, and never twice for a reader.

A worker may be killed at any point. Before the row is written the file has a name that nobody
knows; after that it is final. A claim runs out by itself, later with each attempt, so that a
storage that refuses, or a certificate that brings a worker down, is tried again ever more rarely.
No picture stands in the way: one that cannot be drawn is left out.
"""

import contextlib
import hashlib
import logging
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from certifications.certificates import news, pdf
from certifications.certificates.sheet import sheet_of
from certifications.models import Certificate, certificate_key
from learners import audit
from learners.files import pictures
from learners.models import StoredFile, User

logger = logging.getLogger(__name__)

BATCH = 50
FIRST_CLAIM = timedelta(seconds=30)
MOST_DOUBLINGS = 7  # an hour and four minutes
FAILURES_IN_A_ROW = 3  # then it is not this certificate, but the storage
PATIENCE = 5  # attempts, a quarter of an hour: a storage that is away gives the picture later


def render_waiting(*, seconds: float) -> int:
    """Make what is missing until nothing is, or the time is over; return how many were made."""
    until = time.monotonic() + seconds
    made = failed = 0
    while ids := _next_ids():
        for pk in ids:
            if time.monotonic() > until or failed >= FAILURES_IN_A_ROW:
                return made
            is_made = _try_to_render(pk)
            made += is_made is True
            if is_made is not None:
                failed = 0 if is_made else failed + 1
        pdf.press().clean()
    return made


@transaction.atomic
def try_again_now(*, certificates: QuerySet[Certificate], by: User) -> int:
    """Let those whose PDF is missing be tried at the next sweep; return how many there were."""
    missing = certificates.filter(rendered_at=None, revoked_at=None)
    rows = list(missing.select_for_update(of=("self",)).order_by("pk"))
    ids = [row.pk for row in rows]
    Certificate.objects.filter(pk__in=ids).update(render_due_at=timezone.now(), render_attempts=0)
    audit.record_all(action="certifications.render_again", on=rows, by=by)
    return len(rows)


def _next_ids() -> list[int]:
    """Newest first, so that who waits at a page is not behind a thousand of an import; what was
    tried before comes after what was not."""
    waiting = Certificate.objects.to_render(timezone.now()).order_by("render_attempts", "-pk")
    return list(waiting.values_list("pk", flat=True)[:BATCH])


def _try_to_render(pk: int) -> bool | None:
    """Return whether it was made; None where another worker was first, or where it waits for a
    picture that the storage refused a moment ago."""
    if not claim(pk, timezone.now()):
        return None
    try:
        return render(pk)
    except pdf.StillRefused:
        return None
    except Exception:
        logger.exception("certificate %s could not be made; it is tried again", pk)
        return False


def claim(pk: int, now: datetime) -> bool:
    """Take one to make, for as long as a claim lasts; False where somebody else has it."""
    waiting = Certificate.objects.to_render(now).filter(pk=pk)
    attempts = waiting.values_list("render_attempts", flat=True).first()
    if attempts is None:
        return False
    until = now + FIRST_CLAIM * 2 ** min(attempts, MOST_DOUBLINGS)
    return bool(waiting.update(render_due_at=until, render_attempts=F("render_attempts") + 1))


def render(pk: int) -> bool | None:
    """Print a certificate, store the file, then say so on its row; None where another's is final.

    Nothing of it is in a transaction: printing and storing are slow.
    """
    related = ("organisation__logo", "cycle__assignment__certification__badge")
    certificate = Certificate.objects.select_related(
        *related, "cycle__assignment__certification__organisation"
    ).get(pk=pk)
    given = _pictures_of(certificate)
    left_out = [one for one in given if not _is_taken_up(one, certificate.render_attempts)]
    content = pdf.press().print(sheet_of(certificate, without=left_out))
    storage = certificate.file.storage
    name = storage.save(certificate_key(certificate, ""), ContentFile(content))
    if left_out:
        is_first = _finish_without(left_out, certificate, name, content)
    else:
        is_first = _finish(certificate, name, content)
    if not is_first:
        storage.delete(name)
        return None
    if certificate.render_attempts > 1:
        _tidy(certificate, name)
    return True


def _pictures_of(certificate: Certificate) -> list[StoredFile]:
    """Return the logo and the badge that were uploaded, where they were."""
    badge = certificate.cycle.certification.badge if certificate.cycle else None
    return [picture for picture in (certificate.organisation.logo, badge) if picture]


def _is_taken_up(picture: StoredFile, attempts: int) -> bool:
    """Whether a picture can be printed; raises what the storage says that may give it later.

    What it refuses each time is left out as well: where the storage takes the certificate, it is
    not away, and where it is, nothing is made.
    """
    try:
        pdf.press().take_up(picture)
    except pictures.PictureBroken as broken:
        logger.warning("file %s is left out of certificates: %s", picture.pk, broken)
        return False
    except Exception:
        if attempts <= PATIENCE:
            raise
        logger.warning("file %s was refused too often", picture.pk, exc_info=True)
        return False
    return True


def _finish(certificate: Certificate, name: str, content: bytes) -> bool:
    """Say on its row which file is the certificate; False where another's is final."""
    unfinished = Certificate.objects.unrendered().filter(pk=certificate.pk)
    return bool(
        unfinished.update(
            file=name,
            file_sha256=hashlib.sha256(content).hexdigest(),
            rendered_at=timezone.now(),
        )
    )


@transaction.atomic
def _finish_without(
    left_out: Collection[StoredFile], certificate: Certificate, name: str, content: bytes
) -> bool:
    """Say so too of a certificate on which a picture lacks, and tell who can mend that."""
    if not _finish(certificate, name, content):
        return False
    names = ", ".join(picture.name for picture in left_out)
    action = "certifications.printed_without_picture"
    audit.record(action=action, on=certificate, by=None, reason=names)
    news.tell_left_out(certificate, left_out)
    return True


def _tidy(certificate: Certificate, kept: str) -> None:
    """Delete what attempts that were killed have left; where that fails it does no harm."""
    storage = certificate.file.storage
    folder = PurePosixPath(kept).parent
    with contextlib.suppress(Exception):
        for name in storage.listdir(str(folder))[1]:
            if name != PurePosixPath(kept).name:
                storage.delete(str(folder / name))
