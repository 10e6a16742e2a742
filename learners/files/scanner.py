"""ClamAV's daemon, which is asked over its socket whether something harmful is in a file.

What is looked at travels to it in pieces (INSTREAM), so that memory does not grow with it and the
daemon may stand elsewhere. See docs/decisions/0044.
"""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
)
from django.conf import settings
from django.core.files import File

from learners.models import ScanState, WhyNotScanned

logger = logging.getLogger(__name__)

PORT = 3310
QUICK = 2  # seconds in which a daemon that is there answers
PATIENCE = 60  # seconds in which it says what it found, once it has all of a file
OLDEST = 7  # days: ClamAV's own signatures come once a day
_BUILT = "%a %b %d %H:%M:%S %Y"
# With `AlertExceedsMax` it says so of what it did not look into; without, it calls that clean.
_BEYOND_LIMITS = "Heuristics.Limits.Exceeded"


class ScannerAway(Exception):
    """The daemon does not answer."""


class SignaturesAreOld(Exception):
    """What the daemon knows of harmful files was last brought up to date more than a week ago."""


class ContentUnreadable(Exception):
    """The storage gave no more of a file; its cause says why."""


@dataclass(frozen=True)
class Verdict:
    """How a file stands, with what was found in it, or why it was not looked at."""

    state: ScanState
    said: str = ""


BROKEN_OFF = Verdict(ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF)
TOO_LARGE = Verdict(ScanState.NOT_SCANNED, WhyNotScanned.TOO_LARGE)


def is_configured() -> bool:
    """Whether there is a daemon to ask."""
    return bool(settings.CLAMAV_URL)


def ask() -> str:
    """Return which version and signatures it has. Raises `ScannerAway`."""
    try:
        return _daemon(QUICK).version()
    except (ClamdError, OSError) as error:
        raise ScannerAway(str(error)) from error


def check() -> None:
    """Raise `ScannerAway` or `SignaturesAreOld` where it does not do its work."""
    built = ask().split("/")[2:]  # 'ClamAV 1.4.6/27812/Mon Nov 30 09:25:40 2026', or its name alone
    with suppress(IndexError, ValueError):
        age = time.time() - time.mktime(time.strptime(built[0], _BUILT))
        if age > OLDEST * 24 * 3600:
            raise SignaturesAreOld(built[0])


def look(content: File) -> Verdict:
    """Have something looked at. Raises `ScannerAway`, and `ContentUnreadable`.

    What a daemon that goes on answering does not look at to its end is not scanned: it is larger
    than it takes, took it too long, or is something that it stumbles over.
    """
    try:
        told = _daemon(PATIENCE).instream(_Read(content))  # type: ignore[arg-type]
        if not told:
            raise ClamdError("it hung up")
    except BufferTooLongError:
        return TOO_LARGE
    except (ClamdError, OSError) as error:
        ask()
        logger.warning("the scanner broke off", exc_info=error)
        return BROKEN_OFF
    return _verdict(*told["stream"])


def _verdict(state: str, said: str | None) -> Verdict:
    if state == "OK":
        return Verdict(ScanState.CLEAN)
    if state == "FOUND" and not str(said).startswith(_BEYOND_LIMITS):
        return Verdict(ScanState.INFECTED, str(said))
    if state == "FOUND":
        return TOO_LARGE
    logger.warning("the scanner says: %s", said)
    return BROKEN_OFF


def _daemon(patience: int) -> ClamdNetworkSocket:
    parts = urlsplit(settings.CLAMAV_URL)
    if parts.scheme == "unix":
        return ClamdUnixSocket(parts.path, patience)
    return ClamdNetworkSocket(parts.hostname or "", parts.port or PORT, patience)


class _Read:
    """What is read to be sent on; where the storage refuses, the daemon is not to blame."""

    def __init__(self, content: File) -> None:
        self.content = content

    def read(self, size: int) -> bytes:
        try:
            read: bytes = self.content.read(size)
        except Exception as error:
            raise ContentUnreadable from error
        return read
