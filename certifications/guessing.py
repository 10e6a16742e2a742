"""Makes guessing codes hopeless: whoever tries many that do not exist has to wait.

The counters live in the cache, which may vanish; then nobody waits, and a code is still one of
10¹⁸. Only unknown codes count, so that an employer may check as many certificates as they have.
"""

import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

logger = logging.getLogger(__name__)

ALLOWED = 30
WINDOW = 600  # seconds
IPV6_NETWORK = 64  # what one household or office has


def has_tried_too_often(request: HttpRequest) -> bool:
    """Whether this place asked for too many unknown codes, and has to wait."""
    try:
        return (cache.get(_key(request)) or 0) >= ALLOWED
    except Exception:  # whatever a cache that is away raises
        logger.warning("the cache is away: unknown codes are not counted")
        return False


def count_unknown(request: HttpRequest) -> None:
    """Count one more unknown code from this place."""
    key = _key(request)
    try:
        cache.add(key, 0, WINDOW)
        cache.incr(key)
    except Exception:  # away, or run out between the two
        logger.info("an unknown code was not counted")


def client_network(request: HttpRequest) -> str:
    """Return where a request comes from: an address, or for IPv6 the network that it is of."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:  # only what our own proxy added can be trusted: the last one
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False).network_address)


def _key(request: HttpRequest) -> str:
    return f"unknown-codes:{client_network(request)}"
