"""How far long work is, seen from outside its transaction: in the cache, which may vanish.

Without a cache the work goes on all the same; only nobody sees how far it is.
"""

import logging
import time
from dataclasses import dataclass

from django.core.cache import cache

logger = logging.getLogger(__name__)

KEPT = 3600  # seconds
PULSE = 60  # seconds without a sign after which the work counts as lost with its worker


@dataclass(frozen=True)
class Progress:
    """How many are done of how many, since when and as of when (both in seconds since 1970)."""

    done: int
    total: int
    began: float
    at: float

    @property
    def is_alive(self) -> bool:
        """Whether somebody worked on it just now."""
        return time.time() - self.at < PULSE

    @property
    def seconds_left(self) -> int | None:
        """Return how long the rest takes at the pace so far; None while that is a guess."""
        if not self.done or self.at - self.began < 1:
            return None
        return round((self.at - self.began) / self.done * max(0, self.total - self.done))


def report(*, key: str, done: int, total: int, began: float) -> None:
    """Let others see how far the work is."""
    try:
        cache.set(_cached(key), (done, total, began, time.time()), KEPT)
    except Exception:
        logger.warning("progress of %s cannot be shown", key, exc_info=True)


def read(key: str) -> Progress | None:
    """Return how far the work is; None where nobody knows."""
    try:
        found = cache.get(_cached(key))
    except Exception:
        return None
    return Progress(*found) if found else None


def forget(key: str) -> None:
    """Stop showing it."""
    try:
        cache.delete(_cached(key))
    except Exception:
        logger.warning("progress of %s cannot be cleared", key, exc_info=True)


def _cached(key: str) -> str:
    return f"progress:{key}"
