"""How often one place or one person may ask for something in a while.

The counters live in the cache, which may vanish; then nobody waits, as a lock that keeps everybody
out when a part is down would be worse than what it keeps out.
"""

import ipaddress
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

logger = logging.getLogger(__name__)

IPV6_NETWORK = 64  # what one household or office has
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds, counted from the first."""

    name: str
    allowed: int
    window: int

    def is_reached(self, who: str) -> bool:
        """Return whether somebody did it as often as they may."""
        try:
            return (cache.get(self._key(who)) or 0) >= self.allowed
        except Exception:  # whatever a cache that is away raises
            logger.warning("the cache is away: nobody waits for “%s”", self.name)
            return False

    def count(self, who: str) -> None:
        """Count that somebody did it once more."""
        key = self._key(who)
        try:
            cache.add(key, 0, self.window)
            cache.incr(key)
        except Exception:  # away, or run out between the two
            logger.info("“%s” was not counted", self.name)

    def takes(self, who: str) -> bool:
        """Count it, and return whether it was still allowed."""
        if self.is_reached(who):
            return False
        self.count(who)
        return True

    def _key(self, who: str) -> str:
        return f"{self.name}:{who}"


def client_address(request: HttpRequest) -> str | None:
    """Return the address that a request comes from; None where it is none."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:  # only what our own proxy added can be trusted: the last one
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def client_network(request: HttpRequest) -> str:
    """Return where a request comes from: an address, or for IPv6 the network that it is of."""
    found = ipaddress.ip_address(client_address(request) or "0.0.0.0")
    if found.is_unspecified:
        return UNKNOWN
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False).network_address)
