"""Looking for what is harmful in files: as they come in, again as signatures come, and what follows
where something is found.

Nothing waits for a scanner that is away: files stay not scanned, and are looked at when it is back.
An infected file is closed for everybody from that moment on, for good, and so is the same content
wherever else it is.
"""

import contextlib
import logging
import time
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from learners import audit
from learners.files import scanner
from learners.files.scanner import ScannerAway, Verdict
from learners.models import ScanState, StoredFile, User, WhyNotScanned
from learners.telling import notify

logger = logging.getLogger(__name__)

MOST = 1_000  # files of one look at what waits
CLAIM = 600  # seconds for which a file is one worker's, and let alone after it broke a scanner
FAILURES_IN_A_ROW = 3  # then it is not this file, but the storage
# What is new is known to be harmful within weeks; signatures for it are asked for each night.
YOUNG = timedelta(days=30)
A_NIGHT = timedelta(hours=20)


def scan(stored: StoredFile) -> ScanState:
    """Have a file looked at, note what was found, and return how it stands. Raises `ScannerAway`,
    and what the storage says that does not give it."""
    try:
        with stored.open() as content:
            verdict = scanner.look(content)
    except FileNotFoundError:
        verdict = Verdict(ScanState.NOT_SCANNED, WhyNotScanned.MISSING)
    return take(stored, verdict)


def look_at(content: File) -> Verdict | None:
    """Have what came in looked at while it is open, and leave it at its end; None where no scanner
    is there now, so that it waits to be scanned."""
    if not scanner.is_configured():
        return None
    try:
        scanner.ask()
        content.seek(0)
        return scanner.look(content)
    except ScannerAway:
        return None


def take(stored: StoredFile, verdict: Verdict) -> ScanState:
    """Note what a scanner said of a file, with what follows, and return how it stands."""
    if verdict.said:
        logger.warning("file %s: %s, %s", stored.pk, verdict.state, verdict.said)
    if verdict.state == ScanState.INFECTED:
        close(stored=stored, found=verdict.said)
    elif not _note(StoredFile.objects.safe().filter(pk=stored.pk), verdict):
        verdict = Verdict(ScanState.INFECTED)  # closed meanwhile, and it stays so
    stored.scan_state = verdict.state
    return verdict.state


def open_scanned(stored: StoredFile) -> File:
    """Open a file for work that reads it: at what nothing has looked yet, a scanner looks first,
    where there is one that answers. Raises `FileIsInfected`."""
    if scanner.is_configured() and stored.waits_for_scan:
        try:
            scanner.ask()
            scan(stored)
        except ScannerAway:
            logger.warning("file %s is read without being scanned", stored.pk, exc_info=True)
    return stored.open()


def scan_waiting(*, seconds: float) -> int:
    """Look at what no scanner has seen, the newest first, until nothing waits or the time is over;
    return how many it was."""
    return _look_at(StoredFile.objects.to_scan().order_by("-uploaded_at"), seconds)


def scan_again(*, seconds: float) -> int:
    """Look again at what was seen before, as signatures came since: each night at what is young, in
    a month at the rest; what was seen longest ago comes first."""
    now = timezone.now()
    is_young = Q(uploaded_at__gt=now - YOUNG, scanned_at__lt=now - A_NIGHT)
    due = StoredFile.objects.safe().filter(is_young | Q(scanned_at__lt=now - YOUNG), let_go_at=None)
    return _look_at(due.order_by("scanned_at"), seconds)


@transaction.atomic
def close(*, stored: StoredFile, found: str) -> list[StoredFile]:
    """Close a file for everybody, with all that have the same content, and tell whose they are and
    who looks after files. Return those that were not closed before: done twice, it is done once."""
    same = StoredFile.objects.safe().filter(sha256=stored.sha256).select_related("owner")
    rows = list(same.select_for_update(of=("self",)).order_by("pk"))
    _note(
        StoredFile.objects.filter(pk__in=[row.pk for row in rows]),
        Verdict(ScanState.INFECTED, found),
    )
    audit.record_all(action="learners.file_infected", on=rows, by=None, reason=found)
    _tell(rows)
    return rows


def _note(files: QuerySet[StoredFile], verdict: Verdict) -> int:
    longest = StoredFile._meta.get_field("scan_said").max_length
    said = verdict.said[:longest]
    return files.update(scan_state=verdict.state, scanned_at=timezone.now(), scan_said=said)


def _look_at(files: QuerySet[StoredFile], seconds: float) -> int:
    """Look at one after the other; a scanner that goes away is not asked about the others."""
    if not scanner.is_configured():
        return 0
    until = time.monotonic() + seconds
    looked = failed = 0
    ids = list(files.values_list("pk", flat=True)[:MOST])
    try:
        if ids:
            scanner.ask()
        for pk in ids:
            if time.monotonic() > until or failed >= FAILURES_IN_A_ROW:
                break
            is_done = _try_to_scan(files, pk)
            looked += is_done is True
            if is_done is not None:
                failed = 0 if is_done else failed + 1
    except ScannerAway:
        logger.warning("files wait: the scanner does not answer", exc_info=True)
    return looked


def _try_to_scan(files: QuerySet[StoredFile], pk: int) -> bool | None:
    """Return whether it was looked at; None where another worker has it, or had it just now."""
    if not _claim(pk) or not (stored := files.filter(pk=pk).first()):
        return None
    try:
        scan(stored)
    except ScannerAway:
        raise
    except Exception:
        logger.warning("file %s could not be scanned; it is tried again", pk, exc_info=True)
        return False
    _give_back(pk)
    return True


def _claim(pk: int) -> bool:
    """Keep two workers from one file. Without a cache both may look at it, which does no harm."""
    try:
        return cache.add(f"scan:{pk}", True, CLAIM)
    except Exception:
        return True


def _give_back(pk: int) -> None:
    with contextlib.suppress(Exception):
        cache.delete(f"scan:{pk}")


def _tell(closed: Sequence[StoredFile]) -> None:
    """Tell each owner of theirs, and who looks after files of all of them."""
    staff = ModelBackend().with_perm("learners.view_storedfile").filter(is_staff=True)
    looking_after = list(staff.order_by("pk").values_list("pk", flat=True))
    notify.tell(
        kind="learners/file_infected",
        messages=[
            _message(stored, pk, looking_after)
            for stored in closed
            for pk in dict.fromkeys([*looking_after, stored.owner_id])
            if pk is not None
        ],
    )


def _message(stored: StoredFile, user_id: int, looking_after: Collection[int]) -> notify.Message:
    owner: User | None = stored.owner
    page = reverse("admin:learners_storedfile_change", args=[stored.pk])
    return notify.Message(
        user_id=user_id,
        organisation_id=None,
        key=f"file_infected:{stored.pk}",
        params={
            "file": stored.name,
            "is_yours": stored.owner_id == user_id,
            "whose": owner.name if owner else "",
        },
        url=page if user_id in looking_after else "",
    )
