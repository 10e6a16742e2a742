"""Makes guessing codes hopeless: whoever tries many that do not exist has to wait.

Only unknown codes count, so that an employer may check as many certificates as they have; and when
the counters are away, a code is still one of 10¹⁸.
"""

from django.http import HttpRequest

from learners.limits import Limit, client_network

ALLOWED = 30
UNKNOWN_CODES = Limit("unknown-codes", allowed=ALLOWED, window=600)


def has_tried_too_often(request: HttpRequest) -> bool:
    """Whether this place asked for too many unknown codes, and has to wait."""
    return UNKNOWN_CODES.is_reached(client_network(request))


def count_unknown(request: HttpRequest) -> None:
    """Count one more unknown code from this place."""
    UNKNOWN_CODES.count(client_network(request))
