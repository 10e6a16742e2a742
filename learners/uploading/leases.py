"""Who is at work on an upload: one at a time, by conditional updates, and never for longer than it
shows life."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import QuerySet
from django.utils import timezone

from learners.models import Upload, UploadState

LASTS = timedelta(seconds=30)
LOOKED_AT = timedelta(minutes=2)  # that one look may take which shows no life, as that of a scanner
RENEWED_AFTER = timedelta(seconds=10)


class Busy(Exception):
    """Somebody else is at work on it, in another window or before a connection broke."""


class LeaseLost(Busy):
    """It showed no life for so long that another took it over, or it was taken away meanwhile."""


class WrongOffset(Exception):
    """The bytes that were sent do not follow on those that are there."""


class Lease:
    """The right to add to an upload. Who holds one writes only while it lasts."""

    def __init__(self, upload: Upload, token: str) -> None:
        self.upload = upload
        self.token = token
        self._renewed = timezone.now()

    @classmethod
    def take(
        cls, upload: Upload, *, at: int, state: UploadState = UploadState.RECEIVING
    ) -> "Lease":
        """Take the lease of an upload of which `at` bytes are there; raises `Busy` while another
        holds it, and `WrongOffset` where other bytes come next, or none."""
        token = secrets.token_urlsafe(24)
        rows = Upload.objects.filter(pk=upload.pk, offset=at, state=state)
        if not rows.free().update(lease=token, leased_until=_until()):
            if rows.exists():
                raise Busy
            raise WrongOffset
        return cls(read_anew(upload), token)

    @classmethod
    def seize(cls, upload: Upload, *, among: QuerySet[Upload]) -> "Lease":
        """Take the lease of an upload from whoever has it, who does nothing more; raises
        `LeaseLost` where it is not among these any more."""
        token = secrets.token_urlsafe(24)
        if not among.filter(pk=upload.pk).update(lease=token, leased_until=_until()):
            raise LeaseLost
        return cls(read_anew(upload), token)

    def advance(self, offset: int) -> None:
        """Count the bytes up to here as there, all of them once they are; raises `LeaseLost`."""
        upload, was = self.upload, self.upload.offset
        upload.offset = offset
        if offset == upload.size:
            upload.state = UploadState.RECEIVED
        now = timezone.now()
        self._update(was, {"offset": offset, "state": upload.state, "active_at": now})

    def go_back(self, offset: int) -> None:
        """Count fewer bytes as there: the storage lost the others."""
        was, self.upload.offset = self.upload.offset, offset
        self._update(was, {"offset": offset, "multipart": self.upload.multipart})

    def refuse(self, words: str) -> None:
        """Note why the file cannot be used; raises `LeaseLost`."""
        upload = self.upload
        upload.state, upload.problem = UploadState.REFUSED, words
        self._update(upload.offset, {"state": upload.state, "problem": words})

    def living(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield pieces, each only while the lease lasts: a piece may be long in coming."""
        for piece in pieces:
            if timezone.now() - self._renewed > RENEWED_AFTER:
                self.renew()
            yield piece

    def renew(self, lasts: timedelta = LASTS) -> None:
        """Show life; raises `LeaseLost`."""
        self._update(self.upload.offset, lasts=lasts)

    def release(self) -> None:
        """Let others at it at once."""
        mine = Upload.objects.filter(pk=self.upload.pk, lease=self.token)
        mine.update(lease="", leased_until=None)

    def _update(
        self,
        offset: int,
        values: Mapping[str, object] = MappingProxyType({}),
        lasts: timedelta = LASTS,
    ) -> None:
        mine = Upload.objects.filter(pk=self.upload.pk, lease=self.token, offset=offset)
        if not mine.update(leased_until=_until(lasts), **values):
            raise LeaseLost
        self._renewed = timezone.now()


def read_anew(upload: Upload) -> Upload:
    """Return an upload as it is now; raises `LeaseLost` where it is gone."""
    try:
        upload.refresh_from_db()
    except Upload.DoesNotExist:
        raise LeaseLost from None
    return upload


def _until(lasts: timedelta = LASTS) -> datetime:
    return timezone.now() + lasts
